//! Reading journals: whole lines only, each against its checksum.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use sha2::{Digest, Sha256};

use super::{Before, JournalError, Line, folder};
use crate::plan::Plan;

/// A change that did not come to its end.
#[derive(Debug)]
pub struct Unfinished {
    /// The change's id: the journal's name.
    pub id: String,
    /// When it began, UTC.
    pub time: String,
    /// What was to be done.
    pub plan: Plan,
    /// What it needs besides, sealed, by name.
    pub sealed: BTreeMap<String, String>,
    /// Steps that were begun and not undone, in order.
    pub begun: Vec<Begun>,
    /// Whether every step is done, so that it can only go forward.
    pub committed: bool,
    /// Steps after the commit that are done.
    pub finished: Vec<usize>,
}

impl Unfinished {
    /// Whether it can be finished: it is committed, or nothing of it was put back but its end. A gap in its steps says
    /// that putting back was begun.
    pub fn can_go_forward(&self) -> bool {
        self.committed || self.begun.iter().enumerate().all(|(at, begun)| begun.step == at)
    }

    /// Whether it can be put back.
    pub fn can_go_back(&self) -> bool {
        !self.committed
    }
}

/// A step of which at least the beginning is in the journal.
#[derive(Debug, Clone)]
pub struct Begun {
    /// Its index.
    pub step: usize,
    /// Whether it is done.
    pub done: bool,
    /// The files that it changes, as they were.
    pub before: Vec<Before>,
}

/// The change in this estate that did not come to its end, if there is one.
pub fn unfinished(dir: &Path) -> Result<Option<Unfinished>, JournalError> {
    let Some(path) = latest(&folder(dir)) else { return Ok(None) };
    let mut lines = whole_lines(&path, &read(&path)?)?.lines.into_iter();
    let Some(Line::Begin { time, plan, sealed }) = lines.next() else { return Ok(None) };
    let mut change =
        Unfinished { id: id_of(&path), time, plan, sealed, begun: Vec::new(), committed: false, finished: Vec::new() };
    for line in lines {
        match line {
            Line::Start { step, before } => change.begun.push(Begun { step, done: false, before }),
            Line::Done { step } => {
                change.begun.iter_mut().filter(|begun| begun.step == step).for_each(|begun| begun.done = true);
            }
            Line::Undone { step } => change.begun.retain(|begun| begun.step != step),
            Line::Commit => change.committed = true,
            Line::Finished { step } => change.finished.push(step),
            // After "not put back" the change stays unfinished, so that it can be tried again.
            Line::End { result } if result != "not put back" => return Ok(None),
            _ => {}
        }
    }
    Ok(Some(change))
}

/// The lines of the latest change, whole ones only; none when there was no change yet.
pub fn latest_lines(dir: &Path) -> Result<Vec<Line>, JournalError> {
    match latest(&folder(dir)) {
        Some(path) => Ok(whole_lines(&path, &read(&path)?)?.lines),
        None => Ok(Vec::new()),
    }
}

/// The whole lines of a journal.
pub(super) struct Whole {
    pub lines: Vec<Line>,
    /// Checksum of the last one.
    pub last: String,
    /// Their bytes.
    pub length: u64,
}

/// The lines up to the first that is cut short; a line that does not fit its checksum is an error unless it is the last.
pub(super) fn whole_lines(path: &Path, text: &str) -> Result<Whole, JournalError> {
    let mut whole = Whole { lines: Vec::new(), last: String::new(), length: 0 };
    let total = text.split_inclusive('\n').count();
    for (number, raw) in text.split_inclusive('\n').enumerate() {
        let parsed = raw.strip_suffix('\n').and_then(|line| line.split_once(' ')).and_then(|(sum, json)| {
            (checksum(&whole.last, json) == sum).then(|| serde_json::from_str(json).ok().map(|line| (sum, line)))?
        });
        match parsed {
            Some((sum, line)) => {
                whole.lines.push(line);
                sum.clone_into(&mut whole.last);
                whole.length += raw.len() as u64;
            }
            None if number + 1 == total && !raw.ends_with('\n') => break,
            None => return Err(JournalError::Damaged(path.into(), number + 1)),
        }
    }
    Ok(whole)
}

/// Sixteen hexadecimal digits that cover a line and, through its checksum, all before it.
pub(super) fn checksum(last: &str, json: &str) -> String {
    let digest = Sha256::new().chain_update(last).chain_update(json).finalize();
    digest[..8].iter().fold(String::new(), |sum, byte| sum + &format!("{byte:02x}"))
}

/// The newest journal of a folder.
pub(super) fn latest(folder: &Path) -> Option<PathBuf> {
    let mut journals: Vec<PathBuf> = std::fs::read_dir(folder)
        .ok()?
        .filter_map(Result::ok)
        .map(|entry| entry.path())
        .filter(|path| path.extension().is_some_and(|extension| extension == "log"))
        .collect();
    journals.sort_by_key(|path| id_of(path));
    journals.pop()
}

/// A change's id from its journal's name.
pub(super) fn id_of(path: &Path) -> String {
    path.file_stem().unwrap_or_default().to_string_lossy().into_owned()
}

pub(super) fn read(path: &Path) -> Result<String, JournalError> {
    // A cut in the middle of a character is a cut all the same.
    std::fs::read(path)
        .map(|bytes| String::from_utf8_lossy(&bytes).into_owned())
        .map_err(|error| JournalError::Io(path.into(), error))
}
