//! `logs/passport.log`: one line an event, opened closed to others. Never a secret, never a message of a proof.

use std::fmt::Display;
use std::fs::{File, OpenOptions};
use std::io::{self, Write};
use std::os::unix::fs::OpenOptionsExt;
use std::path::Path;
use std::sync::{Mutex, PoisonError};

use crate::fs::PRIVATE_FILE;

/// The open log.
#[derive(Debug)]
pub struct Log(Mutex<File>);

impl Log {
    /// Opens it for appending, or makes it.
    pub fn open(path: &Path) -> io::Result<Self> {
        Ok(Self(Mutex::new(OpenOptions::new().append(true).create(true).mode(PRIVATE_FILE).open(path)?)))
    }

    /// Something that happened as it should.
    pub fn info(&self, text: impl Display) {
        self.line("INFO", text);
    }

    /// Something an administrator should look at.
    pub fn warn(&self, text: impl Display) {
        self.line("WARN", text);
    }

    fn line(&self, level: &str, text: impl Display) {
        let time = jiff::Timestamp::now().strftime("%Y-%m-%dT%H:%M:%S%.3fZ");
        let mut line = format!("{time} {level:<5} {text}");
        // A name that a client chose must not begin a line of its own.
        if line.contains(char::is_control) {
            line = line.replace(char::is_control, "?");
        }
        line.push('\n');
        let mut file = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        // A full disk must not stop the authority; the audit rows in the database are the record.
        let _ = file.write_all(line.as_bytes());
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_break_in_a_text_starts_no_line() {
        let dir = tempfile::tempdir().expect("a folder");
        let path = dir.path().join("log");
        let log = Log::open(&path).expect("opened");
        log.info("one\ntwo");
        log.warn("three");
        let text = std::fs::read_to_string(path).expect("read");
        assert_eq!(text.lines().count(), 2);
        assert!(text.contains("INFO  one?two"), "{text}");
    }
}
