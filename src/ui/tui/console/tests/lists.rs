//! Going through lists that change, and filtering them.

use super::given::{Console, part, row};
use crate::ui::tui::console::data::{Part, Request, Since};
use crate::ui::tui::console::message::{Effect, Message};
use crate::ui::tui::console::views::Tab;

fn requests() -> Vec<Request> {
    match part(Tab::Requests) {
        Part::Requests(all) => all,
        _ => unreachable!("the requests"),
    }
}

#[test]
fn the_same_row_stays_pointed_at_when_others_come_and_go() {
    let mut console = Console::new(80, 24);
    console.press("Down");
    assert_eq!(console.state.selected().as_deref(), Some("r-7pq3wxyz"));
    let mut more = requests();
    let newer = Request { id: "r-newer".into(), ..more[0].clone() };
    more.insert(0, newer);
    console.tell(Part::Requests(more.clone()));
    assert_eq!(console.state.selected().as_deref(), Some("r-7pq3wxyz"));
    // When it is gone, what stands in its place.
    more.retain(|request| request.id != "r-7pq3wxyz");
    console.tell(Part::Requests(more));
    assert_eq!(console.state.selected().as_deref(), Some("r-4ghk2m9t"));
    console.tell(Part::Requests(Vec::new()));
    assert_eq!(console.state.selected(), None);
    console.press("a x Enter Down PgUp");
    assert!(console.state.overlay.is_none() && console.shows("No component has asked"));
}

#[test]
fn the_audit_follows_its_end_until_one_goes_up() {
    let mut console = Console::at(Tab::Audit, 80, 24);
    assert_eq!(console.state.selected().as_deref(), Some("340"));
    console.tell(Part::Audit(vec![row(341)], Since::TheLast));
    assert_eq!(console.state.selected().as_deref(), Some("341"));
    console.press("Up Up");
    console.tell(Part::Audit(vec![row(342)], Since::TheLast));
    assert_eq!(console.state.selected().as_deref(), Some("339"));
    assert!(console.shows("paused") && console.shows("End follow"));
    console.press("End");
    console.tell(Part::Audit(vec![row(343)], Since::TheLast));
    assert_eq!(console.state.selected().as_deref(), Some("343"));
    assert!(!console.shows("paused"));
    // What came in between and was too much to tell takes the place of all.
    console.tell(Part::Audit(vec![row(900)], Since::Nothing));
    assert_eq!(console.state.data.audit.as_ref().map(Vec::len), Some(1));
    for id in 1..5000 {
        console.state.data.take(Part::Audit(vec![row(id)], Since::TheLast));
    }
    assert_eq!(console.state.data.audit.as_ref().map(Vec::len), Some(2000));
}

#[test]
fn a_filter_is_kept_for_its_view_and_letters_are_text_while_it_is_typed() {
    let mut console = Console::at(Tab::Certificates, 80, 24);
    console.press("/");
    console.types("axq");
    assert!(console.state.overlay.is_none() && !console.state.over);
    assert!(console.shows("Nothing fits the filter."));
    console.press("Backspace Backspace Backspace");
    console.types("GATE");
    console.press("Enter");
    assert!(console.shows("1/1 of 8") && console.shows("filter \"GATE\""), "{}", console.screen());
    console.press("Tab 4");
    assert!(console.shows("1/1 of 8"));
    console.press("Esc");
    assert!(console.shows("1/8"));
}

#[test]
fn every_view_is_one_key_away_and_asked_for() {
    let mut console = Console::new(80, 24);
    console.effects.clear();
    console.press("Tab 5 Shift-Tab Shift-Tab 1 Left");
    let shown = [Tab::Components, Tab::Audit, Tab::Certificates, Tab::Secrets, Tab::Requests, Tab::Properties];
    assert_eq!(console.effects, shown.map(Effect::Show));
    console.press("q");
    assert!(console.state.over);
}

#[test]
fn an_authority_that_goes_away_and_comes_back_changes_nothing_else() {
    let mut console = Console::new(80, 24);
    console.press("Down");
    console.send(Message::Away("Connection refused".into()));
    assert!(console.shows("does not answer") && console.shows("r-7pq3wxyz"));
    console.tell(part(Tab::Requests));
    assert!(!console.shows("does not answer"));
    assert_eq!(console.state.selected().as_deref(), Some("r-7pq3wxyz"));
}
