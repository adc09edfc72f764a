//! The console on a real terminal, before a real authority, with the keyboard alone.

use std::process::Stdio;

use portable_pty::CommandBuilder;
use serde_json::{Value, json};

use crate::estate::{TestEstate, ended};
use crate::terminal::Terminal;
use crate::walk::{DOWN, EMPTY_LINE, ENTER, Screen};

const SIGNING: &str = "am.registration.signing";

fn console(estate: &TestEstate, rows: u16, cols: u16) -> Terminal {
    let mut command = CommandBuilder::new(crate::program());
    command.args(["--estate", estate.path("").to_str().expect("UTF-8"), "passport", "console"]);
    command.env_clear();
    command.env("TERM", "xterm-256color");
    Terminal::start(command, rows, cols)
}

/// The newest request of a component.
pub fn request(estate: &TestEstate, component: &str) -> Value {
    let (_, requests) = estate.json(&["passport", "requests"]);
    let mut all = requests.as_array().expect("a list").iter();
    all.find(|request| request["component"] == component).expect("a request").clone()
}

#[test]
fn a_request_that_waits_is_signed_another_refused_and_a_property_changed() {
    let estate = TestEstate::installed();
    assert_eq!(estate.run(&["passport", "property", "set", SIGNING, "manual"]).code, 0);
    assert_eq!(estate.run(&["register", "integrator", "--again"]).code, 6);
    let id = request(&estate, "integrator")["id"].as_str().expect("an id").to_owned();

    let mut terminal = console(&estate, 24, 80);
    terminal.see("1 waits for you");
    terminal.see("! Waiting Signing");
    terminal.press("a");
    terminal.see("y sign");
    terminal.press("y");
    terminal.see(&format!("✓ {id}: Registered"));
    let registered = estate.run(&["register", "integrator"]);
    assert_eq!(registered.code, 0, "{registered:#?}");

    // The next one is seen without any key.
    assert_eq!(estate.run(&["register", "interchange", "--again"]).code, 6);
    terminal.see("1 waits for you");
    terminal.press("x");
    terminal.see("Why?");
    terminal.press("not one of ours");
    terminal.press(ENTER);
    terminal.see("y refuse");
    assert_eq!(request(&estate, "interchange")["status"], "Waiting Signing");
    terminal.press("y");
    terminal.see("none waits for you");
    let refused = request(&estate, "interchange");
    assert_eq!((&refused["status"], &refused["reason"]), (&json!("Validation Refused"), &json!("not one of ours")));

    terminal.press("7");
    terminal.see(SIGNING);
    terminal.press(&DOWN.repeat(3));
    terminal.see("value        manual");
    for (value, seen) in [("sometimes", "must be auto or manual"), ("auto", "y change")] {
        if value == "sometimes" {
            terminal.press(ENTER);
            terminal.see("Change?");
        }
        terminal.press(EMPTY_LINE);
        terminal.press(value);
        terminal.press(ENTER);
        terminal.see("y change");
        if value == "sometimes" {
            terminal.press("y");
        }
        terminal.see(seen);
    }
    terminal.press("y");
    terminal.see(&format!("✓ {SIGNING} = auto"));
    assert_eq!(estate.json(&["passport", "property", "get", SIGNING]).1["value"], "auto");

    terminal.press("5");
    terminal.see("property set");
    terminal.press("q");
    assert_eq!(terminal.end(), 0);
    assert!(terminal.is_as_it_was() && !terminal.has_own_screen());
}

#[test]
fn an_authority_that_goes_away_comes_back_by_itself() {
    let estate = TestEstate::installed();
    let mut terminal = console(&estate, 40, 120);
    terminal.see("Requests");
    terminal.press("6");
    let pid = |estate: &TestEstate| estate.json(&["passport", "status"]).1["pid"].to_string();
    let before = pid(&estate);
    terminal.see(&before);
    assert_eq!(estate.run(&["passport", "stop"]).code, 0);
    terminal.see("PassPort does not answer");
    terminal.resize(16, 60);
    terminal.see("no answer");
    assert_eq!(estate.run(&["passport", "start"]).code, 0);
    assert_ne!(pid(&estate), before);
    terminal.see(&pid(&estate));
    assert!(!terminal.screen().contains("no answer"), "{}", terminal.screen());
    terminal.press("\u{3}");
    assert_eq!(terminal.end(), 0);
}

#[test]
fn without_a_terminal_one_line_names_the_verbs_that_do_the_same() {
    let estate = TestEstate::new();
    for flags in [&[][..], &["--json"]] {
        let console = ended(estate.command().args(["passport", "console"]).args(flags).stdout(Stdio::piped()));
        assert_eq!(console.code, 2, "{console:#?}");
        assert_eq!(console.stderr.lines().count(), 1, "{}", console.stderr);
        assert!(console.stderr.contains("requests, approve, refuse"), "{}", console.stderr);
        assert!(!console.stdout.contains('\u{1b}'));
    }
}
