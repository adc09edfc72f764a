//! No size of the window makes any page fail.

use std::time::Duration;

use ratatui::layout::Size;

use super::wizard::Wizard;
use crate::apply::{Event, Finished};
use crate::ui::tui::message::Message;
use crate::wizard::{Answers, Origin, Value, pages};

/// Every page, and what can lie over it.
fn everything() -> Vec<Wizard> {
    let mut all: Vec<Wizard> = pages()
        .iter()
        .take_while(|page| page.id != "apply")
        .filter(|page| (page.visible_if)(&Answers::default()))
        .flat_map(|page| ["Ctrl-l", "F1", "F2", "?", "Enter", "o", "Right"].map(|key| (page.id, key)))
        .map(|(page, key)| {
            let mut wizard = Wizard::at(page, 80, 24);
            wizard.press(key);
            wizard
        })
        .collect();
    let mut gateway = Wizard::new(80, 24);
    let selected = Value::List(["passport", "api-gateway"].map(str::to_owned).to_vec());
    gateway.state.answers.set("components", selected, Origin::Typed).expect("a list");
    gateway.walk_to("repository-1");
    all.push(gateway);
    let mut typed = Wizard::at("secret", 80, 24);
    typed.press("Down Space");
    typed.types(&"wide 日本語 ".repeat(20));
    typed.press("Ctrl-r");
    all.push(typed);
    for page in 0..4 {
        let mut run = Wizard::new(80, 24);
        run.consents();
        run.runs_until(|_| false);
        run.ends(Finished::Done);
        for _ in 0..page {
            run.passes(Duration::from_secs(1));
        }
        if page == 3 {
            run.press("Enter");
        }
        all.push(run);
    }
    let mut failed = Wizard::new(80, 24);
    failed.consents();
    failed.send(Message::Progress(Event::Started(0)));
    failed.send(Message::Progress(Event::Failed(0, "why ".repeat(40))));
    failed.ends(Finished::PutBack);
    all.push(failed);
    all
}

#[test]
fn every_page_can_be_drawn_and_scrolled_at_every_size() {
    for mut wizard in everything() {
        for (width, height) in
            (1..=130).step_by(13).flat_map(|width| (1..=50).step_by(7).map(move |height| (width, height)))
        {
            wizard.send(Message::Resize(Size::new(width, height)));
            let _ = wizard.buffer();
        }
        for (width, height) in [(1, 1), (39, 10), (40, 9), (40, 10), (59, 16), (60, 15), (60, 16), (89, 24), (90, 24)] {
            wizard.send(Message::Resize(Size::new(width, height)));
            wizard.press("PgDn Down PgDn PgUp Up");
            let _ = wizard.buffer();
        }
    }
}
