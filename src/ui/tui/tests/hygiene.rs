//! What must never be seen: secrets that nobody asked to see, and colours where none are wanted.

use ratatui::style::Color;

use super::wizard::Wizard;
use crate::ui::tui::theme::{Look, Theme};

const SECRET: &str = "Zanzibar-Quetzal-77";

fn with_typed_secret(secret: &str) -> Wizard {
    let mut wizard = Wizard::at("secret", 120, 40);
    wizard.press("Down Space");
    wizard.types(secret);
    wizard.press("Enter");
    wizard.types(secret);
    wizard
}

#[test]
fn a_hidden_secret_is_on_no_page_and_its_length_neither() {
    let mut wizard = with_typed_secret(SECRET);
    let mut longer = with_typed_secret(&format!("{SECRET}-and-more"));
    assert_eq!(wizard.screen(), longer.screen());
    for page in ["integrator", "alignment", "review", "apply"] {
        if page == "apply" {
            wizard.press("Enter y");
            longer.press("Enter y");
        } else {
            wizard.walk_to(page);
            longer.walk_to(page);
        }
        assert!(!wizard.shows("Zanzibar"), "{page}");
        assert_eq!(wizard.screen(), longer.screen(), "{page}");
    }
}

#[test]
fn a_shown_secret_is_seen_and_hidden_again() {
    let mut wizard = with_typed_secret(SECRET);
    wizard.press("Ctrl-r");
    assert!(wizard.shows(SECRET));
    wizard.press("Ctrl-r");
    assert!(!wizard.shows("Zanzibar"));
    assert!(wizard.shows("••••••••"));
}

#[test]
fn nothing_is_kept_when_the_change_stands() {
    use crate::apply::Finished;
    let mut wizard = with_typed_secret(SECRET);
    wizard.consents();
    wizard.runs_until(|_| false);
    wizard.ends(Finished::Done);
    assert!(wizard.state.typed.get("secret.from").is_none());
    assert!(wizard.state.edits.source("secret.from").is_some_and(|edit| edit.secret.is_empty()));
    assert!(wizard.state.ready().is_some_and(|ready| ready.prepared.is_none()));
}

#[test]
fn without_colours_there_are_none() {
    for page in ["components", "secret", "alignment", "review"] {
        let mut wizard = Wizard::looking(120, 40, Look::new(Theme::Mono, false));
        wizard.walk_to(page);
        wizard.press("F2");
        let buffer = wizard.buffer();
        assert!(buffer.content().iter().all(|cell| cell.fg == Color::Reset && cell.bg == Color::Reset), "{page}");
    }
}

#[test]
fn without_a_wide_character_set_all_is_ascii() {
    for page in ["welcome", "components", "secret", "alignment", "review"] {
        let mut wizard = Wizard::looking(80, 24, Look::new(Theme::Terminal, true));
        wizard.walk_to(page);
        for key in ["Ctrl-l", "?"] {
            wizard.press(key);
            let buffer = wizard.buffer();
            let foreign: String = buffer
                .content()
                .iter()
                .map(ratatui::buffer::Cell::symbol)
                .filter(|symbol| !symbol.is_ascii())
                .collect();
            assert_eq!(foreign, "", "{page}");
        }
    }
}
