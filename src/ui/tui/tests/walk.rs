//! The way through the pages, by keys alone.

use std::time::Duration;

use super::wizard::Wizard;
use crate::apply::{Event, Finished};
use crate::exit::Exit;
use crate::plan::Step;
use crate::ui::session::Refusal;
use crate::ui::session::standing::Standing;
use crate::ui::tui::message::{Effect, Message};
use crate::ui::tui::state::Overlay;
use crate::wizard::{Answers, CONFIGURE, Origin, Value};

fn page(wizard: &Wizard) -> &'static str {
    wizard.state.page().id
}

#[test]
fn enter_goes_from_welcome_to_done() {
    let mut wizard = Wizard::new(80, 24);
    let mut seen = vec![page(&wizard)];
    while !wizard.state.on("review") {
        wizard.press("Enter");
        seen.push(page(&wizard));
    }
    let asked = ["welcome", "components", "authority", "secret", "integrator", "interchange", "alignment", "review"];
    assert_eq!(seen, asked);
    wizard.consents();
    wizard.runs_until(|_| false);
    assert_eq!(page(&wizard), "apply");
    wizard.passes(Duration::from_secs(1));
    assert_eq!(page(&wizard), "registration");
    wizard.passes(Duration::from_millis(900));
    assert_eq!(page(&wizard), "registration", "each page is shown for a second at least");
    wizard.passes(Duration::from_millis(100));
    assert_eq!(page(&wizard), "verification");
    wizard.ends(Finished::Done);
    wizard.follows();
    assert_eq!(page(&wizard), "verification");
    assert!(!wizard.state.moves(), "nothing wakes the program when all is said");
    wizard.press("Enter");
    assert_eq!(page(&wizard), "done");
    wizard.press("Enter");
    let ended = wizard.state.ended.take().expect("over");
    assert_eq!(ended.exit, Exit::Done);
    assert_eq!(ended.outcome.map(|outcome| outcome.result), Some(Finished::Done));
}

#[test]
fn what_is_typed_becomes_an_answer_and_stays_on_the_way_back() {
    let mut wizard = Wizard::at("authority", 80, 24);
    wizard.press("Tab Ctrl-u");
    wizard.types("passport.example.org");
    wizard.press("Tab Ctrl-u");
    wizard.pastes("7453\n");
    assert_eq!(page(&wizard), "authority", "a newline in a paste never goes on");
    wizard.press("Enter Esc");
    assert_eq!(wizard.state.answers.text("authority.host"), "passport.example.org");
    assert_eq!(wizard.state.answers.port("authority.https_port"), 7453);
    assert_eq!(wizard.state.answers.origin("authority.https_port"), Origin::Typed);
    assert!(wizard.shows("passport.example.org"));
}

#[test]
fn letters_that_are_keys_elsewhere_are_typed_into_fields() {
    let mut wizard = Wizard::new(80, 24);
    wizard.press("Tab Ctrl-u");
    wizard.types("g?ao r");
    assert_eq!(wizard.state.answers.text("estate.dir"), "g?ao r");
    assert_eq!(wizard.state.overlay, None);
}

#[test]
fn what_is_missing_is_listed_and_led_to_and_holds_up_the_consent() {
    let mut wizard = Wizard::at("authority", 80, 24);
    wizard.press("Tab Tab Ctrl-u");
    wizard.types("x");
    wizard.walk_to("review");
    assert!(wizard.effects.iter().all(|effect| !matches!(effect, Effect::Prepare(_))));
    assert!(wizard.shows("HTTPS port must be a whole number from 1 to 65535"));
    wizard.press("Enter");
    assert_eq!(page(&wizard), "authority");
    wizard.press("Backspace");
    wizard.types("7453");
    wizard.press("F2 Enter");
    assert_eq!(page(&wizard), "review");
    assert!(wizard.state.ready().is_some());
    wizard.press("Enter");
    assert_eq!(wizard.state.overlay, Some(Overlay::Consent));
    wizard.press("Enter");
    assert_eq!(page(&wizard), "review", "only y consents");
    wizard.press("n");
    assert_eq!((wizard.state.overlay, page(&wizard)), (None, "review"));
    assert!(!wizard.effects.contains(&Effect::Run));
}

