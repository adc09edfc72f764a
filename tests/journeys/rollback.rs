//! An installation that fails is put back; one that is killed is found, and put back on request.

use std::io::{BufRead, BufReader};
use std::process::{Command, Stdio};

use portable_pty::CommandBuilder;
use serde_json::json;

use crate::estate::{QUICKSTART, TestEstate};
use crate::terminal::Terminal;
use crate::walk::Screen;

/// What an estate's folder holds besides what a finished run keeps.
fn left(estate: &TestEstate) -> Vec<String> {
    let entries = std::fs::read_dir(estate.path("")).expect("the folder").filter_map(Result::ok);
    entries
        .map(|entry| entry.file_name().to_string_lossy().into_owned())
        .filter(|name| !["lock", "journal", "history.jsonl"].contains(&name.as_str()))
        .collect()
}

fn nothing_runs(estate: &TestEstate) {
    for port in [estate.https_port, estate.client_auth_port] {
        std::net::TcpListener::bind(("127.0.0.1", port)).expect("the port is free again");
    }
}

#[test]
fn a_registration_that_cannot_succeed_puts_everything_back() {
    let estate = TestEstate::new();
    // The authority comes up, but the engines look for it where it is not.
    let ended = estate.install_with(QUICKSTART.as_ref(), &["--set", "authority.host=nowhere.invalid", "--json"]);
    assert_eq!(ended.code, 1, "{ended:#?}");
    let outcome: serde_json::Value = serde_json::from_str(&ended.stdout).expect("an object");
    assert_eq!((&outcome["result"], &outcome["changed"]), (&json!("put back"), &json!(false)));
    assert!(outcome["reason"].as_str().is_some_and(|text| text.contains("nowhere.invalid")), "{outcome:#}");
    assert_eq!(left(&estate), [""; 0]);
    nothing_runs(&estate);
    assert_eq!(estate.install().code, 0, "the folder can be used again");
}

/// Starts a verb and kills it when it has written this many lines of progress.
fn killed_after(lines: usize, command: &mut Command) {
    let mut child = command.stderr(Stdio::piped()).stdout(Stdio::null()).spawn().expect("started");
    let mut progress = BufReader::new(child.stderr.take().expect("its output")).lines();
    let _ = progress.nth(lines - 1);
    child.kill().expect("killed");
    child.wait().expect("gone");
}

#[test]
fn a_killed_installation_is_found_and_rolled_back() {
    let estate = TestEstate::new();
    let (https, client_auth) = estate.port_flags();
    let mut install = estate.command();
    install.args(["install", "--yes", "--answers", QUICKSTART, "--set", &https, "--set", &client_auth]);
    // The authority runs, files are being laid down.
    killed_after(9, &mut install);

    let refused = estate.install();
    assert_eq!(refused.code, 8, "{refused:#?}");
    assert!(refused.stderr.contains("countersign rollback"), "{}", refused.stderr);
    let ended = estate.run(&["rollback"]);
    assert_eq!(ended.code, 0, "{ended:#?}");
    assert_eq!(left(&estate), [""; 0]);
    nothing_runs(&estate);
    assert_eq!(estate.run(&["rollback"]).code, 0, "nothing more to do");
    assert_eq!(estate.install().code, 0, "the folder can be used again");
}

#[test]
fn an_installation_ended_by_ctrl_c_is_rolled_back_and_what_it_had_started_is_done_first() {
    let estate = TestEstate::new();
    let (https, client_auth) = estate.port_flags();
    let mut install = CommandBuilder::new(crate::program());
    install.args(["--estate", estate.path("").to_str().expect("UTF-8"), "install", "--yes", "--answers", QUICKSTART]);
    install.args(["--set", &https, "--set", &client_auth]);
    let mut terminal = Terminal::start(install, 24, 80);
    terminal.see("[ 1/21]");
    // PassPort is being started by a command that this is not for.
    terminal.press("\u{3}");
    assert_ne!(terminal.end(), 0);
    assert_eq!(estate.install().code, 8);
    let ended = estate.run(&["rollback"]);
    assert_eq!(ended.code, 0, "{ended:#?}");
    assert_eq!(left(&estate), [""; 0]);
    nothing_runs(&estate);
}

#[test]
fn a_killed_removal_is_found_and_the_estate_comes_back_whole() {
    for lines in [1, 4] {
        let estate = TestEstate::installed();
        killed_after(lines, estate.command().args(["uninstall", "--yes"]));
        for verb in ["start", "status"] {
            let ended = estate.run(&[verb]);
            assert_eq!(ended.code, 8, "{ended:#?}");
        }
        assert_eq!(estate.run(&["rollback"]).code, 0);
        let (code, verify) = estate.json(&["verify"]);
        assert_eq!((code, &verify["ok"]), (0, &json!(true)), "{verify:#}");
        assert_eq!(estate.json(&["check"]).1["aligned"], true);
    }
}
