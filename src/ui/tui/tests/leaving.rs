//! What is left for the next start, and what is saved from Review.

use std::time::Duration;

use super::wizard::Wizard;
use crate::apply::{Event, Finished};
use crate::plan::Step;
use crate::registration::state::State as Registration;
use crate::ui::session::answer_file::NotSaved;
use crate::ui::session::bookmark::{Bookmark, Leaves};
use crate::ui::tui::message::{Effect, Message};
use crate::ui::tui::polling::Question;
use crate::ui::tui::state::Overlay;
use crate::wizard::Origin;

/// What somebody leaves who typed a host and a secret, and went back from Review.
fn left() -> Bookmark {
    let mut wizard = Wizard::at("authority", 80, 24);
    wizard.press("Tab Ctrl-u");
    wizard.types("alpha.example");
    wizard.walk_to("secret");
    wizard.press("Down Space");
    wizard.types("Zanzibar-Quetzal-77");
    wizard.press("Enter");
    wizard.pastes("Zanzibar-Quetzal-77");
    wizard.walk_to("review");
    wizard.press("Esc Ctrl-q y");
    match wizard.state.leaves {
        Leaves::Keep(bookmark) => *bookmark,
        other => panic!("{other:?}"),
    }
}

fn started_again() -> Wizard {
    let mut wizard = Wizard::new(80, 24);
    wizard.state.bookmark = Some(left());
    // The look at the folder brings the offer.
    wizard.state.looked = None;
    wizard.send(Message::Tick);
    wizard
}

#[test]
fn who_left_goes_on_from_that_page_and_types_the_secret_again() {
    assert!(!serde_json::to_string(&left()).expect("written").contains("Zanzibar"));
    let mut wizard = started_again();
    assert!(wizard.state.overlay == Some(Overlay::Bookmark) && wizard.shows("on the page Alignment"));
    wizard.press("Enter");
    assert!(wizard.state.on("alignment"));
    assert_eq!(wizard.state.answers.text("authority.host"), "alpha.example");
    assert_eq!(wizard.state.answers.origin("authority.host"), Origin::Typed);
    wizard.press("F2 Enter");
    assert!(wizard.state.on("review") && wizard.shows("Shared secret is not typed yet"));
    wizard.press("Enter");
    wizard.types("Zanzibar-Quetzal-78");
    wizard.press("Enter");
    wizard.types("Zanzibar-Quetzal-78");
    wizard.press("F2 Enter");
    assert!(wizard.state.ready().is_some());
    wizard.press("Enter y");
    wizard.runs_until(|_| false);
    wizard.ends(Finished::Done);
    wizard.follows();
    wizard.press("Ctrl-q");
    assert_eq!(wizard.state.leaves, Leaves::Nothing);
}

#[test]
fn who_begins_anew_is_not_asked_again_and_leaves_what_was_there_as_it_was() {
    let mut wizard = started_again();
    wizard.press("n");
    assert!(wizard.state.on("welcome") && wizard.state.bookmark.is_none());
    wizard.press("Ctrl-q");
    assert_eq!(wizard.state.leaves, Leaves::AsItWas);
}

#[test]
fn after_a_change_that_was_put_back_the_answers_are_kept() {
    let mut wizard = Wizard::at("authority", 80, 24);
    wizard.press("Tab");
    wizard.types("x");
    wizard.consents();
    wizard.ends(Finished::PutBack);
    wizard.press("Ctrl-q y");
    assert!(matches!(wizard.state.leaves, Leaves::Keep(_)));
}

#[test]
fn a_registration_that_is_held_is_asked_about_once_more() {
    let mut wizard = Wizard::new(80, 24);
    wizard.consents();
    let register = wizard.runs_until(|step| matches!(step, Step::Register { .. }));
    wizard.send(Message::Progress(Event::Started(register)));
    wizard.send(Message::Registration(register, Registration::WaitingValidation));
    wizard.ends(Finished::Pending);
    wizard.follows();
    assert!(wizard.state.on("registration") && wizard.shows("p ask again"));
    wizard.press("p p");
    let asked = || Effect::Ask(Question { step: register, wanted: true });
    assert_eq!(wizard.effects.iter().filter(|effect| **effect == asked()).count(), 1, "one question at a time");
    wizard.send(Message::Asked(register, Err("the authority cannot be reached".into())));
    assert!(wizard.shows("cannot be reached"));
    wizard.press("p");
    wizard.send(Message::Asked(register, Ok(Registration::Registered)));
    assert!(wizard.shows("Registered") && !wizard.shows("p ask again"));
}

