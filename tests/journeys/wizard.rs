//! The full-screen wizard on a real terminal, with the keyboard alone.

use std::io::{BufRead, BufReader};
use std::os::unix::fs::PermissionsExt;
use std::process::Stdio;

use serde_json::json;

use crate::estate::{QUICKSTART, TestEstate};
use crate::plain::talk;
use crate::terminal::Terminal;
use crate::walk::{DOWN, ENTER, Screen, to_done, to_put_back, to_review, to_secret};

#[test]
fn from_the_first_page_to_done_with_the_keyboard_alone() {
    let estate = TestEstate::new();
    let mut terminal = Terminal::wizard(&estate, 24, 80, &[]);
    to_secret(&mut terminal, &estate);
    to_review(&mut terminal);
    assert!(!estate.path("").exists(), "something was made before the consent");
    to_done(&mut terminal);
    terminal.press(ENTER);
    assert_eq!(terminal.end(), 0, "{}", terminal.screen());

    let (code, status) = estate.json(&["status"]);
    assert_eq!((code, &status["authority"]["https_port"]), (0, &json!(estate.https_port)));
    for engine in &status["components"].as_array().expect("a list")[..2] {
        assert_eq!((&engine["registration"], &engine["alignment"]), (&json!("Registered"), &json!("aligned")));
    }
    assert_eq!(estate.json(&["verify"]).1["ok"], true);

    // The same answers from a file find nothing to do: both ways lead to the same estate.
    let again = estate.install();
    assert_eq!(again.code, 0, "{again:#?}");
    assert!(again.stdout.contains("nothing to do"), "{}", again.stdout);
}

#[test]
fn after_the_run_the_program_is_executed_anew_and_nobody_sees_it() {
    const SECRET: &str = "Quetzal-Zanzibar-77";
    let estate = TestEstate::new();
    let mut terminal = Terminal::wizard(&estate, 24, 80, &[("SOMETHING", "that nobody needs any more")]);
    to_secret(&mut terminal, &estate);
    // Down to "Type or paste it", and there both lines; one is pasted.
    terminal.press(DOWN);
    terminal.press(" ");
    terminal.press(SECRET);
    terminal.press(ENTER);
    terminal.paste(SECRET);
    terminal.see("the same in both lines");
    to_review(&mut terminal);
    terminal.press(ENTER);
    terminal.see("Apply");
    terminal.press("y");
    terminal.see("13 of 13 probes ok");
    // The run is over, and who says so is the program that was executed anew.
    terminal.see("Enter next");
    let process = std::path::PathBuf::from(format!("/proc/{}", terminal.pid()));
    let of_process = |file: &str| {
        let bytes = std::fs::read(process.join(file)).expect("it runs");
        String::from_utf8_lossy(&bytes).replace('\0', " ")
    };
    assert!(of_process("cmdline").contains("go-on"), "{}", of_process("cmdline"));
    assert!(of_process("environ").contains("TERM=") && !of_process("environ").contains("SOMETHING"));
    assert!(terminal.has_own_screen());
    // It learns of another size, and what ran and was shown before is still there.
    terminal.resize(40, 120);
    terminal.see("12 Done");
    terminal.press(ENTER);
    terminal.see("countersign check");
    terminal.press("\u{1b}");
    terminal.see("13 of 13 probes ok");
    terminal.press("\u{3}");
    assert_eq!(terminal.end(), 0, "{}", terminal.screen());
    terminal.see("Done: ");
    assert!(!terminal.has_own_screen());
    assert!(terminal.is_as_it_was());
    let place = std::fs::read_to_string(estate.path("b2bi/Integrator/conf/passport-access.properties"));
    assert!(place.expect("a place").contains(SECRET));
}

#[test]
fn who_leaves_goes_on_from_there_in_either_wizard_and_types_the_secret_again() {
    const SECRET: &str = "Quetzal-Zanzibar-77";
    let estate = TestEstate::new();
    let state = estate.folder().join("state");
    let variables = [("XDG_STATE_HOME", state.to_str().expect("UTF-8"))];
    let kept = || std::fs::read_dir(state.join("countersign")).expect("the folder").flatten().collect::<Vec<_>>();
    let mut terminal = Terminal::wizard(&estate, 24, 80, &variables);
    to_secret(&mut terminal, &estate);
    terminal.press(DOWN);
    terminal.press(" ");
    terminal.press(SECRET);
    terminal.press("\u{3}");
    terminal.see("is kept, secrets apart");
    terminal.press("y");
    assert_eq!(terminal.end(), 3, "{}", terminal.screen());
    terminal.see("the next start offers to go on");
    assert!(!estate.path("").exists());
    let file = kept().pop().expect("a bookmark").path();
    assert!(!std::fs::read_to_string(&file).expect("read").contains("Quetzal"));
    assert_eq!(std::fs::metadata(&file).expect("there").permissions().mode() & 0o777, 0o600);

    // Line by line, one page on.
    let mut plain = Terminal::wizard(&estate, 24, 80, &[variables[0], ("TERM", "dumb")]);
    plain.hear("on the page Shared secret.");
    talk(&mut plain, &[("Number [1]: ", ""), ("Shared secret:", "1"), ("Integrator's secret:", "q")]);
    plain.hear("the next start offers to go on");
    assert_eq!(plain.end(), 3, "{}", plain.written());

    let mut terminal = Terminal::wizard(&estate, 24, 80, &variables);
    terminal.see("on the page Integrator.");
    terminal.press(ENTER);
    terminal.see("The same as the authority");
    // Back to the page before, to type the secret after all.
    terminal.press("\u{1b}");
    terminal.see("Generate a strong one");
    terminal.press(DOWN);
    terminal.press(" ");
    terminal.press(SECRET);
    terminal.press(ENTER);
    terminal.paste(&format!("{SECRET}\n"));
    terminal.see("the same in both lines");
    to_review(&mut terminal);
    to_done(&mut terminal);
    terminal.press(ENTER);
    assert_eq!(terminal.end(), 0, "{}", terminal.screen());
    assert_eq!(estate.json(&["status"]).1["authority"]["https_port"], json!(estate.https_port));
    assert_eq!(kept().len(), 0, "what was carried out is not offered again");
}

