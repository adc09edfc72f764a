//! The doctor, asked at a key where a run did not end well.

use std::time::{Duration, Instant};

use insta::assert_snapshot;

use super::wizard::Wizard;
use crate::apply::{Event, Finished};
use crate::doctor::codes::Code;
use crate::doctor::{Finding, Report, Verdict};
use crate::estate::record::FILE;
use crate::plan::Step;
use crate::profile::Values;
use crate::ui::tui::handover::Handover;
use crate::ui::tui::message::{Effect, Message};
use crate::ui::tui::modes::Modes;
use crate::ui::tui::state::Overlay;
use crate::ui::tui::theme::{Look, Theme};
use crate::ui::tui::update::doctor::go_on;

/// Consents to a plan of this act. The one that was made installs; a change finds the estate's record there.
fn consents_to(wizard: &mut Wizard, act: &str) {
    wizard.consents();
    let plan = &mut wizard.state.run.as_mut().expect("a run").plan;
    plan.act = act.into();
    for step in plan.steps.iter_mut().filter(|_| act == "configure") {
        if let Step::CreateFile { path, content } = step
            && path.ends_with(FILE)
        {
            *step = Step::EditFile { path: path.clone(), before: String::new(), after: content.clone() };
        }
    }
}

/// A change of an installed estate that failed at the start of an engine.
pub fn put_back(width: u16, height: u16) -> Wizard {
    let mut wizard = Wizard::new(width, height);
    consents_to(&mut wizard, "configure");
    let failed = wizard.runs_until(|step| matches!(step, Step::Start(process) if process.component == "integrator"));
    wizard.send(Message::Progress(Event::Started(failed)));
    wizard.send(Message::Progress(Event::Failed(failed, "Integrator is not ready within 30 s".into())));
    wizard.send(Message::Progress(Event::PuttingBack));
    for step in (0..=failed).rev() {
        wizard.send(Message::Progress(Event::Undone(step)));
    }
    wizard.ends(Finished::PutBack);
    wizard
}

pub fn report() -> Report {
    let values = Values::default()
        .with("host", "localhost")
        .with("port", "6453")
        .with("file", "b2bi/Interchange/conf/passport-access.xml");
    let finding = |code, verdict, component, place: &str, detail: &str| {
        Finding::new(code, verdict, component, place, detail, &values)
    };
    let refused =
        |component| finding(Code::PortClosed, Verdict::Trouble, component, "localhost:6453", "Connection refused");
    Report::new(vec![
        refused("integrator"),
        refused("interchange"),
        finding(
            Code::OpenToOthers,
            Verdict::Warning,
            "interchange",
            "b2bi/Interchange/conf/passport-access.xml",
            "its mode is 0644",
        ),
        finding(Code::NoAnswer, Verdict::CannotTell, "api-gateway", "PassPort - local: passport:6453", "no answer"),
        finding(Code::Fine, Verdict::Fine, "api-gateway", "PassPort - other: other:6453", "Registered"),
    ])
}

/// The ticket of the question that was asked last.
fn asked(wizard: &Wizard) -> Option<u64> {
    wizard.effects.iter().rev().find_map(|effect| match effect {
        Effect::Diagnose(ticket) => Some(*ticket),
        _ => None,
    })
}

pub fn answers(wizard: &mut Wizard, result: Result<Report, String>) {
    let ticket = asked(wizard).expect("asked");
    wizard.send(Message::Diagnosed(ticket, result));
}

#[test]
fn what_it_finds_lies_over_the_failure() {
    for (width, height) in [(80, 24), (120, 40), (60, 16)] {
        let mut wizard = put_back(width, height);
        assert_snapshot!(format!("doctor_is_offered_{width}x{height}"), wizard.shot());
        wizard.press("d");
        assert!(!wizard.shows("looking at files"), "what is quick is not shown as work");
        wizard.passes(Duration::from_millis(300));
        if width == 80 {
            assert_snapshot!("doctor_looks_80x24", wizard.shot());
        }
        assert!(wizard.state.moves());
        answers(&mut wizard, Ok(report()));
        assert!(!wizard.state.moves());
        assert_snapshot!(format!("doctor_{width}x{height}"), wizard.shot());
        wizard.press("Esc");
        assert!(wizard.state.overlay.is_none() && wizard.shows("Integrator is not ready"));
    }
}

#[test]
fn it_looks_again_and_an_earlier_answer_counts_no_more() {
    let mut wizard = put_back(80, 24);
    wizard.press("d");
    let first = asked(&wizard).expect("asked");
    wizard.press("r");
    wizard.send(Message::Diagnosed(first, Ok(report())));
    assert!(!wizard.shows("trouble"));
    answers(&mut wizard, Err("the folder cannot be read".into()));
    assert!(wizard.shows("the folder cannot be read"));
    wizard.press("d");
    assert_eq!(wizard.state.overlay, None, "the key that opened it closes it, too");
}

#[test]
fn it_is_offered_where_a_failure_left_an_estate_to_look_at() {
    for (act, result, offered) in [
        ("configure", Finished::NotPutBack, true),
        ("configure", Finished::Interrupted, true),
        ("configure", Finished::Done, false),
        ("install", Finished::Pending, true),
        ("install", Finished::PutBack, false),
        // The first change of a site makes the record.
        ("change", Finished::PutBack, false),
        ("uninstall", Finished::PutBack, true),
        ("uninstall", Finished::Interrupted, false),
    ] {
        let mut wizard = Wizard::new(120, 40);
        consents_to(&mut wizard, act);
        wizard.runs_until(|step| matches!(step, Step::Start(_)));
        wizard.ends(result);
        wizard.follows();
        assert_eq!(wizard.shows("d doctor"), offered, "{act}: {}", wizard.screen());
        if offered && result != Finished::PutBack {
            wizard.press("Enter Enter Enter");
            assert!(wizard.state.on("done") && wizard.shows("d doctor"), "{act}: {}", wizard.screen());
        }
    }
}

#[test]
fn the_process_that_goes_on_asks_once_more() {
    let mut wizard = put_back(80, 24);
    wizard.press("d");
    let handover = Handover::of(&mut wizard.state, Modes::default()).expect("a run");
    let look = Look::new(Theme::Terminal, false);
    let mut state = handover.into_state(look, "alpha".into(), wizard.state.size, Instant::now());
    assert!(matches!(go_on(&mut state)[..], [Effect::Diagnose(_)]));
    assert_eq!(state.overlay, Some(Overlay::Doctor));
}
