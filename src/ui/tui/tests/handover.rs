//! What one process hands over to the next shows the same pages, and holds no secret.

use std::time::{Duration, Instant};

use super::wizard::Wizard;
use crate::apply::{Event, Finished};
use crate::plan::Step;
use crate::ui::tui::handover::Handover;
use crate::ui::tui::message::{Effect, Message};
use crate::ui::tui::modes::Modes;
use crate::ui::tui::theme::{Look, Theme};

const SECRET: &str = "Zanzibar-Quetzal-77";

/// The wizard that goes on, and what it went on from.
fn handed_over(wizard: &mut Wizard) -> (Wizard, String) {
    assert!(wizard.effects.contains(&Effect::ExecuteAnew));
    let handover = Handover::of(&mut wizard.state, Modes::default()).expect("a run");
    let text = serde_json::to_string(&handover).expect("written");
    handover.give_back(&mut wizard.state);
    let read: Handover = serde_json::from_str(&text).expect("read");
    let state = read.into_state(Look::new(Theme::Terminal, false), "alpha".into(), wizard.state.size, Instant::now());
    (Wizard::of(state), text)
}

fn typed() -> Wizard {
    let mut wizard = Wizard::at("secret", 120, 40);
    wizard.press("Down Space");
    wizard.types(SECRET);
    wizard.press("Enter");
    wizard.pastes(SECRET);
    wizard
}

#[test]
fn every_page_of_a_good_run_is_the_same() {
    let mut wizard = typed();
    wizard.consents();
    wizard.runs_until(|_| false);
    wizard.ends(Finished::Done);
    let (mut next, text) = handed_over(&mut wizard);
    assert!(!text.contains("Zanzibar"));
    next.send(Message::Tick);
    next.effects.clear();
    wizard.follows();
    next.follows();
    for keys in ["Ctrl-l", "Enter", "Esc", "Esc", "Esc", "Esc", "o", "Esc", "F2"] {
        wizard.press(keys);
        next.press(keys);
        // The moments of the one are not those of the other to the last digit.
        assert_eq!(wizard.state.page().id, next.state.page().id, "{keys}");
        assert_eq!(times_apart(&wizard.screen()), times_apart(&next.screen()), "{keys}");
        // The typed secret is gone, and nobody is to type it again.
        assert!(next.shows("✓  4 Shared secret"), "{}", next.screen());
    }
}

fn times_apart(screen: &str) -> String {
    screen.lines().filter(|line| !line.contains(" s ")).collect()
}

#[test]
fn after_a_failure_the_cause_is_told_and_the_secret_is_asked_again() {
    let mut wizard = typed();
    wizard.consents();
    let failed = wizard.runs_until(|step| matches!(step, Step::Register { .. }));
    wizard.send(Message::Progress(Event::Started(failed)));
    wizard.send(Message::Progress(Event::Failed(failed, "the secret was not accepted".into())));
    wizard.send(Message::Progress(Event::PuttingBack));
    wizard.ends(Finished::PutBack);
    let (mut next, text) = handed_over(&mut wizard);
    assert!(!text.contains("Zanzibar"));
    next.passes(Duration::from_secs(1));
    assert!(next.state.on("registration") && next.shows("the secret was not accepted"));
    next.press("Enter");
    assert!(next.shows("Shared secret is not typed yet"));
}
