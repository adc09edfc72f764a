//! How the views look, at the sizes that matter.

use std::time::Duration;

use insta::assert_snapshot;

use super::given::Console;
use crate::ui::tui::console::message::Message;
use crate::ui::tui::console::text;
use crate::ui::tui::console::views::Tab;

const SIZES: [(u16, u16); 3] = [(80, 24), (120, 40), (60, 16)];

fn at_sizes(name: &str, console: impl Fn(u16, u16) -> Console) {
    for (width, height) in SIZES {
        assert_snapshot!(format!("{name}_{width}x{height}"), console(width, height).shot());
    }
}

#[test]
fn every_view() {
    for tab in Tab::ALL {
        at_sizes(&tab.view().title.to_lowercase(), |width, height| Console::at(tab, width, height));
    }
}

#[test]
fn what_lies_over_a_view() {
    for (name, tab, keys) in [
        ("keys", Tab::Requests, "?"),
        ("details", Tab::Certificates, "Down Down Down Enter"),
        ("approve", Tab::Requests, "a"),
        ("sign", Tab::Requests, "Down a"),
        ("set", Tab::Properties, "Down Enter"),
    ] {
        at_sizes(&format!("over_{name}"), |width, height| {
            let mut console = Console::at(tab, width, height);
            console.press(keys);
            console
        });
    }
    at_sizes("over_refuse", |width, height| {
        let mut console = Console::at(Tab::Requests, width, height);
        console.press("x");
        console.types("not one of ours");
        console.press("Enter");
        console
    });
}

#[test]
fn what_became_of_things() {
    let mut console = Console::new(80, 24);
    console.send(Message::Acted(Ok("r-4ghk2m9t: Registered".into())));
    assert_snapshot!("acted_80x24", console.shot());
    let mut console = Console::at(Tab::Properties, 80, 24);
    console.press("Down Enter 0 Enter y");
    console.send(Message::Acted(Err("am.registration.certificate.validity must be a length of time".into())));
    assert_snapshot!("refused_80x24", console.shot());
    let mut console = Console::new(80, 24);
    console.send(Message::Away(text::NOT_RUNNING.into()));
    assert_snapshot!("away_80x24", console.shot());
    let mut console = Console::at(Tab::Certificates, 80, 24);
    console.press("/");
    console.types("gate");
    assert_snapshot!("filtering_80x24", console.shot());
    let mut console = Console::bare(80, 24);
    console.passes(Duration::from_millis(300));
    assert_snapshot!("asking_80x24", console.shot());
    let mut console = Console::at(Tab::Audit, 80, 24);
    console.press("PgUp");
    assert_snapshot!("audit_paused_80x24", console.shot());
}
