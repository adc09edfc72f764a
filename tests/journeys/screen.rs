//! What a person does on the full screen besides going straight through: back, wrong turns, other sizes, the shell, signals.

use std::os::unix::fs::PermissionsExt;
use std::process::Command;

use portable_pty::CommandBuilder;

use crate::estate::TestEstate;
use crate::terminal::Terminal;
use crate::walk::{DOWN, EMPTY_LINE, ENTER, Screen, TAB, to_review, to_secret};

const UP: &str = "\u{1b}[A";
const ESC: &str = "\u{1b}";
/// Control and Z.
const SUSPEND: &str = "\u{1a}";
/// Control and C.
const QUIT: &str = "\u{3}";

/// Back from the secret to the Authority page, where the second port has the focus, and by these keys to another line.
fn change(terminal: &mut Terminal, keys: &str, text: &str) {
    terminal.press(ESC);
    terminal.see("Any EST server");
    terminal.press(keys);
    terminal.press(EMPTY_LINE);
    // What is pasted with its newline stays on the page.
    terminal.paste(&format!("{text}\n"));
    terminal.see(text);
    terminal.see("Any EST server");
    terminal.press(ENTER);
    terminal.see("Generate a strong one");
}

#[test]
fn back_to_change_saved_before_anything_is_done_and_another_size_while_it_is_carried_out() {
    let estate = TestEstate::new();
    let mut terminal = Terminal::wizard(&estate, 24, 80, &[]);
    terminal.see("Welcome");
    terminal.press(ENTER);
    terminal.see("Integrator");
    // One of four is taken out: why that does not work is said, and one key makes it whole again.
    terminal.press(&[DOWN, DOWN, DOWN, " "].concat());
    terminal.see("Integrator is missing");
    terminal.press("a");
    terminal.see("[x] B2Bi Server");
    terminal.press(ESC);
    to_secret(&mut terminal, &estate);
    change(&mut terminal, TAB, "Changed");
    to_review(&mut terminal);

    terminal.press("s");
    terminal.see("Save the answers");
    terminal.press(ENTER);
    terminal.see("readable by you only");
    let saved = estate.folder().join("answers.toml");
    assert_eq!(std::fs::metadata(&saved).expect("it is there").permissions().mode() & 0o777, 0o600);
    assert!(!estate.path("").exists(), "something was made before the consent");
    let saved = saved.to_str().expect("UTF-8");
    let planned = estate.run(&["install", "--answers", saved, "--plan"]);
    assert!(planned.code == 4 && planned.stdout.contains("Changed"), "{planned:#?}");
    terminal.press(ESC);
    terminal.see("Enter apply");
    terminal.press("s");
    terminal.press(ENTER);
    terminal.see("Replace it?");
    terminal.press("n");
    terminal.see("A relative name counts");
    terminal.press(ESC);
    terminal.see("Enter apply");
    terminal.press(ENTER);
    terminal.see("Your consent");
    terminal.press("y");
    terminal.see("steps done");
    terminal.resize(40, 120);
    terminal.see("12 Done");
    terminal.resize(12, 60);
    terminal.resize(24, 80);
    terminal.see("13 of 13 probes ok");
    terminal.see("Enter next");
    terminal.press(QUIT);
    assert_eq!(terminal.end(), 0, "{}", terminal.screen());
    let record = estate.path("answers.toml");
    assert!(std::fs::read_to_string(&record).expect("a record").contains("domain = \"Changed\""));
    assert_eq!(std::fs::metadata(&record).expect("a record").permissions().mode() & 0o777, 0o600);
    assert_eq!(estate.run(&["install", "--answers", saved]).code, 0, "the same answers find nothing to do");
}

#[test]
fn an_engine_that_cannot_start_is_put_back_and_the_next_keys_are_named() {
    let estate = TestEstate::new();
    let state = estate.folder().join("state");
    let mut terminal = Terminal::wizard(&estate, 24, 80, &[("XDG_STATE_HOME", state.to_str().expect("UTF-8"))]);
    to_secret(&mut terminal, &estate);
    // The authority comes up, but the engines look for it where it is not.
    change(&mut terminal, &[UP, UP].concat(), "nowhere.invalid");
    to_review(&mut terminal);
    terminal.press(ENTER);
    terminal.see("Your consent");
    terminal.press("y");
    terminal.see("It failed, and everything was put back");
    terminal.see("nowhere.invalid");
    terminal.see("Enter back to Review");
    assert!(!estate.path("passport").exists() && !estate.path("b2bi").exists());
    terminal.press(ENTER);
    terminal.see("Enter apply");
    terminal.press(QUIT);
    terminal.see("is kept, secrets apart");
    terminal.press("y");
    assert_eq!(terminal.end(), 1, "{}", terminal.screen());
    terminal.see("the next start offers to go on");
}

#[test]
fn the_shell_gets_the_terminal_and_gives_it_back() {
    let estate = TestEstate::new();
    let mut shell = CommandBuilder::new("/bin/sh");
    shell.arg("-i");
    shell.env_clear();
    shell.env("TERM", "xterm-256color");
    shell.env("PS1", "go on> ");
    shell.cwd(estate.folder());
    let mut terminal = Terminal::start(shell, 24, 80);
    let (program, folder) = (crate::program().display(), estate.path(""));
    terminal.hear("go on> ");
    terminal.press(&format!("{program} --estate {}\r", folder.display()));
    terminal.see("Nothing stands there yet");
    terminal.press(SUSPEND);
    terminal.hear("Stopped");
    terminal.hear("go on> ");
    assert!(!terminal.has_own_screen());
    terminal.resize(30, 100);
    terminal.press("fg\r");
    // It comes back as large as the window is now.
    terminal.see("12 Done");
    terminal.press(QUIT);
    terminal.hear("nothing was touched");
    // What is typed before the program has ended is the program's.
    terminal.hear("go on> ");
    assert!(!terminal.has_own_screen());
    terminal.press("exit\r");
    terminal.end();
}

#[test]
fn whoever_ends_it_gets_the_terminal_as_it_was() {
    let estate = TestEstate::new();
    for signal in ["TERM", "INT", "HUP", "QUIT", "USR1"] {
        let mut terminal = Terminal::wizard(&estate, 24, 80, &[]);
        terminal.see("Nothing stands there yet");
        let sent = Command::new("kill").args([&format!("-{signal}"), &terminal.pid()]).status().expect("sent");
        assert!(sent.success());
        assert_eq!(terminal.end(), 3, "{signal}: {}", terminal.screen());
        terminal.see("nothing was touched");
        assert!(!terminal.has_own_screen() && terminal.is_as_it_was(), "{signal}");
    }
}

#[test]
fn without_a_shell_it_does_not_stop_for_good() {
    let estate = TestEstate::new();
    let mut terminal = Terminal::wizard(&estate, 24, 80, &[]);
    terminal.see("Nothing stands there yet");
    terminal.press(SUSPEND);
    terminal.see("No shell started this");
    terminal.press(QUIT);
    assert_eq!(terminal.end(), 3, "{}", terminal.screen());
}
