//! Going on from where the wizard was left, and leaving it so that one can.

use std::ops::ControlFlow;

use super::console::Reply;
use super::question::numbered;
use super::{Passed, Wizard, folder, text, walk};
use crate::ui::session::Ended;
use crate::ui::session::bookmark::{Bookmark, Leaves, Slot};
use crate::ui::words::bookmark as word;

/// Offers to go on from there, if the wizard was left before; the question to begin with.
pub fn offer(wizard: &mut Wizard, slot: Option<&Slot>) -> Passed {
    match slot.map_or(Ok(None), Slot::look) {
        Ok(Some(bookmark)) => ask(wizard, &bookmark),
        Ok(None) => ControlFlow::Continue(0),
        Err(why) => {
            wizard.console.text(&why);
            ControlFlow::Continue(0)
        }
    }
}

fn ask(wizard: &mut Wizard, bookmark: &Bookmark) -> Passed {
    wizard.console.text(&bookmark.about());
    loop {
        for (at, way) in [word::GO_ON, word::BEGIN_ANEW].into_iter().enumerate() {
            wizard.console.lines(&text::numbered(at + 1, way));
        }
        match wizard.console.ask(&text::line(text::NUMBER, "1")) {
            Reply::Quit => return ControlFlow::Break(wizard.left()),
            Reply::Help => wizard.console.text(word::ASKED_AGAIN),
            Reply::Back | Reply::Pages => wizard.console.lines(text::FIRST),
            Reply::Text(said) if said.is_empty() => return take_up(wizard, bookmark),
            Reply::Text(said) => match numbered(&[true, false], &said) {
                Some(true) => return take_up(wizard, bookmark),
                Some(false) => return ControlFlow::Continue(0),
                None => wizard.console.lines(text::NO_SUCH_NUMBER),
            },
        }
    }
}

/// The answers that were typed come back. What stands in the folder is looked at first: it decides what is asked.
fn take_up(wizard: &mut Wizard, bookmark: &Bookmark) -> Passed {
    bookmark.restore(&mut wizard.answers);
    wizard.console.text(word::ASKED_AGAIN);
    let usable = folder::look(wizard)?;
    ControlFlow::Continue(if usable { walk::beginning(&bookmark.page) } else { 0 })
}

/// The end, and what of it the next start can go on from.
pub fn leave(wizard: &Wizard, slot: Option<&Slot>, ended: Ended) -> Ended {
    let result = ended.outcome.as_ref().map(|outcome| outcome.result);
    let leaves = Leaves::of(&wizard.answers, result, wizard.page, wizard.furthest);
    Ended { kept: leaves.settle(slot), ..ended }
}