#[test]
fn a_group_is_made_whole_at_one_key() {
    let mut wizard = Wizard::at("components", 80, 24);
    wizard.press("Down Down Down Space");
    assert!(!wizard.state.answers.has_component("integrator"));
    assert!(wizard.shows("Integrator is missing: the configuration update"));
    wizard.press("a");
    assert_eq!(wizard.state.answers.list("components").len(), 5);
    wizard.press("Up Space");
    assert_eq!(wizard.state.answers.list("components"), ["passport"], "a product is taken out as a whole");
}

#[test]
fn what_cannot_be_chosen_is_not_offered() {
    let wizard = Wizard::at("authority", 80, 24);
    assert!(wizard.shows("Any EST server") && !wizard.shows("The vendor's"));
}

#[test]
fn a_typed_secret_is_given_when_both_lines_are_alike() {
    let mut wizard = Wizard::at("secret", 80, 24);
    wizard.press("Down Enter");
    assert_eq!(page(&wizard), "secret", "Enter chooses what is not chosen yet");
    wizard.pastes("correct horse battery\r\n");
    wizard.press("Enter");
    assert_eq!(page(&wizard), "secret", "Enter goes to the second line first");
    wizard.types("correct horse batter");
    assert!(wizard.state.typed.get("secret.from").is_none());
    wizard.types("y");
    let typed = wizard.state.typed.get("secret.from").expect("given");
    assert_eq!(typed.expose(), "correct horse battery");
    assert_eq!(wizard.state.answers.text("secret.from"), "prompt");
    wizard.pastes("one\ntwo");
    assert!(wizard.shows("more than one line"));
    wizard.press("Up Up Up Space");
    assert!(wizard.state.typed.get("secret.from").is_none());
    assert_eq!(wizard.state.answers.text("secret.from"), "generate");
}

#[test]
fn a_reference_that_is_none_is_no_answer() {
    let mut wizard = Wizard::at("secret", 80, 24);
    wizard.press("Down Down Space");
    wizard.types("hunter2hunter2");
    assert_eq!(wizard.state.answers.text("secret.from"), "prompt");
    wizard.walk_to("review");
    assert!(wizard.shows("must say where it is read from") && !wizard.shows("hunter2"));
    wizard.press("Enter Ctrl-u");
    wizard.types("env:SHARED");
    assert_eq!(wizard.state.answers.text("secret.from"), "env:SHARED");
}

#[test]
fn a_change_after_the_plan_makes_a_new_one_and_the_same_answers_do_not() {
    let prepares = |wizard: &Wizard| wizard.effects.iter().filter(|e| matches!(e, Effect::Prepare(_))).count();
    let mut wizard = Wizard::at("review", 80, 24);
    wizard.press("Esc Enter");
    assert_eq!(prepares(&wizard), 1);
    wizard.press("F2 3 Tab");
    wizard.types("x");
    assert!(wizard.state.ready().is_none());
    wizard.press("F2 Enter");
    assert_eq!((page(&wizard), prepares(&wizard)), ("review", 2));
    wizard.press("r");
    assert_eq!(prepares(&wizard), 3);
}

#[test]
fn a_late_plan_is_dropped() {
    let mut wizard = Wizard::at("review", 80, 24);
    let late = super::wizard::nothing_to_do();
    wizard.send(Message::Prepared(0, Box::new(Ok(late))));
    assert!(wizard.state.ready().is_some_and(|ready| !ready.plan.is_empty()));
}

#[test]
fn answers_are_settled_while_and_after_they_are_carried_out() {
    let mut wizard = Wizard::new(80, 24);
    wizard.consents();
    wizard.press("Esc");
    assert_eq!(page(&wizard), "review", "the plan can still be read");
    assert!(wizard.shows("consented"));
    wizard.press("Esc");
    assert_eq!(page(&wizard), "review");
    wizard.press("F2 1");
    assert_eq!(page(&wizard), "review");
    wizard.press("Esc Enter");
    assert_eq!(page(&wizard), "apply");
    wizard.press("Ctrl-q");
    assert!(wizard.state.ended.is_none() && wizard.shows("under way"));
    wizard.runs_until(|_| false);
    wizard.ends(Finished::Done);
    let looks = |wizard: &Wizard| wizard.effects.iter().filter(|effect| matches!(effect, Effect::Look(_))).count();
    let before = looks(&wizard);
    wizard.press("F2 7");
    assert_eq!((page(&wizard), looks(&wizard)), ("alignment", before + 1), "the places are asked once more");
    wizard.press("Esc");
    assert_eq!(page(&wizard), "alignment");
}

