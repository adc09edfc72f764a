//! An installation that fails is put back; one that is killed is found, and put back on request.

use std::process::Stdio;

use serde_json::json;

use crate::estate::{QUICKSTART, TestEstate};

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

#[test]
fn a_killed_installation_is_found_and_rolled_back() {
    let estate = TestEstate::new();
    let (https, client_auth) = estate.port_flags();
    let mut child = estate
        .command()
        .args(["install", "--yes", "--answers", QUICKSTART, "--set", &https, "--set", &client_auth])
        .stderr(Stdio::piped())
        .stdout(Stdio::null())
        .spawn()
        .expect("started");
    // The ninth line of progress: the authority runs, files are being laid down.
    let mut lines = std::io::BufRead::lines(std::io::BufReader::new(child.stderr.take().expect("its output")));
    let _ = lines.nth(8);
    child.kill().expect("killed");
    child.wait().expect("gone");

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
