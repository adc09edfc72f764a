//! Why nothing was touched.

use thiserror::Error;

use crate::answers::Problems;
use crate::apply::LockError;
use crate::apply::journal::{JournalError, Unfinished};
use crate::exit::Exit;

const EITHER_WAY: &str =
    "`countersign resume` finishes it, `countersign rollback` puts everything back as it was before it";
const BACK: &str = "it was being put back, and `countersign rollback` goes on with that";
const FORWARD: &str = "it is committed, and `countersign resume` finishes it";

/// Why nothing was touched.
#[derive(Debug, Error)]
pub enum Refusal {
    /// Rules that are broken: one line each.
    #[error("{}", .0.join("\n"))]
    Rules(Vec<String>),
    /// An earlier change did not come to its end.
    #[error("the change {id} was interrupted at \"{step}\": {remedy}")]
    Interrupted {
        /// The change's id.
        id: String,
        /// The step at which it stopped.
        step: String,
        /// What can be done about it.
        remedy: &'static str,
    },
    /// Another run holds the estate.
    #[error("another run holds this estate: {0}")]
    Held(String),
}

impl Refusal {
    /// What the shell is told.
    pub fn exit(&self) -> Exit {
        match self {
            Self::Rules(_) => Exit::Refused,
            Self::Interrupted { .. } => Exit::Interrupted,
            Self::Held(_) => Exit::Held,
        }
    }

    /// One broken rule.
    pub fn rule(text: impl Into<String>) -> Self {
        Self::Rules(vec![text.into()])
    }

    /// An unfinished change, named by the step at which it stopped.
    pub fn interrupted(change: &Unfinished) -> Self {
        let index = change.begun.last().map(|begun| begun.step);
        let step = match index.and_then(|index| change.plan.steps.get(index)) {
            _ if change.committed => "what follows the commit".to_owned(),
            Some(step) => step.describe(&change.plan.dir),
            None => "the beginning".to_owned(),
        };
        let remedy = match (change.can_go_forward(), change.can_go_back()) {
            (true, true) => EITHER_WAY,
            (true, false) => FORWARD,
            (false, _) => BACK,
        };
        Self::Interrupted { id: change.id.clone(), step, remedy }
    }
}

impl From<LockError> for Refusal {
    fn from(error: LockError) -> Self {
        match error {
            LockError::Held(holder) => Self::Held(holder),
            LockError::Io(error) => Self::rule(format!("the estate cannot be locked: {error}")),
        }
    }
}

impl From<Problems> for Refusal {
    fn from(Problems(problems): Problems) -> Self {
        Self::Rules(problems.iter().map(ToString::to_string).collect())
    }
}

impl From<JournalError> for Refusal {
    fn from(error: JournalError) -> Self {
        Self::rule(error.to_string())
    }
}
