//! The durable record of a change: one line before and after each step, on disk before the step begins or counts.
//!
//! Each line is a checksum, a blank and JSON. The checksum covers the line before it too, so a flipped byte anywhere is
//! noticed, and a line that a crash cut short is told apart from one that was changed. No line holds a secret: what a
//! change needs of them is sealed.

mod line;
mod read;

pub use line::{Before, Line};
pub use read::{Begun, Unfinished, latest_lines, unfinished};

use std::collections::BTreeMap;
use std::io;
use std::path::{Path, PathBuf};

use thiserror::Error;

use super::Context;
use super::vault::{self, Vault};
use crate::plan::Plan;
use read::{checksum, id_of, latest, whole_lines};

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

/// The folder of the journals.
pub fn folder(dir: &Path) -> PathBuf {
    dir.join("journal")
}

impl Journal {
    /// Begins the journal of a change, and its vault. No other change may be unfinished.
    pub fn begin(plan: &Plan, context: &Context) -> Result<(Self, Vault), JournalError> {
        let folder = folder(&plan.dir);
        let now = jiff::Timestamp::now();
        let id = next_id(&folder, &now.strftime("%Y%m%d-%H%M%S-%6f").to_string(), &plan.act);
        let path = folder.join(format!("{id}.log"));
        let fail = |error| JournalError::Io(path.clone(), error);
        crate::fs::create_folders(&folder).map_err(fail)?;
        vault::destroy_orphans(&folder);
        let vault = Vault::create(&folder, &id).map_err(fail)?;
        let begun = Self::begin_with(&path, now, plan, context, &vault);
        if begun.is_err() {
            let _ = vault::destroy(&folder, &id);
        }
        Ok((begun?, vault))
    }

    fn begin_with(
        path: &Path,
        now: jiff::Timestamp,
        plan: &Plan,
        context: &Context,
        vault: &Vault,
    ) -> Result<Self, JournalError> {
        let mut sealed = BTreeMap::new();
        for (name, secret) in context.secrets() {
            let text = vault.seal(name, secret.expose().as_bytes());
            sealed.insert(name.to_owned(), text.map_err(|error| JournalError::Io(path.to_path_buf(), error))?);
        }
        let mut journal = Self { path: path.to_path_buf(), last: String::new(), length: 0 };
        let time = now.strftime("%Y-%m-%dT%H:%M:%SZ").to_string();
        journal.add(&Line::Begin { time, plan: plan.clone(), sealed })?;
        Ok(journal)
    }

    /// Goes on with the journal of an unfinished change.
    pub fn reopen(dir: &Path, id: &str) -> Result<Self, JournalError> {
        let path = folder(dir).join(format!("{id}.log"));
        let whole = whole_lines(&path, &read::read(&path)?)?;
        Ok(Self { path, last: whole.last, length: whole.length })
    }

    /// Adds a line and waits until it is on disk.
    pub fn add(&mut self, line: &Line) -> Result<(), JournalError> {
        self.add_all(std::slice::from_ref(line))
    }

    /// Adds lines and waits once until all are on disk.
    pub fn add_all(&mut self, lines: &[Line]) -> Result<(), JournalError> {
        let fail = |error| JournalError::Io(self.path.clone(), error);
        let mut text = String::new();
        let mut last = self.last.clone();
        for line in lines {
            let json = serde_json::to_string(line).map_err(|error| fail(error.into()))?;
            last = checksum(&last, &json);
            text.push_str(&format!("{last} {json}\n"));
        }
        // What a crash, a full disk or a failed fsync left behind the last whole line goes first.
        crate::fs::truncate(&self.path, self.length).map_err(fail)?;
        crate::fs::append_line(&self.path, text.trim_end_matches('\n')).map_err(fail)?;
        self.length += text.len() as u64;
        self.last = last;
        Ok(())
    }

    /// The change's id.
    pub fn id(&self) -> String {
        id_of(&self.path)
    }
}

