//! When the secret was changed last, and when the next rotation is due.

use std::io;
use std::path::Path;

use jiff::Timestamp;
use serde::Serialize;

use super::Period;
use crate::apply::history;

/// Verbs after which every place holds a secret that is new there.
const CHANGING: [&str; 2] = ["install", "rotate"];
/// How they end then.
const CHANGED: [&str; 2] = ["done", "pending"];

/// The last rotation and the next. Times are UTC.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Rotation {
    /// When the secret was changed last, by an installation or a rotation.
    pub last: Option<Timestamp>,
    /// The schedule's period; `None` without a schedule.
    pub every: Option<Period>,
    /// When the next rotation is due.
    pub due: Option<Timestamp>,
    /// Whether that time has passed.
    pub overdue: bool,
}

/// What history and schedule of this estate tell.
///
/// # Errors
/// The history is there and cannot be read.
pub fn rotation(dir: &Path, now: Timestamp) -> io::Result<Rotation> {
    let mut changes = history::entries(dir)?.into_iter().filter(|entry| {
        CHANGING.contains(&entry.act.as_ref().unwrap_or(&entry.verb).as_str())
            && CHANGED.contains(&entry.result.as_str())
    });
    // The latest line counts: a clock that was set back since must not hide it.
    let last = changes.next_back().and_then(|entry| entry.time.parse().ok());
    Ok(Rotation::new(last, super::read(dir), now))
}

impl Rotation {
    fn new(last: Option<Timestamp>, every: Option<Period>, now: Timestamp) -> Self {
        let due = every.and_then(|every| last.unwrap_or(now).checked_add(every.duration()).ok());
        Self { last, every, due, overdue: due.is_some_and(|due| due < now) }
    }

    /// Whether who asks once in a while should rotate now: half of what lies between two questions early, so that no
    /// rotation waits for the question after next.
    pub fn is_due(&self, now: Timestamp) -> bool {
        let Some((every, due)) = self.every.zip(self.due) else { return false };
        let slack = if every > Period::days(1) {
            jiff::SignedDuration::from_hours(12)
        } else {
            jiff::SignedDuration::from_mins(30)
        };
        now.checked_add(slack).is_ok_and(|then| then >= due)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(text: &str) -> Timestamp {
        text.parse().expect("a time")
    }

    #[test]
    fn a_rotation_is_due_a_period_after_the_last() {
        let last = Some(at("2026-01-01T03:20:00Z"));
        let told = |now: &str| {
            let now = at(now);
            let rotation = Rotation::new(last, Some(Period::days(90)), now);
            assert_eq!(rotation.due, Some(at("2026-04-01T03:20:00Z")));
            (rotation.is_due(now), rotation.overdue)
        };
        assert_eq!(told("2026-03-31T03:25:00Z"), (false, false));
        assert_eq!(told("2026-04-01T03:10:00Z"), (true, false));
        assert_eq!(told("2026-04-02T03:10:00Z"), (true, true));
    }

    #[test]
    fn without_a_schedule_nothing_is_due() {
        let now = at("2026-01-01T03:20:00Z");
        let rotation = Rotation::new(Some(now), None, now);
        assert_eq!((rotation.due, rotation.overdue, rotation.is_due(now)), (None, false, false));
    }

    #[test]
    fn only_runs_that_changed_the_secret_count() {
        let dir = tempfile::tempdir().expect("a folder");
        let lines = [
            r#"{"time":"2026-01-01T00:00:00Z","verb":"install","result":"done","journal":"a"}"#,
            r#"{"time":"2026-02-01T00:00:00Z","verb":"rotate","result":"done","journal":"b"}"#,
            r#"{"time":"2026-02-03T00:00:00Z","verb":"resume","act":"rotate","result":"done","journal":"b"}"#,
            r#"{"time":"2026-03-01T00:00:00Z","verb":"rotate","result":"put back","journal":"c"}"#,
            r#"{"time":"2026-03-02T00:00:00Z","verb":"check","result":"aligned","journal":null,"checked":4,"expected":4}"#,
        ];
        std::fs::write(dir.path().join(history::FILE), lines.join("\n")).expect("written");
        let found = rotation(dir.path(), at("2026-03-03T00:00:00Z")).expect("read");
        assert_eq!((found.last, found.every), (Some(at("2026-02-03T00:00:00Z")), None));
    }
}
