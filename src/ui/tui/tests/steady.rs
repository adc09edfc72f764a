//! Nothing moves when the focus or an error comes: every word of a page stays in its row.

use super::wizard::Wizard;
use crate::ui::tui::stops::{self, Stop};

/// The rows of the words that a page always has, from its whole column.
fn rows(wizard: &Wizard, words: &[&str]) -> Vec<Option<usize>> {
    let screen = wizard.screen();
    words.iter().map(|word| screen.lines().position(|line| line.contains(word))).collect()
}

const LABELS: [&str; 8] = [
    "Kind",
    "Host",
    "HTTPS port",
    "Client authentication port",
    "Domain",
    "Component description",
    "Listen address",
    "Password of the user",
];

#[test]
fn the_focus_and_errors_move_nothing() {
    for (width, height) in [(80, 60), (120, 60), (60, 60), (40, 60)] {
        let mut wizard = Wizard::at("authority", width, height);
        let before = rows(&wizard, &LABELS);
        assert!(before.iter().all(Option::is_some), "{}", wizard.screen());
        for _ in 0..stops::stops(&wizard.state).len() {
            assert_eq!(rows(&wizard, &LABELS), before, "the focus moves something at {width} columns");
            if matches!(stops::focused(&wizard.state), Some(Stop::Text(_))) {
                wizard.press("Ctrl-u");
                wizard.types("no such value");
                assert_eq!(rows(&wizard, &LABELS), before, "an error moves something at {width} columns");
            }
            wizard.press("Tab");
        }
    }
}

#[test]
fn typing_a_secret_moves_nothing() {
    let words = ["Secret  ", "Once more", "Read it from"];
    let mut wizard = Wizard::at("secret", 80, 24);
    wizard.press("Down Space");
    let before = rows(&wizard, &words);
    for letter in "schl\u{fc}sselwort, and a good deal more of it".chars() {
        wizard.types(&letter.to_string());
        assert_eq!(rows(&wizard, &words), before, "{}", wizard.screen());
    }
    wizard.press("Tab");
    wizard.types("another");
    assert_eq!(rows(&wizard, &words), before);
}
