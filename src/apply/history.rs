//! `history.jsonl`: one line a run, for people and for the verb `history`.

use std::io;
use std::path::Path;

use serde_json::{Value, json};

/// Name of the file below the estate.
pub const FILE: &str = "history.jsonl";

/// Adds a line: when, what was done, and how it ended.
pub fn note(dir: &Path, verb: &str, result: &str, journal: Option<&str>) -> io::Result<()> {
    let time = jiff::Timestamp::now().strftime("%Y-%m-%dT%H:%M:%SZ").to_string();
    let line = json!({ "time": time, "verb": verb, "result": result, "journal": journal });
    crate::fs::append_line(&dir.join(FILE), &line.to_string())
}

/// Every line, the oldest first. A line that was damaged is left out.
pub fn entries(dir: &Path) -> io::Result<Vec<Value>> {
    match std::fs::read_to_string(dir.join(FILE)) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(Vec::new()),
        other => Ok(other?.lines().filter_map(|line| serde_json::from_str(line).ok()).collect()),
    }
}
