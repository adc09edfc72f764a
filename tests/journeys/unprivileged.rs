//! Everything works without any privilege.

use std::os::unix::fs::chown;

use crate::estate::{QUICKSTART, TestEstate, ended};
use crate::nobody::{NOBODY, as_nobody, binary, is_root};

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
