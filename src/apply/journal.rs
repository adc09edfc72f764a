//! The durable record of a change: one line before and after each step, on disk before the step begins or counts.
//!
//! Each line is a checksum, a blank and JSON. The checksum covers the line before it too, so a flipped byte anywhere is
//! noticed, and a line that a crash cut short is told apart from one that was changed. No line holds a secret.

use std::io;
use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};
use thiserror::Error;

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
    },
    /// A step begins.
    Start {
        /// Its index.
        step: usize,
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
    /// The change is over.
    End {
        /// `done`, `pending`, `put back` or `not put back`.
        result: String,
    },
}

/// Why a journal cannot be used.
#[derive(Debug, Error)]
pub enum JournalError {
    /// The file cannot be read or written.
    #[error("the journal {0} cannot be used: {1}")]
    Io(PathBuf, io::Error),
    /// A line in the middle does not fit its checksum.
    #[error("the journal {0} is damaged at line {1}: it was changed after it was written")]
    Damaged(PathBuf, usize),
}

/// A journal that is being written.
#[derive(Debug)]
pub struct Journal {
    path: PathBuf,
    /// Checksum of the last whole line.
    last: String,
    /// Bytes of whole lines.
    length: u64,
}

/// A change that did not come to its end.
#[derive(Debug)]
pub struct Unfinished {
    /// The change's id: the journal's name.
    pub id: String,
    /// What was to be done.
    pub plan: Plan,
    /// Steps that were begun and not undone, in order.
    pub begun: Vec<usize>,
}

/// The folder of the journals.
pub fn folder(dir: &Path) -> PathBuf {
    dir.join("journal")
}

impl Journal {
    /// Begins the journal of a change.
    pub fn begin(plan: &Plan) -> Result<Self, JournalError> {
        let folder = folder(&plan.dir);
        let now = jiff::Timestamp::now();
        let path = folder.join(next_name(&folder, &now.strftime("%Y%m%d-%H%M%S-%6f").to_string(), &plan.act));
        crate::fs::create_folders(&folder).map_err(|error| JournalError::Io(path.clone(), error))?;
        let mut journal = Self { path, last: String::new(), length: 0 };
        journal.add(&Line::Begin { time: now.strftime("%Y-%m-%dT%H:%M:%SZ").to_string(), plan: plan.clone() })?;
        Ok(journal)
    }

    /// Goes on with the journal of an unfinished change.
    pub fn reopen(dir: &Path, id: &str) -> Result<Self, JournalError> {
        let path = folder(dir).join(format!("{id}.log"));
        let text = read(&path)?;
        let whole = whole_lines(&path, &text)?;
        Ok(Self { path, last: whole.last, length: whole.length })
    }

    /// Adds a line and waits until it is on disk.
    pub fn add(&mut self, line: &Line) -> Result<(), JournalError> {
        let fail = |error| JournalError::Io(self.path.clone(), error);
        let json = serde_json::to_string(line).map_err(|error| fail(error.into()))?;
        let sum = checksum(&self.last, &json);
        let text = format!("{sum} {json}");
        // What a crash, a full disk or a failed fsync left behind the last whole line goes first.
        crate::fs::truncate(&self.path, self.length).map_err(fail)?;
        crate::fs::append_line(&self.path, &text).map_err(fail)?;
        self.length += text.len() as u64 + 1;
        self.last = sum;
        Ok(())
    }

    /// The change's id.
    pub fn id(&self) -> String {
        id_of(&self.path)
    }
}

/// The change in this estate that did not come to its end, if there is one.
pub fn unfinished(dir: &Path) -> Result<Option<Unfinished>, JournalError> {
    let Some(path) = latest(&folder(dir)) else { return Ok(None) };
    let mut lines = whole_lines(&path, &read(&path)?)?.lines.into_iter();
    let Some(Line::Begin { plan, .. }) = lines.next() else { return Ok(None) };
    let mut begun = Vec::new();
    for line in lines {
        match line {
            Line::Start { step } => begun.push(step),
            Line::Undone { step } => begun.retain(|other| *other != step),
            // After "not put back" the change stays unfinished, so that it can be tried again.
            Line::End { result } if result != "not put back" => return Ok(None),
            _ => {}
        }
    }
    Ok(Some(Unfinished { id: id_of(&path), plan, begun }))
}

/// The lines of the latest change, whole ones only; none when there was no change yet.
pub fn latest_lines(dir: &Path) -> Result<Vec<Line>, JournalError> {
    match latest(&folder(dir)) {
        Some(path) => Ok(whole_lines(&path, &read(&path)?)?.lines),
        None => Ok(Vec::new()),
    }
}

struct Whole {
    lines: Vec<Line>,
    last: String,
    length: u64,
}

