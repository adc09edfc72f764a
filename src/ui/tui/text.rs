//! Everything the wizard says, besides what pages, fields, profiles and steps say of themselves.

use std::time::Duration;

pub use crate::ui::words::*;

/// The product, in the header.
pub const PRODUCT: &str = "Countersign";
/// Where there is no room for anything else.
pub const TOO_SMALL: &str = "make the window larger";

/// What keys do, in the footer and on the key sheet.
pub mod keys {
    pub const ALL_KEYS: &str = "all keys";
    pub const ASK_AGAIN: &str = "ask again";
    pub const APPLY: &str = "apply";
    pub const BACK: &str = "back";
    pub const BEGIN_ANEW: &str = "begin anew";
    pub const CHOOSE: &str = "choose";
    pub const CLOSE: &str = "close";
    pub const CONFIRM: &str = "confirm";
    pub const COMPLETE: &str = "add the rest";
    pub const DOCTOR: &str = "doctor";
    pub const DOWN: &str = "down";
    pub const FIELD: &str = "field";
    pub const FINISH: &str = "finish";
    pub const FINISH_IT: &str = "finish it";
    pub const GO_ON: &str = "go on";
    pub const GO_THERE: &str = "go there";
    pub const GO_TO_IT: &str = "go to it";
    pub const HELP: &str = "help";
    pub const HIDE: &str = "hide";
    pub const LEAVE: &str = "leave";
    pub const LIST: &str = "steps";
    pub const LOG: &str = "log";
    pub const LOOK_AGAIN: &str = "look again";
    pub const NEXT: &str = "next";
    pub const NEXT_FIELD: &str = "next field";
    pub const NOT_YET: &str = "not yet";
    pub const OTHER_NAME: &str = "another name";
    pub const ORIGINS: &str = "who gave what";
    pub const PAGES: &str = "pages";
    pub const PREVIOUS_FIELD: &str = "field before";
    pub const PUT_BACK: &str = "put it back";
    pub const QUIT: &str = "quit";
    pub const QUIT_FREELY: &str = "quit, it is committed";
    pub const READ: &str = "read";
    pub const REPAINT: &str = "draw anew";
    pub const REPLACE: &str = "replace it";
    pub const ROLL_BACK: &str = "roll back";
    pub const SAVE: &str = "save as a file";
    pub const SCREEN_DOWN: &str = "one screen down";
    pub const SCREEN_UP: &str = "one screen up";
    pub const SHOW: &str = "show";
    pub const STAY: &str = "stay";
    pub const SUSPEND: &str = "to the shell, fg comes back";
    pub const TOGGLE: &str = "select";
    pub const TRY_AGAIN: &str = "back to Review";
    pub const UP: &str = "up";
}

/// A reference that is none, above the list of those that are.
pub const NOT_ONE_OF_THESE: &str = "must be one of these; the secret itself never stands here";
/// No place refuses what is typed.
pub const EVERY_PLACE: &str = "every selected place takes it";
/// The second line is empty.
pub const TYPE_AGAIN: &str = "must be typed a second time";
/// Both lines are alike.
pub const THE_SAME: &str = "the same in both lines";
/// It was given before the wizard began.
pub const GIVEN_BEFORE: &str = "was given before the wizard began; type to give another";
/// A paste that was not taken.
pub const SEVERAL_LINES: &str = "Nothing was taken: what was pasted has more than one line, or is too long.";
/// While a run is under way.
pub const UNDER_WAY: &str = "The change is under way. It ends by itself, and is put back if a step fails.";
/// Ctrl-Z while a run is under way.
pub const CANNOT_STOP: &str = "The change is under way and has deadlines to keep: it does not stop in between.";
/// Ctrl-Z where nobody would let the program go on.
pub const NO_SHELL: &str = "No shell started this that could let it go on again, so it does not stop.";
/// Leaving after the commit.
pub const LEAVES_SOON: &str = "The change is committed. The wizard leaves as soon as what follows is done.";
/// Earlier pages during and after a run.
pub const SETTLED: &str = "The answers can no longer change: they are carried out.";
/// A process that should go on from nothing.
pub const NOTHING_HANDED_OVER: &str = "nothing was handed over: begin with `countersign`";
/// Without a terminal.
pub const NO_TERMINAL: &str =
    "the wizard needs a terminal: answer it with a file, as in `countersign install --answers FILE`";

/// On the page where that can be done.
pub const ADD_THE_REST: &str = "Press a to add what is missing.";

/// The first page.
pub mod welcome {
    /// How it goes: what a person does, and what that means.
    pub const WAY: [(&str, &str); 3] = [
        ("You answer", "page by page; back, help and other pages are one key away"),
        ("You read", "every file as a diff, every command, every start, in order"),
        ("You consent", "once; if a step fails, everything is put back"),
    ];
}

/// The review page.
pub mod review {
    pub use crate::ui::words::review::*;

    pub const PREPARING: &str = "making the plan";
    pub const READY: &str = "Nothing has been touched. Enter asks for your consent.";
    pub const ESTATE: &str = "The estate";
    pub const AFTER_COMMIT: &str = "After the commit";
    pub const STILL_TO_DO: &str = "Still to do, by you: ";
    pub const WHOLE: &str = "The estate is whole; only what is stopped is started. Enter asks for your consent.";
    pub const CARRIED_OUT: &str = "This is what was consented to.";
    pub const NO_TEXT: &str = "The step's name says it all.";

    /// Changes that there is no room for.
    pub fn more(count: usize) -> String {
        format!("and {count} more: o shows every answer")
    }

    pub const CONSENT_TITLE: &str = "Your consent";
}

