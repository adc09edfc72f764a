//! `history.jsonl`: one line a run, for people and for the verb `history`.

use std::fs::File;
use std::io::{self, Read, Seek, SeekFrom};
use std::path::Path;

use serde::{Deserialize, Serialize};

/// Name of the file below the estate.
pub const FILE: &str = "history.jsonl";

/// One line: a run and how it ended.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Entry {
    /// When it ended, UTC.
    pub time: String,
    /// What was done.
    pub verb: String,
    /// How it ended.
    pub result: String,
    /// Id of its journal, for a run that keeps one.
    #[serde(default)]
    pub journal: Option<String>,
    /// What the interrupted change was, for a run that finished or undid one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub act: Option<String>,
    /// The component that it was about, when it was about one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub component: Option<String>,
    /// The one level that was asked, when it was not all of them.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub level: Option<String>,
    /// Places or probes of which something is known.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub checked: Option<usize>,
    /// Places or probes that were to be asked.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub expected: Option<usize>,
}

impl Entry {
    /// A run that ends now.
    pub fn new(verb: &str, result: &str) -> Self {
        Self {
            time: jiff::Timestamp::now().strftime("%Y-%m-%dT%H:%M:%SZ").to_string(),
            verb: verb.to_owned(),
            result: result.to_owned(),
            journal: None,
            act: None,
            component: None,
            level: None,
            checked: None,
            expected: None,
        }
    }

    /// With what was found of how many.
    #[must_use]
    pub fn counting(self, checked: usize, expected: usize) -> Self {
        Self { checked: Some(checked), expected: Some(expected), ..self }
    }

    /// Adds it to an estate's history.
    pub fn add(&self, dir: &Path) -> io::Result<()> {
        let path = dir.join(FILE);
        let line = serde_json::to_string(self)?;
        // What a crash left behind the last whole line must not spoil this one.
        let gap = if ends_whole(&path)? { "" } else { "\n" };
        crate::fs::append_line(&path, &format!("{gap}{line}"))
    }
}

/// Adds a line: what was done, and how it ended.
pub fn note(dir: &Path, verb: &str, result: &str, journal: Option<&str>) -> io::Result<()> {
    Entry { journal: journal.map(str::to_owned), ..Entry::new(verb, result) }.add(dir)
}

/// Every line, the oldest first. A line that was damaged is left out.
pub fn entries(dir: &Path) -> io::Result<Vec<Entry>> {
    match std::fs::read_to_string(dir.join(FILE)) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(Vec::new()),
        other => Ok(other?.lines().filter_map(|line| serde_json::from_str(line).ok()).collect()),
    }
}

fn ends_whole(path: &Path) -> io::Result<bool> {
    let mut file = match File::open(path) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(true),
        other => other?,
    };
    if file.metadata()?.len() == 0 {
        return Ok(true);
    }
    file.seek(SeekFrom::End(-1))?;
    let mut last = [0];
    file.read_exact(&mut last)?;
    Ok(last == *b"\n")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_read_back_and_a_line_that_a_crash_cut_spoils_no_other() {
        let dir = tempfile::tempdir().expect("a folder");
        assert!(entries(dir.path()).expect("none").is_empty());
        note(dir.path(), "install", "done", Some("id")).expect("added");
        let path = dir.path().join(FILE);
        let whole = std::fs::read_to_string(&path).expect("read");
        std::fs::write(&path, format!("{whole}{{\"time\":\"2026")).expect("cut");
        let check = Entry::new("check", "differs").counting(3, 4);
        check.add(dir.path()).expect("added");
        let found = entries(dir.path()).expect("read");
        assert_eq!((found.len(), found[0].journal.as_deref(), &found[1]), (2, Some("id"), &check));
    }

    #[test]
    fn a_line_keeps_its_documented_shape() {
        let entry = Entry { time: "t".into(), ..Entry::new("start", "done") };
        let text = serde_json::to_string(&entry).expect("json");
        assert_eq!(text, r#"{"time":"t","verb":"start","result":"done","journal":null}"#);
    }
}
