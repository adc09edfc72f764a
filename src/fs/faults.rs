//! Faults on request, in debug builds only: the process ends at a chosen point, a disk is full at a chosen write, and
//! every step on the disk is recorded.
//!
//! - `COUNTERSIGN_KILL_AT=<n>`: the process kills itself with SIGKILL at the n-th point (the first is 1);
//!   `<label>` or `<label>#<k>`: when it passes the point of that label, for the k-th time; `<label>+<k>`: k points
//!   after it passed that label first.
//! - `COUNTERSIGN_TRACE=<file>`: one line of JSON for every point passed and every step done, in order.
//! - `COUNTERSIGN_DISK_FULL_AT=<n>`: the n-th write finds room for half of its bytes.
//!
//! Processes that we start get a cleared environment, so none of this reaches them.

use std::collections::HashMap;
use std::fs::{File, OpenOptions};
use std::io::{self, Write};
use std::sync::{LazyLock, Mutex, MutexGuard, PoisonError};

use rustix::process::{Signal, getpid, kill_process};
use serde_json::json;

use super::disk::Step;

static FAULTS: LazyLock<Option<Mutex<Faults>>> =
    LazyLock::new(|| Faults::of(&|name| std::env::var(name).ok()).map(Mutex::new));

struct Faults {
    kill_at: Option<Kill>,
    full_at: Option<usize>,
    trace: Option<File>,
    points: usize,
    /// The numbers of the points with each label.
    passed: HashMap<String, Vec<usize>>,
    writes: usize,
}

#[derive(Debug, PartialEq, Eq)]
enum Kill {
    Number(usize),
    Label(String, usize),
    After(String, usize),
}

/// A place where tests may end the process.
pub fn point(label: &str) {
    if let Some(mut faults) = armed()
        && faults.pass(label)
    {
        let _ = kill_process(getpid(), Signal::KILL);
    }
}

/// Does a step between two points and records it.
pub(super) fn step<T>(step: Step, act: impl FnOnce() -> io::Result<T>) -> io::Result<T> {
    point(step.label());
    let done = act()?;
    if let Some(mut faults) = armed() {
        faults.record(&serde_json::to_string(&step)?);
    }
    point(&format!("{} done", step.label()));
    Ok(done)
}

/// How many of these bytes find room on the disk.
pub(super) fn room(wanted: usize) -> usize {
    let is_full = armed().is_some_and(|mut faults| faults.is_full());
    if is_full { wanted / 2 } else { wanted }
}

fn armed() -> Option<MutexGuard<'static, Faults>> {
    FAULTS.as_ref().map(|faults| faults.lock().unwrap_or_else(PoisonError::into_inner))
}

impl Faults {
    /// What the environment asks for; `None` when that is nothing.
    fn of(variable: &dyn Fn(&str) -> Option<String>) -> Option<Self> {
        let kill_at = variable("COUNTERSIGN_KILL_AT").map(|text| Kill::parse(&text));
        let full_at = variable("COUNTERSIGN_DISK_FULL_AT").and_then(|text| text.parse().ok());
        let trace =
            variable("COUNTERSIGN_TRACE").and_then(|path| OpenOptions::new().append(true).create(true).open(path).ok());
        let armed = kill_at.is_some() || full_at.is_some() || trace.is_some();
        armed.then(|| Self { kill_at, full_at, trace, points: 0, passed: HashMap::new(), writes: 0 })
    }

    /// Counts a point and says whether it is the last one.
    fn pass(&mut self, label: &str) -> bool {
        self.points += 1;
        self.passed.entry(label.to_owned()).or_default().push(self.points);
        let passed = |label: &str, time: usize| self.passed.get(label)?.get(time.checked_sub(1)?).copied();
        let last = match &self.kill_at {
            Some(Kill::Number(number)) => Some(*number),
            Some(Kill::Label(label, time)) => passed(label, *time),
            Some(Kill::After(label, points)) => passed(label, 1).map(|first| first + points),
            None => None,
        };
        let is_last = last == Some(self.points);
        self.record(&json!({ "point": self.points, "label": label }).to_string());
        is_last
    }

    fn is_full(&mut self) -> bool {
        self.writes += 1;
        self.full_at == Some(self.writes)
    }

    fn record(&mut self, line: &str) {
        if let Some(trace) = &mut self.trace {
            // A trace that cannot be written is missed by whoever asked for it.
            let _ = trace.write_all(format!("{line}\n").as_bytes());
        }
    }
}

impl Kill {
    fn parse(text: &str) -> Self {
        if let Ok(number) = text.parse() {
            return Self::Number(number);
        }
        let with =
            |sign| text.rsplit_once(sign).and_then(|(label, count)| Some((label.to_owned(), count.parse().ok()?)));
        match (with('#'), with('+')) {
            (Some((label, time)), _) => Self::Label(label, time),
            (None, Some((label, points))) => Self::After(label, points),
            (None, None) => Self::Label(text.to_owned(), 1),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn faults(name: &str, value: &str) -> Faults {
        Faults::of(&|asked| (asked == name).then(|| value.to_owned())).expect("armed")
    }

    #[test]
    fn the_process_ends_at_a_number_or_at_a_label() {
        assert!(Faults::of(&|_| None).is_none());
        for (kill_at, last) in [("2", 1), ("b", 1), ("a#2", 2), ("b#2", 4), ("b+0", 1), ("a+3", 3)] {
            let mut faults = faults("COUNTERSIGN_KILL_AT", kill_at);
            let ends: Vec<bool> = ["a", "b", "a", "c", "b"].iter().map(|label| faults.pass(label)).collect();
            assert_eq!(ends.iter().position(|end| *end), Some(last), "{kill_at}");
        }
    }

    #[test]
    fn only_the_chosen_write_finds_the_disk_full() {
        let mut faults = faults("COUNTERSIGN_DISK_FULL_AT", "2");
        assert_eq!([(); 3].map(|()| faults.is_full()), [false, true, false]);
    }

    #[test]
    fn points_and_steps_are_recorded_in_order() {
        let file = tempfile::NamedTempFile::new().expect("a file");
        let mut faults = faults("COUNTERSIGN_TRACE", file.path().to_str().expect("UTF-8"));
        faults.pass("before 0");
        let write = Step::Write { path: "/a".as_ref(), content: b"text" };
        faults.record(&serde_json::to_string(&write).expect("JSON"));
        let text = std::fs::read_to_string(file.path()).expect("read");
        let lines: Vec<serde_json::Value> =
            text.lines().map(|line| serde_json::from_str(line).expect("JSON")).collect();
        assert_eq!(
            lines,
            [json!({ "point": 1, "label": "before 0" }), json!({ "op": "write", "path": "/a", "content": "dGV4dA==" })]
        );
    }
}
