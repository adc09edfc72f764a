//! The lines of a journal.

use std::collections::BTreeMap;
use std::path::PathBuf;

use serde::{Deserialize, Serialize};

use crate::fs::Looks;
use crate::plan::Plan;

/// One line.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "event", rename_all = "kebab-case")]
pub enum Line {
    /// The change begins.
    Begin {
        /// When, UTC.
        time: String,
        /// All that will be done.
        plan: Plan,
        /// What it needs besides, sealed, by name.
        #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
        sealed: BTreeMap<String, String>,
    },
    /// A step begins.
    Start {
        /// Its index.
        step: usize,
        /// The files that it will change, as they are before.
        #[serde(default, skip_serializing_if = "Vec::is_empty")]
        before: Vec<Before>,
    },
    /// A step is done.
    Done {
        /// Its index.
        step: usize,
    },
    /// A step failed.
    Failed {
        /// Its index.
        step: usize,
        /// Why.
        cause: String,
    },
    /// A step was undone.
    Undone {
        /// Its index.
        step: usize,
    },
    /// A step could not be undone.
    NotUndone {
        /// Its index.
        step: usize,
        /// Why.
        cause: String,
    },
    /// Every step is done: from here on the change only goes forward.
    Commit,
    /// A step that follows the commit is done.
    Finished {
        /// Its index.
        step: usize,
    },
    /// The change is over.
    End {
        /// `done`, `pending`, `put back` or `not put back`.
        result: String,
    },
}

/// A file as it was before a step changed it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Before {
    /// The file.
    pub path: PathBuf,
    /// Owner, mode, access list, time.
    pub looks: Looks,
    /// Its content, sealed.
    pub sealed: String,
}