#[test]
fn a_failure_shows_its_cause_and_leads_back_to_review() {
    let mut wizard = Wizard::new(80, 24);
    wizard.consents();
    let failed = wizard.runs_until(|step| matches!(step, Step::Register { .. }));
    wizard.passes(Duration::from_secs(2));
    wizard.send(Message::Progress(Event::Started(failed)));
    wizard.send(Message::Progress(Event::Failed(failed, "the secret was not accepted".into())));
    wizard.send(Message::Progress(Event::PuttingBack));
    wizard.send(Message::Progress(Event::Undone(failed)));
    wizard.ends(Finished::PutBack);
    assert_eq!(page(&wizard), "registration");
    assert!(wizard.shows("the secret was not accepted") && wizard.shows("put back"));
    wizard.press("Enter");
    assert_eq!(page(&wizard), "review");
    assert!(wizard.state.ready().is_some_and(|ready| ready.prepared.is_some()));
    wizard.press("F2 1 Ctrl-q y");
    assert_eq!(wizard.state.ended.expect("over").exit, Exit::PutBack);
}

#[test]
fn a_refusal_after_the_consent_is_shown_on_review() {
    let mut wizard = Wizard::new(80, 24);
    wizard.consents();
    wizard.send(Message::RunEnded(Err(Refusal::Held("process 7".into()))));
    assert_eq!(page(&wizard), "review");
    assert!(wizard.shows("another run holds this estate"));
    wizard.press("Ctrl-q");
    assert_eq!(wizard.state.ended.expect("over").exit, Exit::Held);
}

#[test]
fn a_whole_estate_proposes_its_answers_until_another_folder_is_named() {
    let mut recorded = Answers::default();
    recorded.set("authority.https_port", Value::Number(7453), Origin::Answers).expect("a port");
    recorded.set("secret.from", "keep".into(), Origin::Answers).expect("a source");
    recorded.set("mode", CONFIGURE.into(), Origin::Answers).expect("a mode");
    let mut wizard = Wizard::new(80, 24);
    let standing =
        Standing { usable: true, text: "whole".into(), recorded: Some(Box::new(recorded)), interrupted: None };
    let ticket = wizard.state.looked.expect("looked");
    wizard.send(Message::Stands(ticket, standing));
    assert_eq!(wizard.state.answers.port("authority.https_port"), 7453);
    assert_eq!(wizard.state.answers.origin("authority.https_port"), Origin::Record);
    wizard.walk_to("authority");
    assert!(wizard.shows("7453"));
    wizard.walk_to("secret");
    assert!(wizard.shows("Configure") && wizard.shows("● Keep the present secret"));
    wizard.press("F2 1 Tab");
    wizard.types("-other");
    assert!(wizard.shows("Install") && !wizard.shows("Configure"));
    assert_eq!(wizard.state.answers.port("authority.https_port"), 6453);
    wizard.walk_to("authority");
    assert!(wizard.shows("6453"));
}

#[test]
fn leaving_asks_when_something_was_answered() {
    let mut wizard = Wizard::new(80, 24);
    wizard.press("Tab");
    wizard.types("x");
    wizard.press("Ctrl-c");
    assert_eq!(wizard.state.overlay, Some(Overlay::Quit));
    wizard.press("Esc");
    assert!(wizard.state.ended.is_none());
    wizard.press("Ctrl-c y");
    assert_eq!(wizard.state.ended.expect("over").exit, Exit::Refused);
    let mut untouched = Wizard::new(80, 24);
    untouched.press("Ctrl-c");
    assert!(untouched.state.ended.is_some());
}

#[test]
fn the_end_of_the_terminal_waits_for_the_end_of_the_run() {
    let mut wizard = Wizard::new(80, 24);
    wizard.consents();
    wizard.send(Message::Terminate);
    assert!(wizard.state.ended.is_none());
    wizard.runs_until(|_| false);
    wizard.ends(Finished::Done);
    assert_eq!(wizard.state.ended.expect("over").exit, Exit::Done);
    let mut wizard = Wizard::new(80, 24);
    wizard.consents();
    wizard.send(Message::Lost);
    assert_eq!(wizard.state.ended.expect("over").exit, Exit::Interrupted);
}
