//! How the pages look, at the sizes that matter.

use std::time::Duration;

use insta::assert_snapshot;

use super::wizard::{DIR, GOOD_PROBES, Wizard, nothing_to_do};
use crate::alignment::Verdict;
use crate::apply::{Event, Finished, Outcome};
use crate::exit::Exit;
use crate::plan::Step;
use crate::ui::session::Refusal;
use crate::ui::session::obstacle::Refused;
use crate::ui::tui::message::Message;
use crate::ui::tui::state::{Draft, Places};

const SIZES: [(u16, u16); 3] = [(80, 24), (120, 40), (60, 16)];

/// The same at each size.
fn at_sizes(name: &str, wizard: impl Fn(u16, u16) -> Wizard) {
    for (width, height) in SIZES {
        assert_snapshot!(format!("{name}_{width}x{height}"), wizard(width, height).shot());
    }
}

#[test]
fn pages_that_ask() {
    for page in ["welcome", "components", "authority", "secret", "integrator"] {
        at_sizes(page, |width, height| Wizard::at(page, width, height));
    }
}

#[test]
fn a_repository_of_the_gateway() {
    let at = |width, height| {
        let mut wizard = Wizard::at("components", width, height);
        wizard.press("Down Down Down Down Down Down Down Down Space");
        wizard.walk_to("repository-1");
        wizard
    };
    at_sizes("repository", at);
    at_sizes("repository_end", |width, height| {
        let mut wizard = at(width, height);
        wizard.press("Shift-Tab Shift-Tab Shift-Tab");
        wizard
    });
}

#[test]
fn a_group_that_is_not_whole() {
    at_sizes("components_incomplete", |width, height| {
        let mut wizard = Wizard::at("components", width, height);
        wizard.press("Down Down Down Space");
        wizard
    });
}

#[test]
fn wrong_values_and_the_end_of_a_long_page() {
    let mut wizard = Wizard::at("authority", 80, 24);
    wizard.press("Tab Tab Ctrl-u");
    wizard.types("70000");
    wizard.press("Tab Tab Tab Tab Tab");
    assert_snapshot!("authority_wrong_80x24", wizard.shot());
}

#[test]
fn a_typed_secret() {
    at_sizes("secret_typed", |width, height| {
        let mut wizard = Wizard::at("secret", width, height);
        wizard.press("Down Space");
        wizard.types("correct horse battery");
        wizard.press("Enter");
        wizard.types("correct horse");
        wizard
    });
    let mut wizard = Wizard::at("secret", 80, 24);
    wizard.press("Down Space");
    wizard.types("Correct-horse-battery-42-staple");
    wizard.press("Tab");
    wizard.types("Correct-horse-battery-42-staple");
    wizard.press("Ctrl-r");
    assert_snapshot!("secret_shown_80x24", wizard.shot());
}

#[test]
fn a_secret_that_cannot_be() {
    at_sizes("secret_forbidden", |width, height| {
        let mut wizard = Wizard::at("secret", width, height);
        wizard.press("Down Space");
        wizard.types("schlüsselwort");
        wizard
    });
    at_sizes("integrator_differs", |width, height| {
        let mut wizard = Wizard::at("integrator", width, height);
        wizard.press("Down Space");
        wizard.types("Correct-horse-battery-42");
        wizard.press("Tab");
        wizard.types("Correct-horse-battery-42");
        wizard
    });
    let mut wizard = Wizard::at("secret", 80, 24);
    wizard.press("Down Down Space");
    wizard.types("hunter2");
    assert_snapshot!("secret_no_reference_80x24", wizard.shot());
}

#[test]
fn a_secret_read_from_somewhere() {
    let mut wizard = Wizard::at("secret", 80, 24);
    wizard.press("Down Down Space");
    wizard.types("file:/run/secrets/shared");
    assert_snapshot!("secret_read_80x24", wizard.shot());
}

