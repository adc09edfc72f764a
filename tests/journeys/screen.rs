//! What a person does on the full screen besides going straight through: back, wrong turns, other sizes, the shell, signals.

use std::net::TcpListener;
use std::os::unix::fs::PermissionsExt;
use std::path::Path;
use std::process::Command;

use portable_pty::CommandBuilder;

use crate::documents::wait_for;
use crate::estate::{TestEstate, free_ports};
use crate::terminal::Terminal;
use crate::walk::{DOWN, EMPTY_LINE, ENTER, Screen, TAB, to_another_port, to_done, to_put_back, to_review, to_secret};

const UP: &str = "\u{1b}[A";
const ESC: &str = "\u{1b}";
const PAGE_DOWN: &str = "\u{1b}[6~";
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

/// Makes the integration engine want a port that somebody else has.
pub fn take_port(config: &Path, text: &str) -> TcpListener {
    let taken = TcpListener::bind("127.0.0.1:0").expect("a port");
    let port = taken.local_addr().expect("its address").port();
    let changed = text.replace("exchange_port = 0", &format!("exchange_port = {port}"));
    assert_ne!(changed, text);
    std::fs::write(config, changed).expect("written");
    taken
}

pub const CONFIG: &str = "b2bi/common/conf/b2bi.toml";

#[test]
fn an_engine_that_crashes_at_its_start_is_put_back_and_the_same_answers_succeed_without_the_cause() {
    let estate = TestEstate::new();
    let mut terminal = Terminal::wizard(&estate, 24, 80, &[]);
    to_secret(&mut terminal, &estate);
    to_review(&mut terminal);
    terminal.press(ENTER);
    terminal.see("Your consent");
    terminal.press("y");
    // It is laid down long before the engine is started.
    let config = estate.path(CONFIG);
    let taken = take_port(&config, &wait_for(&config));
    terminal.see("It failed, and everything was put back");
    for told in ["Start Integrator", "exchange_port", "What now:", "Enter back to Review", "l log"] {
        terminal.see(told);
    }
    assert!(!estate.path("passport").exists() && !estate.path("b2bi").exists());
    terminal.press("l");
    terminal.see("put back: Start PassPort");
    // The newest stands first: the cause is one screen down.
    terminal.press(PAGE_DOWN);
    terminal.see("failed: Start Integrator");
    terminal.press("l");
    drop(taken);
    terminal.press(ENTER);
    terminal.see("Enter apply");
    to_done(&mut terminal);
    terminal.press(ENTER);
    assert_eq!(terminal.end(), 0, "{}", terminal.screen());
    assert_eq!(estate.json(&["check"]).1["aligned"], true);
}

#[test]
fn an_engine_that_cannot_come_back_either_is_put_back_at_one_key_once_it_can() {
    let estate = TestEstate::installed();
    let [_, port] = free_ports();
    let mut terminal = Terminal::wizard(&estate, 24, 80, &[]);
    to_another_port(&mut terminal, port);
    let config = estate.path(CONFIG);
    let text = std::fs::read_to_string(&config).expect("read");
    let taken = take_port(&config, &text);
    terminal.press(ENTER);
    terminal.see("Your consent");
    terminal.press("y");
    for told in ["exchange_port", "By hand:", "What now:", "b roll back"] {
        terminal.see(told);
    }
    drop(taken);
    terminal.press("b");
    terminal.see("A change was interrupted there: configure");
    to_put_back(&mut terminal);
    terminal.see("Configure may change");
    terminal.press(QUIT);
    terminal.see("Leave?");
    terminal.press("y");
    assert_eq!(terminal.end(), 3, "{}", terminal.screen());
    assert_eq!(estate.json(&["check"]).1["aligned"], true);
    assert_eq!(estate.json(&["status"]).1["authority"]["client_auth_port"], estate.client_auth_port);
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
