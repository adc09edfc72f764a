//! The full-screen wizard on a real terminal, with the keyboard alone.

use portable_pty::CommandBuilder;
use serde_json::json;

use crate::estate::TestEstate;
use crate::terminal::{EMPTY_LINE, ENTER, TAB, Terminal};

fn wizard(estate: &TestEstate, rows: u16, cols: u16) -> Terminal {
    Terminal::start(wizard_command(estate), rows, cols)
}

fn wizard_command(estate: &TestEstate) -> CommandBuilder {
    let mut command = CommandBuilder::new(env!("CARGO_BIN_EXE_countersign"));
    command.args(["--estate", estate.path("").to_str().expect("UTF-8")]);
    command.env_clear();
    command.env("TERM", "xterm-256color");
    command.cwd(estate.folder());
    command
}

/// Walks from Welcome to Review and types this estate's ports on the way.
fn to_review(terminal: &mut Terminal, estate: &TestEstate) {
    to_secret(terminal, estate);
    terminal.press(ENTER);
    from_secret_to_review(terminal);
}

fn to_secret(terminal: &mut Terminal, estate: &TestEstate) {
    terminal.see("Welcome");
    terminal.press(ENTER);
    terminal.see("Components");
    terminal.press(ENTER);
    terminal.see("Authority");
    terminal.see("Synchrony");
    // Over the kind to the host, then to both ports.
    terminal.press(TAB);
    for port in [estate.https_port, estate.client_auth_port] {
        terminal.press(TAB);
        terminal.press(EMPTY_LINE);
        terminal.press(&port.to_string());
    }
    terminal.press(ENTER);
    terminal.see("Shared secret");
}

fn from_secret_to_review(terminal: &mut Terminal) {
    for page in ["Integrator", "Interchange", "Alignment", "Review"] {
        terminal.see(page);
        if page != "Review" {
            terminal.press(ENTER);
        }
    }
}

#[test]
fn from_the_first_page_to_done_with_the_keyboard_alone() {
    let estate = TestEstate::new();
    let mut terminal = wizard(&estate, 24, 80);
    to_review(&mut terminal, &estate);
    terminal.see("registrations");
    assert!(!estate.path("").exists(), "something was made before the consent");
    terminal.press(ENTER);
    terminal.see("Apply");
    terminal.press("y");
    terminal.see("b2bi-document");
    terminal.see("13 of 13 probes ok");
    terminal.press(ENTER);
    terminal.see("countersign check");
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
    let mut command = wizard_command(&estate);
    command.env("SOMETHING", "that nobody needs any more");
    let mut terminal = Terminal::start(command, 24, 80);
    to_secret(&mut terminal, &estate);
    // Down to "Type or paste it", and there both lines; one is pasted.
    terminal.press("\u{1b}[B ");
    terminal.press(SECRET);
    terminal.press(ENTER);
    terminal.press(&format!("\u{1b}[200~{SECRET}\u{1b}[201~"));
    terminal.see("the same in both lines");
    terminal.press(ENTER);
    from_secret_to_review(&mut terminal);
    terminal.see("registrations");
    terminal.press(ENTER);
    terminal.see("Apply");
    terminal.press("y");
    terminal.see("13 of 13 probes ok");
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
    let place = std::fs::read_to_string(estate.path("b2bi/Integrator/conf/passport-access.properties"));
    assert!(place.expect("a place").contains(SECRET));
}

#[test]
fn it_opens_at_every_size_and_leaves_the_terminal_as_it_was() {
    for (rows, cols) in [(24, 80), (40, 120), (16, 60)] {
        let estate = TestEstate::new();
        let mut terminal = wizard(&estate, rows, cols);
        terminal.see("Welcome");
        terminal.press("\u{3}");
        terminal.end();
        assert!(!estate.path("").exists());
    }
}