#[test]
fn what_will_hold_the_secret() {
    at_sizes("alignment", |width, height| Wizard::at("alignment", width, height));
    at_sizes("alignment_found", |width, height| {
        let mut wizard = Wizard::at("alignment", width, height);
        wizard.finds(&[Verdict::Aligned, Verdict::Aligned, Verdict::Differs, Verdict::CannotTell]);
        wizard
    });
    let mut wizard = Wizard::at("alignment", 80, 24);
    wizard.state.places = Places::Looking(wizard.state.now);
    wizard.passes(Duration::from_millis(300));
    assert_snapshot!("alignment_asking_80x24", wizard.shot());
    let mut unreadable = Wizard::at("alignment", 80, 24);
    let ticket = unreadable.state.ticket;
    unreadable.state.places = Places::Looking(unreadable.state.now);
    unreadable.send(Message::Looked(ticket, Err("/srv/estate cannot be read: permission denied".into())));
    assert_snapshot!("alignment_unreadable_80x24", unreadable.shot());
}

#[test]
fn the_plan() {
    at_sizes("review", |width, height| {
        let mut wizard = Wizard::at("review", width, height);
        let place = wizard.state.ready().expect("a plan").plan.steps.iter();
        let place = place.take_while(|step| !matches!(step, Step::CreatePlace { .. })).count();
        for _ in 0..place {
            wizard.press("Down");
        }
        wizard
    });
    let mut wizard = Wizard::at("review", 60, 16);
    wizard.press("Right");
    assert_snapshot!("review_text_60x16", wizard.shot());
}

#[test]
fn what_is_in_the_way() {
    at_sizes("review_in_the_way", |width, height| {
        let mut wizard = Wizard::at("components", width, height);
        wizard.press("Down Down Down Space Enter Tab Ctrl-u");
        wizard.types("two words");
        wizard.walk_to("secret");
        wizard.press("Down Space");
        wizard.walk_to("review");
        wizard
    });
    let mut wizard = Wizard::at("review", 80, 24);
    let refusal =
        Refusal::Interrupted { id: "20260101-install".into(), step: "Start PassPort".into(), remedy: "put it back" };
    wizard.state.review.draft = Draft::Refused(Refused::new(&refusal));
    assert_snapshot!("review_interrupted_80x24", wizard.shot());
}

#[test]
fn nothing_to_do_at_all() {
    let mut wizard = Wizard::at("alignment", 80, 24);
    wizard.state.review.draft = Draft::None;
    wizard.press("Enter r");
    let ticket = wizard.state.ticket;
    wizard.state.review.draft = Draft::Preparing(wizard.state.now, ticket);
    wizard.send(Message::Prepared(ticket, Box::new(Ok(nothing_to_do()))));
    assert_snapshot!("review_nothing_80x24", wizard.shot());
    wizard.press("Enter");
    assert_snapshot!("done_nothing_80x24", wizard.shot());
    wizard.press("Enter");
    assert_eq!(wizard.state.ended.expect("over").exit, Exit::Done);
}

#[test]
fn what_lies_over_a_page() {
    for (name, page, keys) in [
        ("help", "authority", "Tab F1"),
        ("keys", "components", "?"),
        ("pages", "secret", "F2"),
        ("origins", "review", "o"),
        ("consent", "review", "Enter"),
    ] {
        at_sizes(&format!("over_{name}"), |width, height| {
            let mut wizard = Wizard::at(page, width, height);
            wizard.press(keys);
            wizard
        });
    }
    let mut wizard = Wizard::at("components", 80, 24);
    wizard.press("Space Ctrl-q");
    assert_snapshot!("over_quit_80x24", wizard.shot());
}

#[test]
fn a_run_that_goes_well() {
    at_sizes("apply", |width, height| {
        let mut wizard = Wizard::new(width, height);
        wizard.consents();
        let step = wizard.runs_until(|step| matches!(step, Step::Start(process) if process.component == "passport"));
        wizard.send(Message::Progress(Event::Started(step)));
        wizard.state.now += Duration::from_millis(2300);
        wizard
    });
    at_sizes("registration", |width, height| {
        let mut wizard = Wizard::new(width, height);
        wizard.consents();
        let step = wizard.runs_until(|step| matches!(step, Step::Register { name, .. } if name == "Interchange"));
        wizard.send(Message::Progress(Event::Started(step)));
        wizard.follows();
        wizard
    });
    at_sizes("verification", |width, height| {
        let mut wizard = Wizard::new(width, height);
        wizard.consents();
        wizard.runs_until(|_| false);
        wizard.ends(Finished::Done);
        wizard.follows();
        wizard
    });
    at_sizes("verification_good", |width, height| {
        let mut wizard = Wizard::new(width, height);
        wizard.consents();
        let verify = wizard.runs_until(|step| matches!(step, Step::Verify));
        wizard.verifies(verify, &GOOD_PROBES);
        wizard.ends(Finished::Done);
        wizard.follows();
        wizard
    });
    at_sizes("done", |width, height| {
        let mut wizard = Wizard::new(width, height);
        wizard.consents();
        wizard.runs_until(|_| false);
        wizard.ends(Finished::Done);
        wizard.follows();
        wizard.press("Enter");
        wizard
    });
}

