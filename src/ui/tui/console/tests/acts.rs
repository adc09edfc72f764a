//! What is asked before an act, and what becomes of it.

use super::given::Console;
use crate::ui::tui::console::message::{Act, Covers, Effect, Message};
use crate::ui::tui::console::views::Tab;

/// The acts that the authority would have been given.
fn acts(console: &Console) -> Vec<Act> {
    let act = |effect: &Effect| match effect {
        Effect::Do(act) => Some(act.clone()),
        _ => None,
    };
    console.effects.iter().filter_map(act).collect()
}

#[test]
fn nothing_is_approved_without_a_question_and_each_step_has_its_key() {
    for (keys, covers) in [("a y", Covers::Validation), ("a b", Covers::Both), ("Enter a y", Covers::Validation)] {
        let mut console = Console::new(80, 24);
        console.press(keys);
        assert_eq!(acts(&console), [Act::Approve("r-4ghk2m9t".into(), covers)], "{keys}");
    }
    let mut console = Console::new(80, 24);
    console.press("Down a b y");
    assert_eq!(acts(&console), [Act::Approve("r-7pq3wxyz".into(), Covers::Signing)]);
    // Once is enough, however often it is pressed before the answer.
    console.press("y y");
    assert_eq!(acts(&console).len(), 1);
    console.send(Message::Acted(Ok("r-7pq3wxyz: Registered".into())));
    assert!(console.state.overlay.is_none() && console.shows("✓ r-7pq3wxyz: Registered"));
    for keys in ["y", "b", "a n y", "a Esc y", "Down Down a y", "Down Down x"] {
        let mut console = Console::new(80, 24);
        console.press(keys);
        assert_eq!(acts(&console), [], "{keys}");
    }
}

#[test]
fn a_refusal_needs_a_reason_and_a_yes() {
    let mut console = Console::new(80, 24);
    console.press("x Enter");
    assert!(console.shows("type a reason"));
    console.types("yes, a quite unknown host ");
    console.press("y Enter");
    assert_eq!(acts(&console), []);
    console.press("n");
    console.types("!");
    console.press("Enter y");
    let reason = "yes, a quite unknown host y!".to_owned();
    assert_eq!(acts(&console), [Act::Refuse("r-4ghk2m9t".into(), reason.clone())]);
    // What the authority does not take can be mended.
    console.send(Message::Acted(Err("the reason must be one line".into())));
    assert!(console.shows("the reason must be one line") && console.shows(&reason));
    console.press("Esc");
    assert!(console.state.overlay.is_none());
}

#[test]
fn a_property_is_changed_by_what_is_typed_and_consented_to() {
    let mut console = Console::at(Tab::Properties, 80, 24);
    console.press("Down Down Down Enter Enter");
    assert!(console.state.overlay.is_none(), "nothing was changed, so nothing is asked");
    console.press("Enter Ctrl-u");
    console.types("auto");
    console.press("Enter");
    assert_eq!(acts(&console), []);
    console.press("y");
    assert_eq!(acts(&console), [Act::Set("am.registration.signing".into(), "auto".into())]);
    console.send(Message::Acted(Ok("am.registration.signing = auto".into())));
    assert!(console.shows("✓ am.registration.signing = auto"));
}