#[test]
fn registrations_that_are_held_are_asked_about_by_themselves_and_ever_less_often() {
    let mut wizard = Wizard::new(80, 24);
    wizard.consents();
    let steps = wizard.plan().steps;
    let registers = |step: &usize| matches!(steps[*step], Step::Register { .. });
    let held: Vec<usize> = (0..steps.len()).filter(registers).collect();
    for step in &held {
        wizard.send(Message::Progress(Event::Started(*step)));
        wizard.send(Message::Progress(Event::Done(*step, Duration::from_millis(120))));
        wizard.send(Message::Registration(*step, Registration::WaitingValidation));
    }
    wizard.ends(Finished::Pending);
    wizard.follows();
    let asked = |wizard: &mut Wizard| {
        let effects = std::mem::take(&mut wizard.effects).into_iter();
        effects.filter(|effect| matches!(effect, Effect::Ask(_))).collect::<Vec<_>>()
    };
    let mut pauses = Vec::new();
    asked(&mut wizard);
    for _ in 0..5 {
        let before = wizard.state.now;
        let due = wizard.state.due().expect("a time");
        wizard.passes(due.saturating_duration_since(before).saturating_sub(Duration::from_millis(1)));
        assert_eq!(asked(&mut wizard), [], "too early");
        wizard.passes(Duration::from_millis(1));
        for step in &held {
            assert_eq!(wizard.state.due(), None, "nothing is due while an answer is to come");
            assert_eq!(asked(&mut wizard), [Effect::Ask(Question { step: *step, wanted: false })]);
            wizard.send(Message::Asked(*step, Ok(Registration::WaitingValidation)));
        }
        pauses.push(wizard.state.now.saturating_duration_since(before).as_secs());
        assert!(wizard.state.note.is_none(), "nothing is new");
    }
    assert!(pauses.is_sorted() && pauses.last() <= Some(&30), "{pauses:?}");
    wizard.press("Enter");
    assert_eq!(wizard.state.due(), None, "nothing is due on another page");
    wizard.press("Esc p");
    for step in &held {
        wizard.send(Message::Asked(*step, Ok(Registration::Registered)));
    }
    assert!(wizard.shows("Every component is registered"), "{}", wizard.screen());
    assert_eq!(wizard.state.due(), None, "nothing waits");
}

#[test]
fn answers_are_saved_from_review_and_a_file_that_is_there_is_asked_about() {
    let mut wizard = Wizard::at("review", 80, 24);
    wizard.press("s");
    assert!(wizard.shows("Save the answers") && wizard.shows("answers.toml"));
    wizard.press("Ctrl-u");
    wizard.types("mine?q");
    wizard.pastes(".toml\n");
    assert_eq!(wizard.state.saving.file.value(), "mine?q.toml");
    wizard.press("Enter");
    assert_eq!(wizard.effects.last(), Some(&Effect::Save(false)));
    wizard.send(Message::Saved(Err(NotSaved::IsThere)));
    wizard.press("Enter");
    assert_eq!(wizard.effects.last(), Some(&Effect::Save(false)), "only y replaces");
    wizard.press("n Enter");
    wizard.send(Message::Saved(Err(NotSaved::IsThere)));
    wizard.press("y");
    assert_eq!(wizard.effects.last(), Some(&Effect::Save(true)));
    wizard.send(Message::Saved(Err(NotSaved::Failed("the disk is full".into()))));
    assert!(wizard.shows("the disk is full"));
    wizard.press("Enter");
    wizard.send(Message::Saved(Ok(vec!["Saved in /home/mine.toml".into()])));
    assert!(wizard.shows("Saved in /home/mine.toml"));
    wizard.press("Esc");
    assert!(wizard.state.overlay.is_none() && wizard.state.on("review"));
}
