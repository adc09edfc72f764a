//! What a debug build recorded of a run: the points it passed and the steps it did on the disk.

use std::path::{Path, PathBuf};

use base64::{Engine, engine::general_purpose::STANDARD};
use serde::{Deserialize, Deserializer};

/// One line.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(untagged)]
pub enum Event {
    /// A point was passed.
    Point { point: usize, label: String },
    /// A step was done.
    Done(Op),
}

/// A step on the disk.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(tag = "op", rename_all = "kebab-case")]
pub enum Op {
    Create {
        path: PathBuf,
    },
    Write {
        path: PathBuf,
        #[serde(deserialize_with = "base64")]
        content: Vec<u8>,
    },
    Overwrite {
        path: PathBuf,
        #[serde(deserialize_with = "base64")]
        content: Vec<u8>,
    },
    Truncate {
        path: PathBuf,
        length: usize,
    },
    Sync {
        path: PathBuf,
    },
    Link {
        path: PathBuf,
        to: PathBuf,
    },
    Rename {
        path: PathBuf,
        to: PathBuf,
    },
    Unlink {
        path: PathBuf,
    },
    MakeFolder {
        path: PathBuf,
    },
    RemoveFolder {
        path: PathBuf,
    },
    SyncFolder {
        path: PathBuf,
    },
}

fn base64<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Vec<u8>, D::Error> {
    STANDARD.decode(String::deserialize(deserializer)?).map_err(serde::de::Error::custom)
}

/// Reads a trace; none was begun when the file is not there.
pub fn read(file: &Path) -> Vec<Event> {
    let text = std::fs::read_to_string(file).unwrap_or_default();
    text.lines().map(|line| serde_json::from_str(line).expect("a line of a trace")).collect()
}

/// Its steps on the disk alone.
pub fn ops(events: &[Event]) -> Vec<Op> {
    let op = |event: &Event| match event {
        Event::Done(op) => Some(op.clone()),
        Event::Point { .. } => None,
    };
    events.iter().filter_map(op).collect()
}
