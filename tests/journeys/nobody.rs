//! Running the program as a user who may nothing.

use std::path::{Path, PathBuf};
use std::process::Command;

/// The user `nobody`.
pub const NOBODY: u32 = 65534;

/// The binary where everybody can run it: the build folder may lie where others cannot enter.
pub fn binary(folder: &Path) -> PathBuf {
    let copy = folder.join("countersign");
    std::fs::copy(crate::program(), &copy).expect("copied");
    copy
}

/// The binary as a user who may nothing; as ourselves when that is so already.
pub fn as_nobody(binary: &Path) -> Command {
    if !is_root() {
        return Command::new(binary);
    }
    let mut command = Command::new("setpriv");
    command.args(["--reuid", "65534", "--regid", "65534", "--clear-groups", "--inh-caps=-all", "--no-new-privs"]);
    command.arg(binary);
    command
}

/// Whether the tests run as root.
pub fn is_root() -> bool {
    rustix::process::geteuid().is_root()
}