/// What lies over the page.
pub mod overlay {
    pub const QUIT_TITLE: &str = "Leave?";
    pub const QUIT: &str = "Nothing has been touched. What you answered is not kept.";
    pub const QUIT_KEPT: &str =
        "Nothing has been touched. What you answered is kept, secrets apart: the next start offers to go on from here.";
    pub const SAVE_TITLE: &str = "Save the answers";
    pub const SAVE_NOTE: &str =
        "A relative name counts from the current folder. No secret is written, only where each comes from.";
    pub const BOOKMARK_TITLE: &str = "Go on?";
    pub const KEYS_TITLE: &str = "Keys that work here";
    pub const ORIGINS_TITLE: &str = "Who gave what";
    pub const PAGES_TITLE: &str = "Pages";
    pub const PAGES_NOTE: &str = "Pages that you have seen can be gone to.";
    pub const VALUE: &str = "The value";
    pub const IN_A_FILE: &str = "In an answer file:";
}

/// The pages of a run.
pub mod run {
    use crate::registration::state::State;
    pub use crate::ui::words::run::{ended, put_back};

    pub const PUTTING_BACK: &str = "putting everything back";
    pub const COMMITTED: &str = "committed";
    pub const IS_COMMITTED: &str =
        "Every step is done and on record: the change is committed, and nothing is put back any more.";
    pub const FOLLOWS: &str = "What follows the commit:";
    pub const BY_HAND: &str = "By hand:";
    pub const ROLLBACK: &str = "then `countersign rollback` tries again";
    pub const PENDING: &str = "The authority holds the request: somebody there must decide. Go on with \
                               `countersign register`, `start` and `verify`.";
    pub const POLLED: &str = "While this page is shown it is asked again by itself.";
    pub const NO_LONGER_HELD: &str = "The authority holds no request any more. Go on with `countersign register`, \
                                      `start` and `verify`.";
    pub const ALL_REGISTERED: &str =
        "Every component is registered by now. Go on with `countersign start` and `verify`.";
    pub const NO_PROBES: &str = "Nothing was verified.";
    pub const NO_REGISTRATIONS: &str = "No selected component registers.";
    pub const NOW: &str = "Now";
    pub const SAFE_NEXT: &str = "What now:";

    /// What the authority said of a registration that it held.
    pub fn stands(component: &str, state: &State) -> String {
        format!("{component}'s registration stands at {state}.")
    }

    /// How far it is.
    pub fn count(done: usize, all: usize) -> String {
        format!("{done} of {all} steps done")
    }

    /// What a failure undid.
    pub fn put_back_before(steps: usize) -> String {
        let (s, were) = if steps == 1 { ("", "was") } else { ("s", "were") };
        format!("{steps} step{s} before it {were} put back, the last first.")
    }

    /// How much of an interrupted change is undone.
    pub fn undone(undone: usize, all: usize) -> String {
        format!("{undone} of {all} steps put back")
    }

    /// The places and processes that were asked.
    pub fn checked(checked: usize, expected: usize) -> String {
        format!("Checked {checked} of {expected} places and processes")
    }

    /// The probes so far.
    pub fn probes(ok: usize, ended: usize, all: usize) -> String {
        format!("{ok} of {all} probes ok, {} to come", all.saturating_sub(ended))
    }

    /// All probes.
    pub fn probed(ok: usize, asked: usize) -> String {
        format!("{ok} of {asked} probes ok")
    }
}

/// The log of a run.
pub mod log {
    use std::time::Duration;

    pub const TITLE: &str = "Log";
    pub const EMPTY: &str = "Nothing has happened yet.";
    pub const PUTTING_BACK: &str = "putting everything back";
    pub const COMMITTED: &str = "committed: nothing is put back any more";

    pub fn started(step: &str) -> String {
        format!("begins: {step}")
    }

    pub fn done(step: &str, took: Duration) -> String {
        format!("done: {step} ({} ms)", took.as_millis())
    }

    pub fn failed(step: &str, why: &str) -> String {
        format!("failed: {step}: {why}")
    }

    pub fn undone(step: &str) -> String {
        format!("put back: {step}")
    }

    pub fn not_undone(step: &str, why: &str) -> String {
        format!("not put back: {step}: {why}")
    }

    pub fn probe(id: &str, verdict: &str, detail: &str) -> String {
        format!("probe {id}: {verdict}, {detail}")
    }

    pub fn checked(checked: usize, expected: usize) -> String {
        format!("checked {checked} of {expected} places and processes")
    }

    pub fn warned(warning: &str) -> String {
        format!("note: {warning}")
    }

    pub fn finished(step: &str) -> String {
        format!("after the commit: {step}")
    }

    /// Where the same is kept.
    pub fn kept(journal: &str) -> String {
        format!("Each step is in the journal {journal} too: `countersign journal show`.")
    }
}

/// The doctor, over the page of a run.
pub mod doctor {
    pub const TITLE: &str = "Doctor";
    pub const LOOKING: &str = "looking at files, processes and the authority";

    /// How to ask again without the wizard.
    pub fn later(command: &str) -> String {
        format!("The same at any time: {command}")
    }
}

/// A duration a person reads: tenths of seconds, then minutes.
pub fn duration(duration: Duration) -> String {
    let seconds = duration.as_secs();
    if seconds >= 60 {
        format!("{}:{:02} min", seconds / 60, seconds % 60)
    } else {
        format!("{:.1} s", duration.as_secs_f64())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn durations_are_short() {
        assert_eq!(duration(Duration::from_millis(340)), "0.3 s");
        assert_eq!(duration(Duration::from_secs(83)), "1:23 min");
    }
}
