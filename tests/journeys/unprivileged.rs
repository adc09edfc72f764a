//! Everything works without any privilege.

use std::os::unix::fs::chown;
use std::path::{Path, PathBuf};
use std::process::Command;

use crate::estate::{QUICKSTART, TestEstate, ended};

const NOBODY: u32 = 65534;

#[test]
fn a_user_without_privileges_installs_verifies_and_uninstalls() {
    let estate = TestEstate::new();
    let binary = binary(estate.folder());
    let run = |arguments: &[&str]| {
        let mut command = as_nobody(&binary);
        command.arg("--estate").arg(estate.path("")).args(arguments).current_dir(estate.folder());
        ended(&mut command)
    };
    if is_root() {
        chown(estate.folder(), Some(NOBODY), Some(NOBODY)).expect("given away");
    }
    let answers = estate.folder().join("answers.toml");
    std::fs::copy(QUICKSTART, &answers).expect("copied");
    let (https, client_auth) = estate.port_flags();
    let answers = answers.to_str().expect("UTF-8");
    let installed = run(&["install", "--yes", "--answers", answers, "--set", &https, "--set", &client_auth]);
    assert_eq!(installed.code, 0, "{installed:#?}");
    assert_eq!(run(&["verify"]).code, 0);
    assert_eq!(run(&["uninstall", "--yes"]).code, 0);
    assert!(!estate.path("").exists());
}

/// The binary where everybody can run it: the build folder may lie where others cannot enter.
fn binary(folder: &Path) -> PathBuf {
    let copy = folder.join("countersign");
    std::fs::copy(crate::program(), &copy).expect("copied");
    copy
}

/// The binary as a user who may nothing; as ourselves when that is so already.
fn as_nobody(binary: &Path) -> Command {
    if !is_root() {
        return Command::new(binary);
    }
    let mut command = Command::new("setpriv");
    command.args(["--reuid", "65534", "--regid", "65534", "--clear-groups", "--inh-caps=-all", "--no-new-privs"]);
    command.arg(binary);
    command
}

fn is_root() -> bool {
    rustix::process::geteuid().is_root()
}
