//! What a run tells whoever watches it.

use std::time::Duration;

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
    /// A step failed; why, in one line.
    Failed(usize, String),
    /// Putting back begins.
    PuttingBack,
    /// A step was undone.
    Undone(usize),
    /// A step could not be undone; why, and what to do by hand.
    NotUndone(usize, String),
}
