//! Everything the console says, besides what views and the authority say of themselves.

/// The program whose console it is.
pub const OF: &str = "PassPort";
/// In the header while it does not answer.
pub const AWAY: &str = "no answer";
/// While the first answer is awaited.
pub const ASKING: &str = "asking PassPort";
/// While an act is under way.
pub const ACTING: &str = "PassPort is at it";
/// Nothing passes the filter.
pub const NONE_FITS: &str = "Nothing fits the filter.";
/// What the filter lets through.
pub const FILTER: &str = "filter";
/// The list stands still while news come.
pub const PAUSED: &str = "paused";

/// Why there is nothing new to see.
pub fn away(why: &str) -> String {
    format!("PassPort does not answer: {why}")
}

/// Nobody listens on its socket.
pub const NOT_RUNNING: &str = "start it with `countersign passport start`";
/// Its deadline passed.
pub const TOO_LATE: &str = "nothing came within some seconds";
/// It answers something that this program does not know.
pub const OTHER_VERSION: &str = "it is of another version than this program, start it anew";

/// The place in a list.
pub fn position(at: usize, shown: usize, all: usize) -> String {
    if shown == all { format!("{at}/{all}") } else { format!("{at}/{shown} of {all}") }
}

/// What keys do, in the footer and on the key sheet.
pub mod keys {
    pub use crate::ui::tui::text::keys::{
        ALL_KEYS, CLOSE, DOWN, GO_ON, LEAVE, NOT_YET, REPAINT, SCREEN_DOWN, SCREEN_UP, SUSPEND, UP,
    };

    pub const APPROVE: &str = "approve";
    pub const ASK: &str = "ask at once";
    pub const BOTH: &str = "validate and sign";
    pub const CHANGE: &str = "change";
    pub const DETAILS: &str = "details";
    pub const FILTER: &str = "filter";
    pub const FIRST: &str = "first row";
    pub const FOLLOW: &str = "follow";
    pub const KEEP: &str = "keep it";
    pub const LAST: &str = "last row";
    pub const REFUSE: &str = "refuse";
    pub const SHOW_ALL: &str = "show all";
    pub const SIGN: &str = "sign";
    pub const VALIDATE: &str = "validate";
    pub const VIEW: &str = "view";
    pub const VIEW_BEFORE: &str = "view before";
    pub const VIEW_NUMBER: &str = "the view with that number";
}

/// What lies over a view.
pub mod overlay {
    pub use crate::ui::tui::text::overlay::KEYS_TITLE;

    pub const APPROVE: &str = "Approve?";
    pub const REFUSE: &str = "Refuse?";
    pub const SET: &str = "Change?";
    pub const GONE: &str = "It is not there any more.";
    pub const DECIDED: &str = "It is decided already.";
    pub const WHY: &str = "Why? Whoever asked will read it.";
    pub const EMPTY: &str = "type a reason";
    pub const STAYS_REFUSED: &str = "A refused request stays refused; the component has to register anew.";
    pub const ONE_CERTIFICATE: &str = "A signed request leads to one certificate, which the component gets at once.";
}
