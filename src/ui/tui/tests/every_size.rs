//! No size of the window makes any page fail.

use std::time::Duration;

use ratatui::layout::Size;

use super::doctor;
use super::wizard::{GOOD_PROBES, Wizard};
use crate::alignment::Verdict;
use crate::apply::{Event, Finished};
use crate::plan::Step;
use crate::ui::tui::message::Message;
use crate::wizard::{Answers, Origin, Value, pages};

/// The largest window.
const MOST: (u16, u16) = (200, 60);
/// Where the layout changes, and the smallest and largest there are.
const EDGES: [(u16, u16); 13] = [
    (1, 1),
    (200, 1),
    (1, 60),
    (39, 10),
    (40, 9),
    (40, 10),
    (59, 16),
    (60, 15),
    (60, 16),
    (89, 24),
    (90, 24),
    (109, 30),
    (200, 60),
];

/// Every page, in every state, and what can lie over it.
fn everything() -> Vec<Wizard> {
    let mut all: Vec<Wizard> = pages()
        .iter()
        .take_while(|page| page.id != "apply")
        .filter(|page| (page.visible_if)(&Answers::default()))
        .flat_map(|page| ["Ctrl-l", "F1", "F2", "?", "Enter", "o", "Right"].map(|key| (page.id, key)))
        .map(|(page, key)| walked(page, key))
        .collect();
    let mut gateway = Wizard::new(80, 24);
    let selected = Value::List(["passport", "api-gateway"].map(str::to_owned).to_vec());
    gateway.state.answers.set("components", selected, Origin::Typed).expect("a list");
    gateway.walk_to("repository-1");
    all.push(gateway);
    all.push(walked("components", "Down Down Down Space"));
    all.push(walked("authority", "Tab Tab Ctrl-u"));
    all.push(walked("review", "Ctrl-q"));
    for typed in ["wide \u{65e5}\u{672c}\u{8a9e} ".repeat(20), "schl\u{fc}ssel".into(), "Correct-horse-42".into()] {
        for page in ["secret", "integrator"] {
            let mut wizard = walked(page, "Down Space");
            wizard.types(&typed);
            wizard.press("Ctrl-r Tab");
            wizard.types(&typed);
            all.push(wizard);
        }
    }
    let mut reads = walked("secret", "Down Down Space");
    reads.types("hunter2");
    all.push(reads);
    let mut found = walked("alignment", "Ctrl-l");
    found.finds(&[Verdict::Aligned, Verdict::Differs, Verdict::Missing, Verdict::CannotTell]);
    all.push(found);
    for page in 0..4 {
        all.push(run_on(page));
        let mut with_log = run_on(page);
        with_log.press("l");
        all.push(with_log);
    }
    for key in ["Ctrl-l", "?"] {
        let mut asked = doctor::put_back(80, 24);
        asked.press("d");
        doctor::answers(&mut asked, Ok(doctor::report()));
        asked.press(key);
        all.push(asked);
    }
    for result in [Finished::PutBack, Finished::NotPutBack, Finished::Interrupted, Finished::Pending] {
        all.push(failed(result));
    }
    all
}

fn walked(page: &str, keys: &str) -> Wizard {
    let mut wizard = Wizard::at(page, 80, 24);
    wizard.press(keys);
    wizard
}

/// A good run, so many pages on.
fn run_on(pages: usize) -> Wizard {
    let mut run = Wizard::new(80, 24);
    run.consents();
    let verify = run.runs_until(|step| matches!(step, Step::Verify));
    run.verifies(verify, &GOOD_PROBES);
    run.ends(Finished::Done);
    for _ in 0..pages {
        run.passes(Duration::from_secs(1));
    }
    if pages == 3 {
        run.press("Enter");
    }
    run
}

fn failed(result: Finished) -> Wizard {
    let mut failed = Wizard::new(80, 24);
    failed.consents();
    failed.send(Message::Progress(Event::Started(0)));
    failed.send(Message::Progress(Event::Failed(0, "why ".repeat(40))));
    failed.ends(result);
    failed
}

fn draws(wizard: &mut Wizard, (width, height): (u16, u16)) {
    wizard.send(Message::Resize(Size::new(width, height)));
    let _ = wizard.buffer();
}

/// One test walks half of the sizes, so that two can walk at once. Every size shows some of the pages, and every page
/// is shown at sizes of every kind.
fn walk(parity: usize) {
    let mut all = everything();
    let pages = all.len();
    let sizes = (1..=MOST.1).flat_map(|height| (1..=MOST.0).map(move |width| (width, height)));
    // Every other size, or the ones between; the next page with each.
    for (at, size) in sizes.enumerate().filter(|(at, _)| at % 2 == parity) {
        draws(&mut all[at / 2 % pages], size);
    }
}

#[test]
fn every_second_size_can_be_drawn() {
    walk(0);
}

#[test]
fn the_sizes_between_can_be_drawn() {
    walk(1);
}

#[test]
fn every_page_can_be_drawn_and_scrolled_where_the_layout_changes() {
    for mut wizard in everything() {
        for size in EDGES {
            draws(&mut wizard, size);
            wizard.press("PgDn Down PgDn PgUp Up");
            let _ = wizard.buffer();
        }
    }
}