/// The lines up to the first that is cut short; a line that does not fit its checksum is an error unless it is the last.
fn whole_lines(path: &Path, text: &str) -> Result<Whole, JournalError> {
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

fn checksum(last: &str, json: &str) -> String {
    let digest = Sha256::new().chain_update(last).chain_update(json).finalize();
    digest[..8].iter().fold(String::new(), |sum, byte| sum + &format!("{byte:02x}"))
}

fn latest(folder: &Path) -> Option<PathBuf> {
    let mut journals: Vec<PathBuf> = std::fs::read_dir(folder)
        .ok()?
        .filter_map(Result::ok)
        .map(|entry| entry.path())
        .filter(|path| path.extension().is_some_and(|extension| extension == "log"))
        .collect();
    journals.sort_by_key(|path| id_of(path));
    journals.pop()
}

fn id_of(path: &Path) -> String {
    path.file_stem().unwrap_or_default().to_string_lossy().into_owned()
}

fn read(path: &Path) -> Result<String, JournalError> {
    // A cut in the middle of a character is a cut all the same.
    std::fs::read(path)
        .map(|bytes| String::from_utf8_lossy(&bytes).into_owned())
        .map_err(|error| JournalError::Io(path.into(), error))
}

/// A name that sorts behind every journal there is, whatever the clock did since.
fn next_name(folder: &Path, now: &str, act: &str) -> String {
    let newest = latest(folder).map(|path| id_of(&path)).unwrap_or_default();
    if newest.as_str() < now { format!("{now}-{act}.log") } else { format!("{newest}-{act}.log") }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::plan::Step;

    fn plan(dir: &Path) -> Plan {
        Plan { act: "install".into(), dir: dir.into(), steps: vec![Step::Verify, Step::Verify], ..Plan::default() }
    }

    #[test]
    fn an_unfinished_change_names_the_steps_begun() {
        let dir = tempfile::tempdir().expect("a folder");
        assert!(unfinished(dir.path()).expect("looked").is_none());
        let mut journal = Journal::begin(&plan(dir.path())).expect("begun");
        for line in [Line::Start { step: 0 }, Line::Done { step: 0 }, Line::Start { step: 1 }] {
            journal.add(&line).expect("added");
        }
        assert_eq!(unfinished(dir.path()).expect("read").expect("unfinished").begun, [0, 1]);
        journal.add(&Line::Undone { step: 1 }).expect("added");
        assert_eq!(unfinished(dir.path()).expect("read").expect("unfinished").begun, [0]);
        journal.add(&Line::End { result: "put back".into() }).expect("added");
        assert!(unfinished(dir.path()).expect("read").is_none());
    }

    #[test]
    fn a_line_cut_short_is_dropped_and_the_journal_goes_on() {
        let dir = tempfile::tempdir().expect("a folder");
        let mut journal = Journal::begin(&plan(dir.path())).expect("begun");
        journal.add(&Line::Start { step: 0 }).expect("added");
        let before = std::fs::read(&journal.path).expect("read");
        journal.add(&Line::Done { step: 0 }).expect("added");
        let whole = std::fs::read(&journal.path).expect("read");
        for cut in before.len()..whole.len() {
            std::fs::write(&journal.path, &whole[..cut]).expect("cut");
            let found = unfinished(dir.path()).expect("read").expect("unfinished");
            assert_eq!(found.begun, [0]);
            let mut again = Journal::reopen(dir.path(), &found.id).expect("reopened");
            again.add(&Line::End { result: "put back".into() }).expect("added");
            assert!(unfinished(dir.path()).expect("read").is_none());
        }
    }

    #[test]
    fn a_line_that_a_full_disk_cut_short_does_not_spoil_the_next() {
        let dir = tempfile::tempdir().expect("a folder");
        let mut journal = Journal::begin(&plan(dir.path())).expect("begun");
        let mut file = std::fs::OpenOptions::new().append(true).open(&journal.path).expect("opened");
        io::Write::write_all(&mut file, b"0123456789abcdef {\"event\":\"sta").expect("half a line");
        journal.add(&Line::Start { step: 0 }).expect("added");
        assert_eq!(unfinished(dir.path()).expect("whole").expect("unfinished").begun, [0]);
    }

    #[test]
    fn a_change_after_the_clock_went_back_is_still_the_latest() {
        let dir = tempfile::tempdir().expect("a folder");
        std::fs::create_dir(folder(dir.path())).expect("made");
        let old = Plan { act: "start".into(), ..plan(dir.path()) };
        let mut journal = Journal::begin(&old).expect("begun");
        journal.add(&Line::End { result: "done".into() }).expect("added");
        let later = folder(dir.path()).join("29991231-235959-000000-start.log");
        std::fs::rename(&journal.path, &later).expect("renamed");
        Journal::begin(&plan(dir.path())).expect("begun");
        assert_eq!(unfinished(dir.path()).expect("read").expect("unfinished").plan.act, "install");
    }

    #[test]
    fn a_flipped_byte_is_noticed() {
        let dir = tempfile::tempdir().expect("a folder");
        let mut journal = Journal::begin(&plan(dir.path())).expect("begun");
        journal.add(&Line::Start { step: 0 }).expect("added");
        journal.add(&Line::Done { step: 0 }).expect("added");
        let whole = std::fs::read(&journal.path).expect("read");
        for place in (0..whole.len() - 1).step_by(7) {
            let mut changed = whole.clone();
            changed[place] ^= 1;
            std::fs::write(&journal.path, &changed).expect("changed");
            let result = unfinished(dir.path());
            assert!(matches!(result, Err(JournalError::Damaged(..))), "byte {place} was not noticed: {result:?}");
        }
    }
}