/// Starts an installation and kills it in the middle.
pub fn interrupted() -> TestEstate {
    let estate = TestEstate::new();
    let (https, client_auth) = estate.port_flags();
    let mut install = estate.command();
    install.args(["install", "--yes", "--answers", QUICKSTART, "--set", &https, "--set", &client_auth]);
    let mut child = install.stderr(Stdio::piped()).stdout(Stdio::null()).spawn().expect("started");
    let mut progress = BufReader::new(child.stderr.take().expect("its output")).lines();
    let _ = progress.nth(10);
    child.kill().expect("killed");
    child.wait().expect("gone");
    estate
}

#[test]
fn an_interrupted_installation_is_finished_from_the_first_page() {
    let estate = interrupted();
    let mut terminal = Terminal::wizard(&estate, 24, 80, &[]);
    terminal.see("A change was interrupted there: install");
    terminal.press(ENTER);
    terminal.see("Finish the change");
    terminal.press("y");
    terminal.see("13 of 13 probes ok");
    terminal.see("Enter next");
    terminal.press(ENTER);
    terminal.see("Done: the estate is set up and verified.");
    terminal.press(ENTER);
    assert_eq!(terminal.end(), 0, "{}", terminal.screen());
    assert_eq!(estate.json(&["verify"]).1["ok"], true);
}

#[test]
fn an_interrupted_installation_is_put_back_from_the_first_page() {
    let estate = interrupted();
    let mut terminal = Terminal::wizard(&estate, 24, 80, &[]);
    terminal.see("Put everything back");
    terminal.press(DOWN);
    to_put_back(&mut terminal);
    terminal.see("Nothing stands there yet");
    terminal.press("\u{3}");
    terminal.end();
    assert!(!estate.path("passport").exists() && !estate.path("b2bi").exists());
}

#[test]
fn an_installed_estate_is_changed_and_what_is_left_as_it_is_stays() {
    let estate = TestEstate::installed();
    let place = || std::fs::read_to_string(estate.path("b2bi/Integrator/conf/passport-access.properties"));
    let before = place().expect("a place");
    let mut terminal = Terminal::wizard(&estate, 24, 80, &[]);
    terminal.see("Configure may change");
    for page in ["Components", "Authority", "Keep the present secret", "Keep it, the same", "Keep it, the same"] {
        terminal.press(ENTER);
        terminal.see(page);
    }
    terminal.press(ENTER);
    terminal.see("Alignment");
    terminal.press(ENTER);
    terminal.see("Nothing was changed, so there is nothing to do.");
    // Back to the secret: a new one.
    terminal.press("\u{1b}OQ4");
    terminal.see("Keep the present secret");
    terminal.press(DOWN);
    terminal.press(" ");
    terminal.see("\u{25cf} Generate");
    terminal.press("\u{1b}OQ8");
    terminal.see("Shared secret: as it is -> a new one, generated");
    terminal.see("Enter apply");
    terminal.press(ENTER);
    terminal.press("y");
    terminal.see("11/12 Verification");
    terminal.see("Enter next");
    terminal.press(ENTER);
    terminal.see("Done: the estate is changed and verified.");
    terminal.press(ENTER);
    assert_eq!(terminal.end(), 0, "{}", terminal.screen());
    assert_ne!(place().expect("a place"), before);
    assert_eq!(estate.json(&["check"]).1["aligned"], true);
}

#[test]
fn it_opens_at_every_size_and_leaves_the_terminal_as_it_was() {
    for (rows, cols) in [(24, 80), (40, 120), (16, 60)] {
        let estate = TestEstate::new();
        let mut terminal = Terminal::wizard(&estate, rows, cols, &[]);
        terminal.see("Welcome");
        terminal.press("\u{3}");
        terminal.end();
        assert!(!terminal.has_own_screen() && terminal.is_as_it_was());
        assert!(!estate.path("").exists());
    }
}