/// A name that sorts behind every journal there is, whatever the clock did since.
fn next_id(folder: &Path, now: &str, act: &str) -> String {
    let newest = latest(folder).map(|path| id_of(&path)).unwrap_or_default();
    if newest.as_str() < now { format!("{now}-{act}") } else { format!("{newest}-{act}") }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::plan::Step;

    fn plan(dir: &Path) -> Plan {
        Plan { act: "install".into(), dir: dir.into(), steps: vec![Step::Verify, Step::Verify], ..Plan::default() }
    }

    fn begin(plan: &Plan) -> Journal {
        Journal::begin(plan, &Context::default()).expect("begun").0
    }

    fn begun(dir: &Path) -> Vec<(usize, bool)> {
        let change = unfinished(dir).expect("read").expect("unfinished");
        change.begun.iter().map(|begun| (begun.step, begun.done)).collect()
    }

    fn start(step: usize) -> Line {
        Line::Start { step, before: Vec::new() }
    }

    #[test]
    fn an_unfinished_change_names_the_steps_begun() {
        let dir = tempfile::tempdir().expect("a folder");
        assert!(unfinished(dir.path()).expect("looked").is_none());
        let mut journal = begin(&plan(dir.path()));
        for line in [start(0), Line::Done { step: 0 }, start(1)] {
            journal.add(&line).expect("added");
        }
        assert_eq!(begun(dir.path()), [(0, true), (1, false)]);
        journal.add(&Line::Undone { step: 1 }).expect("added");
        assert_eq!(begun(dir.path()), [(0, true)]);
        journal.add(&Line::End { result: "put back".into() }).expect("added");
        assert!(unfinished(dir.path()).expect("read").is_none());
    }

    #[test]
    fn a_line_cut_short_is_dropped_and_the_journal_goes_on() {
        let dir = tempfile::tempdir().expect("a folder");
        let mut journal = begin(&plan(dir.path()));
        journal.add(&start(0)).expect("added");
        let before = std::fs::read(&journal.path).expect("read");
        journal.add(&Line::Done { step: 0 }).expect("added");
        let whole = std::fs::read(&journal.path).expect("read");
        for cut in before.len()..whole.len() {
            std::fs::write(&journal.path, &whole[..cut]).expect("cut");
            let found = unfinished(dir.path()).expect("read").expect("unfinished");
            assert_eq!(begun(dir.path()), [(0, false)]);
            let mut again = Journal::reopen(dir.path(), &found.id).expect("reopened");
            again.add(&Line::End { result: "put back".into() }).expect("added");
            assert!(unfinished(dir.path()).expect("read").is_none());
        }
    }

    #[test]
    fn a_line_that_a_full_disk_cut_short_does_not_spoil_the_next() {
        let dir = tempfile::tempdir().expect("a folder");
        let mut journal = begin(&plan(dir.path()));
        let mut file = std::fs::OpenOptions::new().append(true).open(&journal.path).expect("opened");
        io::Write::write_all(&mut file, b"0123456789abcdef {\"event\":\"sta").expect("half a line");
        journal.add(&start(0)).expect("added");
        assert_eq!(begun(dir.path()), [(0, false)]);
    }

    #[test]
    fn a_change_after_the_clock_went_back_is_still_the_latest() {
        let dir = tempfile::tempdir().expect("a folder");
        std::fs::create_dir(folder(dir.path())).expect("made");
        let old = Plan { act: "start".into(), ..plan(dir.path()) };
        let mut journal = begin(&old);
        journal.add(&Line::End { result: "done".into() }).expect("added");
        let later = folder(dir.path()).join("29991231-235959-000000-start.log");
        std::fs::rename(&journal.path, &later).expect("renamed");
        begin(&plan(dir.path()));
        assert_eq!(unfinished(dir.path()).expect("read").expect("unfinished").plan.act, "install");
    }

    #[test]
    fn a_flipped_byte_is_noticed() {
        let dir = tempfile::tempdir().expect("a folder");
        let mut journal = begin(&plan(dir.path()));
        journal.add(&start(0)).expect("added");
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
