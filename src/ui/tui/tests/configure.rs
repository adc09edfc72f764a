//! An installed estate that is changed, and a run past its commit.

use std::path::{Path, PathBuf};

use insta::assert_snapshot;

use super::wizard::{DIR, Wizard};
use crate::apply::{Context, Event, Finished};
use crate::plan::{Plan, Process, Spot, Step, TakeOver};
use crate::ui::session::standing::Standing;
use crate::ui::session::{Prepared, Situation};
use crate::ui::tui::message::Message;
use crate::ui::tui::state::Draft;
use crate::ui::tui::text::standing as word;
use crate::wizard::{Answers, CONFIGURE, Origin, Value};

fn kept() -> Answers {
    let mut answers = Answers::default();
    for (id, value) in [("mode", CONFIGURE), ("secret.from", "keep"), ("estate.dir", DIR)] {
        answers.set(id, value.into(), Origin::Record).expect("a value");
    }
    answers
}

/// Over a folder with a whole estate.
fn over_an_estate(width: u16, height: u16) -> Wizard {
    let mut wizard = Wizard::new(width, height);
    let names = ["PassPort", "Integrator", "Interchange", "B2Bi", "B2Bi server"];
    let text = word::whole(&names, "localhost", 6453, 6666);
    let standing = Standing { usable: true, text, recorded: Some(Box::new(kept())), interrupted: None };
    let ticket = wizard.state.looked.expect("looked");
    wizard.send(Message::Stands(ticket, standing));
    wizard
}

fn change() -> Plan {
    let socket = PathBuf::from(DIR).join("passport/run/admin.sock");
    let home = PathBuf::from(DIR).join("b2bi");
    let moved = |name: &str, path: &str, key: &str| Step::WriteSecret {
        name: name.into(),
        spots: vec![Spot {
            component: name.to_lowercase(),
            home: home.clone(),
            path: home.join(path),
            format: if path.ends_with("xml") { "xml" } else { "properties" }.into(),
            key: key.into(),
            form: "plain".into(),
        }],
        online: vec![],
        takes_over: vec![TakeOver::Reload(
            Process { pid_file: home.join("run/x.pid"), ..Process::default() },
            vec!["countersign".into(), "b2bi".into(), "reload".into()],
        )],
        alone: false,
    };
    let (change, current) = ("c-1".to_owned(), "s-1".to_owned());
    Plan {
        act: CONFIGURE.into(),
        dir: DIR.into(),
        steps: vec![
            Step::EditFile {
                path: Path::new(DIR).join("estate.toml"),
                before: "https_port = 6453\n".into(),
                after: "https_port = 7453\n".into(),
            },
            Step::AddNext { socket: socket.clone(), change: change.clone(), current: current.clone() },
            moved("Integrator", "Integrator/conf/passport-access.properties", "passport.shared.secret"),
            moved("Interchange", "Interchange/conf/passport-access.xml", "sharedSecret"),
            Step::Promote { socket: socket.clone(), change: change.clone(), current, to: None },
            Step::Check,
        ],
        finish: vec![Step::SettleSecret { socket, change, window: Some(86400) }],
        ..Plan::default()
    }
}

fn at_review(width: u16, height: u16, plan: Plan) -> Wizard {
    let mut wizard = over_an_estate(width, height);
    wizard.walk_to("authority");
    wizard.press("Tab Tab Ctrl-u");
    wizard.types("7453");
    wizard.walk_to("secret");
    wizard.press("Down Space");
    wizard.walk_to("review");
    let ticket = wizard.state.ticket;
    wizard.state.review.draft = Draft::Preparing(wizard.state.now, ticket);
    let prepared = Prepared::new(plan, Context::default(), Situation::Configure);
    wizard.send(Message::Prepared(ticket, Box::new(Ok(prepared))));
    wizard
}

#[test]
fn it_opens_with_what_is_recorded_and_tells_what_changes() {
    for (width, height) in [(80, 24), (120, 40), (60, 16)] {
        assert_snapshot!(format!("configure_welcome_{width}x{height}"), over_an_estate(width, height).shot());
        assert_snapshot!(format!("configure_review_{width}x{height}"), at_review(width, height, change()).shot());
    }
    let mut wizard = over_an_estate(80, 24);
    wizard.walk_to("secret");
    assert_snapshot!("configure_secret_80x24", wizard.shot());
    wizard.press("Enter");
    assert!(wizard.shows("Keep it, the same as the authority"));
    let mut wizard = at_review(120, 40, change());
    wizard.press("o");
    assert_snapshot!("configure_origins_120x40", wizard.shot());
}

#[test]
fn without_a_change_there_is_nothing_to_do() {
    let nothing = Plan { act: CONFIGURE.into(), dir: DIR.into(), ..Plan::default() };
    let mut wizard = at_review(80, 24, nothing);
    assert!(wizard.shows("Nothing was changed"));
    wizard.press("Enter");
    assert!(wizard.state.on("done"));
}

#[test]
fn typing_another_folder_begins_a_new_estate() {
    let mut wizard = over_an_estate(80, 24);
    assert!(wizard.shows("Configure may change"));
    wizard.types("-other");
    assert!(wizard.shows("Install") && !wizard.shows("Configure"));
    wizard.walk_to("secret");
    assert!(wizard.shows("● Generate a strong one") && !wizard.shows("Keep the present"));
}

#[test]
fn an_answer_for_a_new_estate_is_not_overruled() {
    let mut wizard = Wizard::new(80, 24);
    wizard.state.answers.set("mode", "install".into(), Origin::Answers).expect("a mode");
    let standing = Standing { usable: true, text: "whole".into(), recorded: Some(Box::new(kept())), interrupted: None };
    let ticket = wizard.state.looked.expect("looked");
    wizard.send(Message::Stands(ticket, standing));
    assert!(!wizard.state.answers.configures());
    assert_eq!(wizard.state.answers.value("secret.from"), &Value::Text("generate".into()));
}

#[test]
fn past_the_commit_one_may_quit() {
    let mut wizard = at_review(80, 24, change());
    wizard.press("Enter y");
    for step in 0..5 {
        wizard.send(Message::Progress(Event::Started(step)));
        wizard.send(Message::Progress(Event::Done(step, std::time::Duration::from_millis(120))));
    }
    assert_snapshot!("configure_apply_80x24", wizard.shot());
    wizard.press("Ctrl-q");
    assert!(!wizard.state.leaving);
    wizard.send(Message::Progress(Event::Started(5)));
    wizard.send(Message::Progress(Event::Done(5, std::time::Duration::from_millis(120))));
    wizard.send(Message::Progress(Event::Committed));
    wizard.press("F2 9");
    assert_snapshot!("configure_committed_80x24", wizard.shot());
    wizard.press("Ctrl-q");
    assert!(wizard.state.leaving && wizard.state.ended.is_none());
    wizard.send(Message::Progress(Event::Finished(0)));
    wizard.ends(Finished::Done);
    assert_eq!(wizard.state.ended.expect("over").exit, crate::exit::Exit::Done);
}
