//! An interrupted change, found on the first page.

use std::collections::BTreeMap;
use std::time::Duration;

use insta::assert_snapshot;

use super::wizard::{DIR, Wizard, prepared};
use crate::apply::journal::{Begun, Unfinished};
use crate::apply::{Event, Finished};
use crate::exit::Exit;
use crate::ui::session::interrupted::Interrupted;
use crate::ui::session::obstacle::Refused;
use crate::ui::session::standing::Standing;
use crate::ui::session::{Refusal, Way as Course};
use crate::ui::tui::message::{Effect, Message};
use crate::ui::tui::state::{Draft, Overlay};
use crate::wizard::Answers;

/// An installation that stopped in its fifth step.
fn found(width: u16, height: u16) -> Wizard {
    let begun = |step| Begun { step, done: step < 4, before: Vec::new() };
    let change = Unfinished {
        id: "20260101-000000-install".into(),
        // No time zone moves what is no time.
        time: "yesterday".into(),
        plan: prepared(&Answers::default()).plan,
        sealed: BTreeMap::new(),
        begun: (0..5).map(begun).collect(),
        committed: false,
        finished: Vec::new(),
    };
    let mut wizard = Wizard::new(width, height);
    wizard.press("Ctrl-u");
    wizard.types(DIR);
    let interrupted = Interrupted::new(change);
    let text = interrupted.text.clone();
    let standing = Standing { usable: false, text, recorded: None, interrupted: Some(Box::new(interrupted)) };
    wizard.state.focus.clear();
    let ticket = wizard.state.looked.expect("looked");
    wizard.send(Message::Stands(ticket, standing));
    wizard
}

#[test]
fn it_offers_both_ways() {
    for (width, height) in [(80, 24), (120, 40), (60, 16)] {
        assert_snapshot!(format!("interrupted_{width}x{height}"), found(width, height).shot());
    }
    let mut wizard = found(80, 24);
    wizard.press("Enter");
    assert_snapshot!("interrupted_consent_80x24", wizard.shot());
    wizard.press("n Tab");
    assert!(wizard.state.run.is_none());
    wizard.press("Ctrl-c y");
    assert_eq!(wizard.state.ended.expect("over").exit, Exit::Interrupted);
}

#[test]
fn finishing_it_goes_on_where_it_stopped() {
    let mut wizard = found(80, 24);
    wizard.press("Enter");
    assert_eq!(wizard.state.overlay, Some(Overlay::Settle(Course::Resume)));
    wizard.press("y");
    assert_eq!(wizard.effects.last(), Some(&Effect::Settle(Course::Resume)));
    let steps = wizard.plan().steps;
    for (step, done) in steps.iter().enumerate().skip(4) {
        if step == 6 {
            assert_snapshot!("interrupted_resumes_80x24", wizard.shot());
        }
        wizard.runs(step, done);
    }
    wizard.ends(Finished::Done);
    wizard.follows();
    wizard.press("Enter");
    assert!(wizard.state.on("done") && wizard.shows("set up and verified"));
    wizard.press("Enter");
    assert_eq!(wizard.state.ended.expect("over").exit, Exit::Done);
}

#[test]
fn putting_it_back_leads_to_the_first_page() {
    let mut wizard = found(80, 24);
    wizard.press("Down Enter y");
    assert_eq!(wizard.effects.last(), Some(&Effect::Settle(Course::PutBack)));
    wizard.send(Message::Progress(Event::PuttingBack));
    for step in (2..4).rev() {
        wizard.send(Message::Progress(Event::Undone(step)));
    }
    assert_snapshot!("interrupted_put_back_80x24", wizard.shot());
    for step in (0..2).rev() {
        wizard.send(Message::Progress(Event::Undone(step)));
    }
    wizard.ends(Finished::PutBack);
    wizard.passes(Duration::from_secs(1));
    assert!(wizard.shows("Everything was put back as it was before"));
    wizard.press("Enter");
    assert!(wizard.state.on("welcome") && wizard.state.run.is_none());
}

#[test]
fn leaving_when_all_is_back_is_what_was_asked_for() {
    let mut wizard = found(80, 24);
    wizard.press("Down Enter y");
    wizard.send(Message::Progress(Event::PuttingBack));
    wizard.ends(Finished::PutBack);
    wizard.press("Ctrl-q y");
    assert_eq!(wizard.state.ended.expect("over").exit, Exit::Done);
}

#[test]
fn a_run_that_left_something_undone_leads_to_the_first_page_at_one_key() {
    for (result, key, shown) in
        [(Finished::NotPutBack, "b", "b roll back"), (Finished::Interrupted, "f", "f finish it")]
    {
        let mut wizard = Wizard::new(80, 24);
        wizard.consents();
        wizard.runs_until(|_| false);
        wizard.ends(result);
        wizard.follows();
        assert!(wizard.shows(shown), "{}", wizard.screen());
        let looks = |wizard: &Wizard| wizard.effects.iter().filter(|one| matches!(one, Effect::Detect(_))).count();
        let before = looks(&wizard);
        wizard.press(key);
        assert!(wizard.state.on("welcome") && wizard.state.run.is_none());
        assert_eq!(looks(&wizard), before + 1, "what stands in the folder now is looked at");
    }
}

#[test]
fn review_leads_to_an_interrupted_change_that_came_in_between() {
    let mut wizard = Wizard::at("review", 80, 24);
    let refusal = Refusal::Interrupted { id: "x".into(), step: "Start PassPort".into(), remedy: "put it back" };
    wizard.state.review.draft = Draft::Refused(Refused::new(&refusal));
    let looked = wizard.state.looked;
    wizard.press("Enter");
    assert!(wizard.state.on("welcome") && wizard.state.looked != looked, "the folder is looked at once more");
}

#[test]
fn a_refusal_is_told_on_the_first_page() {
    let mut wizard = found(80, 24);
    wizard.press("Enter y");
    wizard.send(Message::RunEnded(Err(Refusal::Held("process 7".into()))));
    assert!(wizard.state.on("welcome") && wizard.shows("another run holds this estate"));
}
