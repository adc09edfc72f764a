//! Bad input: one clear line with place and remedy, exit 3, nothing touched. One row of the reference page each.

use std::net::TcpListener;
use std::os::unix::fs::PermissionsExt;

use serde_json::json;

use crate::estate::{Ended, QUICKSTART, TestEstate};

/// Installs with the quickstart answers after a change to their text.
fn install_changed(estate: &TestEstate, from: &str, to: &str) -> Ended {
    let text = std::fs::read_to_string(QUICKSTART).expect("the quickstart answers");
    assert!(text.contains(from), "{from} is not in the quickstart answers");
    let path = estate.folder().join("answers.toml");
    std::fs::write(&path, text.replacen(from, to, 1)).expect("written");
    estate.install_with(&path, &[])
}

/// The refusal says all of this, and nothing was made.
fn refused(estate: &TestEstate, ended: &Ended, said: &[&str]) {
    assert_eq!(ended.code, 3, "{ended:#?}");
    for text in said {
        assert!(ended.stderr.contains(text), "\"{text}\" is not in: {}", ended.stderr);
    }
    assert!(!estate.path("passport").exists() && !estate.path("journal").exists(), "something was made");
}

#[test]
fn a_command_line_that_is_not_understood_is_refused_as_json_too() {
    let estate = TestEstate::new();
    for (arguments, said) in
        [(&["chekc"][..], "'check'"), (&["check", "--levle", "file"], "--level"), (&["passport"], "subcommand")]
    {
        let (code, refused) = estate.json(arguments);
        assert_eq!((code, &refused["code"], &refused["result"]), (2, &json!(2), &json!("refused")), "{refused:#}");
        assert!(refused["problems"][0].as_str().is_some_and(|text| text.contains(said)), "{refused:#}");
    }
    let plain = estate.run(&["chekc"]);
    assert!(plain.code == 2 && plain.stdout.is_empty() && plain.stderr.contains("Usage:"), "{plain:#?}");
}

#[test]
fn an_unknown_key_gets_its_place_and_a_suggestion() {
    let estate = TestEstate::new();
    let ended = install_changed(&estate, "domain = ", "domian = ");
    refused(&estate, &ended, &["answers.toml:", "authority.domian", "did you mean", "domain"]);
    assert!(!estate.path("").exists());
}

#[test]
fn a_wrong_type_gets_its_place_and_the_rule() {
    let estate = TestEstate::new();
    let ended = install_changed(&estate, "domain = \"Synchrony\"", "domain = 7");
    refused(&estate, &ended, &["answers.toml:", "authority.domain"]);
}

#[test]
fn three_of_the_four_components_are_refused_at_their_place() {
    let estate = TestEstate::new();
    let ended = install_changed(&estate, ", \"b2bi-server\"", "");
    refused(&estate, &ended, &["answers.toml:", "b2bi-server", "all four"]);
    let place = ended.stderr.split("answers.toml:").nth(1).expect("a place");
    assert!(place.splitn(3, ':').take(2).all(|part| part.parse::<u32>().is_ok()), "{place}");
    assert!(!estate.path("").exists());
}

#[test]
fn a_literal_secret_is_refused_and_not_repeated() {
    let estate = TestEstate::new();
    let ended = install_changed(&estate, "\nfrom = \"generate\"", "\nfrom = \"hunter2-hunter2\"");
    refused(&estate, &ended, &["answers.toml:", "secret.from"]);
    assert!(!ended.stderr.contains("hunter2"), "{}", ended.stderr);
}

#[test]
fn all_mistakes_of_an_answer_file_come_in_one_pass() {
    let estate = TestEstate::new();
    let ended = install_changed(&estate, "domain = \"Synchrony\"", "domain = 7\nhots = \"x\"");
    refused(&estate, &ended, &["authority.domain", "authority.hots"]);
    assert_eq!(ended.stderr.lines().filter(|line| line.contains("answers.toml:")).count(), 2, "{}", ended.stderr);
}

#[test]
fn a_secret_file_that_others_can_read_is_refused() {
    let estate = TestEstate::new();
    let path = estate.folder().join("secret");
    std::fs::write(&path, "a secret for all to read").expect("written");
    std::fs::set_permissions(&path, std::fs::Permissions::from_mode(0o644)).expect("opened");
    let source = format!("secret.from=file:{}", path.display());
    let ended = estate.install_with(QUICKSTART.as_ref(), &["--set", &source]);
    refused(&estate, &ended, &["secret.from", "chmod 600"]);
    let missing = format!("secret.from=file:{}", estate.folder().join("nowhere").display());
    let ended = estate.install_with(QUICKSTART.as_ref(), &["--set", &missing]);
    refused(&estate, &ended, &["secret.from", "nowhere", "cannot be read"]);
}

#[test]
fn a_port_in_use_is_named() {
    let estate = TestEstate::new();
    let held = TcpListener::bind(("127.0.0.1", estate.https_port)).expect("held");
    let ended = estate.install();
    refused(&estate, &ended, &[&format!("port {}", estate.https_port), "in use", "choose another"]);
    assert!(!estate.path("").exists());
    drop(held);
}

#[test]
fn a_folder_that_cannot_be_written_is_named() {
    let estate = TestEstate::new();
    let ended = estate.install_with(QUICKSTART.as_ref(), &["--set", "estate.dir=/proc/estate"]);
    refused(&estate, &ended, &["/proc", "cannot be written", "choose another"]);
    assert!(!estate.path("").exists());
}

#[test]
fn a_foreign_folder_and_half_an_estate_are_left_alone() {
    let foreign = TestEstate::new();
    std::fs::create_dir(foreign.path("")).expect("made");
    std::fs::write(foreign.path("letters.txt"), "private").expect("written");
    refused(&foreign, &foreign.install(), &["letters.txt", "not an estate", "choose another folder"]);

    let half = TestEstate::new();
    std::fs::create_dir_all(half.path("b2bi")).expect("made");
    let ended = half.install();
    refused(&half, &ended, &["half an estate", "estate.toml is not"]);
    assert_eq!(std::fs::read_dir(half.path("")).expect("listed").count(), 1);
}

#[test]
fn without_consent_and_without_a_terminal_nothing_is_done() {
    let estate = TestEstate::new();
    let (https, client_auth) = estate.port_flags();
    let ended = estate.run(&["install", "--answers", QUICKSTART, "--set", &https, "--set", &client_auth]);
    assert_eq!(ended.code, 2, "{ended:#?}");
    assert!(ended.stderr.contains("--yes"), "{}", ended.stderr);
    let ended = estate.run(&[]);
    assert_eq!(ended.code, 2, "{ended:#?}");
    assert!(ended.stderr.contains("--answers") && !ended.stdout.contains('\u{1b}'), "{ended:#?}");
    assert!(!estate.path("").exists());
}
