//! The full-screen wizard on a real terminal, with the keyboard alone.

use serde_json::json;

use crate::estate::TestEstate;
use crate::terminal::Terminal;
use crate::walk::{DOWN, ENTER, Screen, to_done, to_review, to_secret};

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
    let place = std::fs::read_to_string(estate.path("b2bi/Integrator/conf/passport-access.properties"));
    assert!(place.expect("a place").contains(SECRET));
}

#[test]
fn it_opens_at_every_size_and_leaves_the_terminal_as_it_was() {
    for (rows, cols) in [(24, 80), (40, 120), (16, 60)] {
        let estate = TestEstate::new();
        let mut terminal = Terminal::wizard(&estate, rows, cols, &[]);
        terminal.see("Welcome");
        terminal.press("\u{3}");
        terminal.end();
        assert!(!estate.path("").exists());
    }
}
