//! How a run ended.

use serde::{Deserialize, Serialize};

use crate::exit::Exit;

/// How a run ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Finished {
    /// All steps are done.
    Done,
    /// There was nothing to do.
    #[serde(rename = "nothing to do")]
    NothingToDo,
    /// Committed; a registration is pending at the authority.
    Pending,
    /// A step failed and everything was put back.
    #[serde(rename = "put back")]
    PutBack,
    /// Committed, but something that follows the commit is still to be done: `resume` goes on with it.
    Interrupted,
    /// A step failed and putting back failed too.
    #[serde(rename = "not put back")]
    NotPutBack,
}

impl Finished {
    /// As it stands in the journal, in the history and in JSON.
    pub fn word(self) -> &'static str {
        match self {
            Self::Done => "done",
            Self::NothingToDo => "nothing to do",
            Self::Pending => "pending",
            Self::PutBack => "put back",
            Self::Interrupted => "interrupted",
            Self::NotPutBack => "not put back",
        }
    }
}

impl From<Finished> for Exit {
    fn from(finished: Finished) -> Self {
        match finished {
            Finished::Done | Finished::NothingToDo => Self::Done,
            Finished::Pending => Self::Pending,
            Finished::PutBack => Self::PutBack,
            Finished::Interrupted => Self::Interrupted,
            Finished::NotPutBack => Self::NotPutBack,
        }
    }
}

/// What a run did. This is the JSON that changing verbs end with.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Outcome {
    /// Whether anything is different now.
    pub changed: bool,
    /// How it ended.
    pub result: Finished,
    /// Steps done.
    pub steps: usize,
    /// Components that were started or stopped.
    pub restarted: Vec<String>,
    /// Components that were seen refused with the old secret, where a cutover was asked to show it.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub seen_refused: Vec<String>,
    /// Id of the journal.
    pub journal: Option<String>,
    /// Why a step failed.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub reason: Option<String>,
    /// What people have to do besides, on other hosts.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub still_to_do: Vec<String>,
    /// What to do by hand after `not put back`.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub by_hand: Vec<String>,
}

impl Outcome {
    /// Of a run that had nothing to do.
    pub fn nothing() -> Self {
        Self {
            changed: false,
            result: Finished::NothingToDo,
            steps: 0,
            restarted: Vec::new(),
            seen_refused: Vec::new(),
            journal: None,
            reason: None,
            still_to_do: Vec::new(),
            by_hand: Vec::new(),
        }
    }

    /// Of a run that has begun.
    pub(super) fn of(change: &str) -> Self {
        Self { changed: true, journal: Some(change.to_owned()), ..Self::nothing() }
    }
}
