//! When the authority is asked about the registrations that it holds: by itself while somebody looks at them, or at a key.

use std::time::{Duration, Instant};

use super::progress::Run;
use super::state::State;
use crate::apply::Finished;

/// The pause between two rounds, at first and at last: it grows with the time that nobody decided.
const SHORTEST: Duration = Duration::from_secs(5);
const LONGEST: Duration = Duration::from_secs(30);

/// A question to the authority about one registration.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Question {
    /// The step that registers.
    pub step: usize,
    /// Whether the person wanted it asked; else it was time to.
    pub wanted: bool,
}

/// What is asked, and when it was asked last.
#[derive(Debug, Default)]
pub struct Polling {
    /// The question that has no answer yet.
    pub open: Option<Question>,
    /// When the last answer came.
    pub answered: Option<Instant>,
}

/// Whether registrations wait for somebody at the authority, and their page is shown.
pub fn waits(state: &State) -> bool {
    state.on("registration")
        && state.finished() == Some(Finished::Pending)
        && state.run.as_ref().is_some_and(|run| run.held().next().is_some())
}

/// When the authority is to be asked next; `None` while nothing waits or an answer is to come.
pub fn due(state: &State) -> Option<Instant> {
    let ended = state.run.as_ref().and_then(|run| run.ended).filter(|_| waits(state))?;
    if state.polling.open.is_some() {
        return None;
    }
    let last = state.polling.answered.unwrap_or(ended);
    Some(last + (last.saturating_duration_since(ended) / 4).clamp(SHORTEST, LONGEST))
}

/// The registration to ask about after the one of this step, in the same round.
pub fn next(run: &Run, after: Option<usize>) -> Option<usize> {
    run.held().find(|step| after.is_none_or(|after| *step > after))
}
