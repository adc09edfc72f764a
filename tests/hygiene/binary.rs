//! The release build.

use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::OnceLock;

/// Names another binary to look into, say a build of a branch that is being worked on.
const OTHER: &str = "COUNTERSIGN_HYGIENE_BINARY";

/// The program, as `cargo build --release` makes it; made here when it is missing or older than its sources.
pub fn program() -> &'static Path {
    static PROGRAM: OnceLock<PathBuf> = OnceLock::new();
    PROGRAM.get_or_init(|| std::env::var_os(OTHER).map_or_else(build, PathBuf::from))
}

fn build() -> PathBuf {
    let built = Command::new(env!("CARGO"))
        .args(["build", "--release", "--locked", "--quiet"])
        .current_dir(env!("CARGO_MANIFEST_DIR"))
        .status()
        .expect("cargo can be started");
    assert!(built.success(), "the release build failed: {built}");
    // The test build's binary lies beside, whatever folder builds go to.
    let folder = Path::new(env!("CARGO_BIN_EXE_countersign")).ancestors().nth(2).expect("a build folder");
    folder.join("release/countersign")
}
