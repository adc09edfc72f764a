//! What a run tells whoever watches it.

use std::time::Duration;

use crate::alignment;
use crate::verify::{ProbeResult, Report};

/// One thing that happened. Steps are named by their index in the plan.
#[derive(Debug, Clone)]
pub enum Event {
    /// Something that does not stand in the way, but should be known: one line.
    Warned(String),
    /// A step begins.
    Started(usize),
    /// A step is done.
    Done(usize, Duration),
    /// A probe of the verification is over.
    Probe(ProbeResult),
    /// The verification is over.
    Verified(Report),
    /// The check of every place is over.
    Checked(alignment::Report),
    /// Every step is done and on record: from here on the change is not put back.
    Committed,
    /// A step that follows the commit is done; its index among those.
    Finished(usize),
    /// A step failed; why, in one line.
    Failed(usize, String),
    /// Putting back begins.
    PuttingBack,
    /// A step was undone.
    Undone(usize),
    /// A step could not be undone; why, and what to do by hand.
    NotUndone(usize, String),
}
