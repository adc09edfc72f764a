//! Logs of our servers, in the vendor's shape: `2018-08-23 06:18:50,726 - INFO [Thread-1028] (Class) - text`.

use std::cell::Cell;
use std::fs::OpenOptions;
use std::io::{self, Write};
use std::os::unix::fs::OpenOptionsExt;
use std::path::PathBuf;
use std::sync::atomic::{AtomicU64, Ordering};

use crate::fs::PRIVATE_FILE;

/// The longest text of one line, in characters; a map's error may quote a whole document.
const MAX_TEXT: usize = 1000;

/// One server's log. Never given a secret.
#[derive(Debug, Clone)]
pub struct Log {
    path: PathBuf,
    echo: Echo,
    about: String,
}

/// What of it also goes to standard error.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Echo {
    Nothing,
    /// What a verb tells: warnings and notices.
    Notices,
    Lines,
}

/// How much a line matters.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Level {
    /// As expected.
    Info,
    /// It goes on, but somebody should look.
    Warn,
    /// It does not go on.
    Error,
}

impl Log {
    /// A log in this file, made with mode 0600; with `echo` every line also goes to standard error.
    pub fn new(path: PathBuf, echo: bool) -> Self {
        let echo = if echo { Echo::Lines } else { Echo::Nothing };
        Self { path, echo, about: String::new() }
    }

    /// A log in this file for a verb: warnings and notices also go to standard error, as lines for people.
    pub fn of_a_verb(path: PathBuf) -> Self {
        Self { path, echo: Echo::Notices, about: String::new() }
    }

    /// The same log, every line of which names what it is about.
    #[must_use]
    pub fn about(&self, what: &str) -> Self {
        Self { about: format!("{what}: "), ..self.clone() }
    }

    /// As expected.
    pub fn info(&self, class: &str, text: &str) {
        self.write(Level::Info, class, text);
    }

    /// As expected, and worth telling whoever asked for it.
    pub fn notice(&self, class: &str, text: &str) {
        self.write(Level::Info, class, text);
        self.tell(text);
    }

    /// It goes on, but somebody should look.
    pub fn warn(&self, class: &str, text: &str) {
        self.write(Level::Warn, class, text);
        self.tell(text);
    }

    /// It does not go on.
    pub fn error(&self, class: &str, text: &str) {
        self.write(Level::Error, class, text);
    }

    fn write(&self, level: Level, class: &str, text: &str) {
        let text = format!("{}{text}", self.about);
        let line = line(&jiff::Zoned::now(), level, class, &text);
        if self.echo == Echo::Lines {
            let _ = io::stderr().write_all(line.as_bytes());
        }
        // Opened for every line, so that a log that was moved away is made anew; a full disk must not stop an engine.
        let file = OpenOptions::new().append(true).create(true).mode(PRIVATE_FILE).open(&self.path);
        let _ = file.and_then(|mut file| file.write_all(line.as_bytes()));
    }

    fn tell(&self, text: &str) {
        if self.echo == Echo::Notices {
            let _ = writeln!(io::stderr(), "{}", one_line(&format!("{}{text}", self.about), MAX_TEXT));
        }
    }
}

fn line(time: &jiff::Zoned, level: Level, class: &str, text: &str) -> String {
    let level = match level {
        Level::Info => "INFO",
        Level::Warn => "WARN",
        Level::Error => "ERROR",
    };
    let time = time.strftime("%Y-%m-%d %H:%M:%S,%3f");
    format!("{time} - {level} [Thread-{}] ({class}) - {}\n", thread_number(), one_line(text, MAX_TEXT))
}

/// The text with every control character made a blank and its end cut off, so that no document can forge a line.
pub fn one_line(text: &str, longest: usize) -> String {
    let mut line: String = text.chars().take(longest).map(|c| if c.is_control() { ' ' } else { c }).collect();
    if text.chars().nth(longest).is_some() {
        line.push('…');
    }
    line
}

/// A small number for the thread: the system's own are not shown by the standard library.
fn thread_number() -> u64 {
    static NEXT: AtomicU64 = AtomicU64::new(1);
    thread_local!(static NUMBER: Cell<u64> = Cell::new(NEXT.fetch_add(1, Ordering::Relaxed)));
    NUMBER.get()
}

#[cfg(test)]
mod tests {
    use std::os::unix::fs::PermissionsExt;

    use super::*;

    #[test]
    fn a_line_has_the_vendors_shape() {
        let time: jiff::Zoned = "2018-08-23T06:18:50.726[UTC]".parse().expect("a time");
        let line = line(&time, Level::Info, "Registration", "one\ntwo");
        let rest = line.strip_prefix("2018-08-23 06:18:50,726 - INFO [Thread-").expect(&line);
        let (number, rest) = rest.split_once(']').expect("a thread");
        number.parse::<u64>().expect("a number");
        assert_eq!(rest, " (Registration) - one two\n");
    }

    #[test]
    fn lines_are_added_to_a_closed_file_and_long_ones_are_cut() {
        let dir = tempfile::tempdir().expect("a folder");
        let log = Log::new(dir.path().join("IE.log"), false);
        log.warn("Maps", "first");
        log.error("Maps", &"x".repeat(5000));
        let text = std::fs::read_to_string(dir.path().join("IE.log")).expect("read");
        let lines: Vec<&str> = text.lines().collect();
        assert!(lines[0].contains(" - WARN [Thread-") && lines[0].ends_with("(Maps) - first"));
        assert!(lines[1].len() < 1200 && lines[1].ends_with("x…"));
        let mode = std::fs::metadata(dir.path().join("IE.log")).expect("there").permissions().mode();
        assert_eq!(mode & 0o777, 0o600);
    }
}