#[test]
fn a_run_that_fails() {
    at_sizes("apply_put_back", |width, height| {
        let mut wizard = Wizard::new(width, height);
        wizard.consents();
        let failed = wizard.runs_until(|step| matches!(step, Step::SetSecret { .. }));
        wizard.send(Message::Progress(Event::Started(failed)));
        let cause = "PassPort: no answer on /srv/estate/passport/run/admin.sock within 5 s";
        wizard.send(Message::Progress(Event::Failed(failed, cause.into())));
        wizard.send(Message::Progress(Event::PuttingBack));
        for step in (0..=failed).rev() {
            wizard.send(Message::Progress(Event::Undone(step)));
        }
        wizard.ends(Finished::PutBack);
        wizard
    });
    at_sizes("over_log", |width, height| {
        let mut wizard = Wizard::new(width, height);
        wizard.consents();
        let failed = wizard.runs_until(|step| matches!(step, Step::Register { .. }));
        wizard.send(Message::Progress(Event::Started(failed)));
        wizard.send(Message::Progress(Event::Failed(failed, "the secret was not accepted".into())));
        wizard.press("l");
        wizard
    });
    let mut wizard = Wizard::new(80, 24);
    wizard.consents();
    wizard.runs_until(|step| matches!(step, Step::Start(_)));
    wizard.send(Message::Progress(Event::Started(1)));
    wizard.send(Message::Progress(Event::Failed(1, "the port is taken".into())));
    wizard.send(Message::Progress(Event::PuttingBack));
    wizard.send(Message::Progress(Event::NotUndone(0, format!("{DIR}/passport: permission denied"))));
    let by_hand = vec![format!("undo \"Make PassPort's home passport\": {DIR}/passport: permission denied")];
    let outcome = Outcome { result: Finished::NotPutBack, by_hand, ..Outcome::nothing() };
    wizard.send(Message::RunEnded(Ok(outcome)));
    assert_snapshot!("apply_not_put_back_80x24", wizard.shot());
}

#[test]
fn a_registration_that_is_pending() {
    use crate::registration::state::State as Registration;
    let mut wizard = Wizard::new(80, 24);
    wizard.consents();
    let step = wizard.runs_until(|step| matches!(step, Step::Register { name, .. } if name == "Interchange"));
    wizard.send(Message::Progress(Event::Started(step)));
    wizard.send(Message::Progress(Event::Done(step, Duration::from_millis(120))));
    wizard.send(Message::Registration(step, Registration::WaitingValidation));
    let reason = Registration::WaitingValidation.message();
    let outcome = Outcome { changed: true, result: Finished::Pending, reason, ..Outcome::nothing() };
    wizard.send(Message::RunEnded(Ok(outcome)));
    wizard.follows();
    assert_snapshot!("registration_pending_80x24", wizard.shot());
}

#[test]
fn no_room() {
    assert_snapshot!("too_small_38x9", Wizard::new(38, 9).shot());
    assert_snapshot!("smallest_40x10", Wizard::at("authority", 40, 10).shot());
}

#[test]
fn where_few_keys_fit_those_of_the_focus_are_named() {
    let named = |page: &str, keys: &str, expected: &[&str]| {
        let mut wizard = Wizard::at(page, 40, 10);
        wizard.press(keys);
        let screen = wizard.screen();
        let footer = screen.lines().last().expect("a line");
        assert!(expected.iter().chain(&["F1"]).all(|key| footer.contains(key)), "{page}: {footer}");
    };
    named("components", "Down Down Down", &["Enter next", "Space select"]);
    named("authority", "Tab", &["Enter next", "Tab field"]);
    named("secret", "Down", &["Enter choose"]);
    named("secret", "Down Space", &["Enter next", "Ctrl-R show"]);
    named("secret", "Down Space x", &["Enter confirm", "Ctrl-R show"]);
    named("secret", "Down Space x Ctrl-r", &["Enter confirm", "Ctrl-R hide"]);
    named("review", "Down", &["Enter apply", "→ read"]);
}
