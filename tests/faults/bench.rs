//! One prepared estate, copied back for every run of a verb that is to fail, and the judgement on what came of it.

use std::os::unix::process::ExitStatusExt;
use std::path::PathBuf;
use std::process::Command;

use serde_json::{Value, json};

use crate::estate::{Ended, TestEstate, ended};
use crate::state::{State, leftovers};
use crate::trace::{self, Event};
use crate::verbs::Verb;

/// How an interrupted change is settled.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Way {
    Resume,
    Rollback,
}

/// How far a change came, as its journal tells.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Reached {
    Nothing,
    Begun,
    Committed,
    End,
}

/// An estate as it must be in the end.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Side {
    Old,
    New,
}

/// A prepared estate, and how it is before and after a verb that nothing disturbs.
pub struct Bench {
    pub estate: TestEstate,
    verb: Verb,
    before: Option<State>,
    after: Option<State>,
    /// The points and steps of the undisturbed run.
    pub rehearsal: Vec<Event>,
    /// What each step says of itself, by number from 1.
    pub steps: Vec<String>,
}

impl Bench {
    /// Prepares the estate and runs the verb once.
    pub fn new(verb: Verb) -> Self {
        let estate = TestEstate::new();
        (verb.prepare)(&estate);
        if estate.path("").exists() {
            assert_eq!(estate.run(&["stop"]).code, 0);
            std::fs::rename(estate.folder().join("estate"), estate.folder().join("prepared")).expect("kept");
        }
        let mut bench = Self { estate, verb, before: None, after: None, rehearsal: Vec::new(), steps: Vec::new() };
        bench.reset();
        bench.before = State::of(&bench.estate).expect("a whole estate or none");
        let (ended, rehearsal) = bench.run(&[]);
        assert_eq!(ended.code, 0, "{ended:#?}");
        bench.after = State::of(&bench.estate).expect("a whole estate or none");
        bench.rehearsal = rehearsal;
        bench.steps = steps(&ended.stderr);
        bench
    }

    /// Brings the prepared estate back, running.
    pub fn reset(&self) {
        self.estate.kill();
        let (dir, prepared) = (self.estate.folder().join("estate"), self.prepared());
        if dir.exists() {
            std::fs::remove_dir_all(&dir).expect("removed");
        }
        if prepared.exists() {
            let copied = Command::new("cp").arg("-a").args([&prepared, &dir]).status().expect("cp");
            assert!(copied.success());
            let started = self.estate.run(&["start"]);
            assert_eq!(started.code, 0, "{started:#?}");
        }
    }

    /// The prepared estate.
    pub fn prepared(&self) -> PathBuf {
        self.estate.folder().join("prepared")
    }

    /// The verb, recorded.
    pub fn command(&self) -> Command {
        let file = self.trace_file();
        let _ = std::fs::remove_file(&file);
        let mut command = self.estate.command();
        command.args((self.verb.arguments)(&self.estate)).env("COUNTERSIGN_TRACE", &file);
        command
    }

    /// Runs the verb with faults; how it ended and what was recorded.
    pub fn run(&self, faults: &[(&str, String)]) -> (Ended, Vec<Event>) {
        let ended = ended(self.command().envs(faults.iter().map(|(name, value)| (*name, value))));
        (ended, trace::read(&self.trace_file()))
    }

    /// Runs the verb and has it killed at a point; what was recorded.
    pub fn killed_at(&self, point: &str) -> Vec<Event> {
        let output = self.command().env("COUNTERSIGN_KILL_AT", point).output().expect("started");
        assert_eq!(output.status.signal(), Some(9), "not killed at {point}: {output:?}");
        trace::read(&self.trace_file())
    }

    fn trace_file(&self) -> PathBuf {
        self.estate.folder().join("trace")
    }

    /// How far the change came. `logs` is what [`Bench::logs`] told before it began.
    pub fn reached(&self, logs: &[PathBuf]) -> Result<Reached, Vec<String>> {
        let begun = self.logs().into_iter().any(|log| !logs.contains(&log));
        if !self.estate.path("").is_dir() || (self.estate.path("journal").is_dir() && !begun) {
            // Without a folder nothing was begun, or all is over and gone.
            let gone = self.before.is_some() && !self.estate.path("").is_dir();
            return Ok(if gone { Reached::End } else { Reached::Nothing });
        }
        let (_, lines) = self.estate.json(&["journal", "show"]);
        let lines = lines.as_array().ok_or_else(|| vec![format!("the journal is no list: {lines}")])?;
        let has = |event: &str| lines.iter().any(|line| line["event"] == event);
        Ok(match () {
            () if has("end") => Reached::End,
            () if has("commit") => Reached::Committed,
            () if has("begin") => Reached::Begun,
            () => Reached::Nothing,
        })
    }

    /// The journals that are there.
    pub fn logs(&self) -> Vec<PathBuf> {
        let entries = std::fs::read_dir(self.estate.path("journal")).into_iter().flatten().flatten();
        entries.map(|entry| entry.path()).filter(|path| path.extension().is_some_and(|e| e == "log")).collect()
    }

    /// Settles what was interrupted; on which side the estate must be then.
    pub fn settle(&self, way: Way, reached: Reached) -> Result<Side, Vec<String>> {
        if reached == Reached::End && !self.estate.path("").is_dir() {
            return Ok(Side::New);
        }
        let (verb, wanted) = match way {
            Way::Resume => ("resume", 0),
            Way::Rollback if reached == Reached::Committed => ("rollback", 3),
            Way::Rollback => ("rollback", 0),
        };
        self.settle_with(verb, wanted)?;
        if wanted != 0 {
            self.settle_with("resume", 0)?;
        }
        Ok(match (reached, way) {
            (Reached::Nothing, _) | (Reached::Begun, Way::Rollback) => Side::Old,
            _ => Side::New,
        })
    }

    fn settle_with(&self, verb: &str, wanted: i32) -> Result<(), Vec<String>> {
        let ended = self.estate.run(&[verb]);
        if ended.code == 3 && !self.estate.path("").exists() {
            // Not even the folder is there: nothing was ever begun.
            return Ok(());
        }
        let told = || vec![format!("{verb} ended with {}, not {wanted}: {}", ended.code, ended.stderr.trim())];
        if ended.code == wanted { Ok(()) } else { Err(told()) }
    }

    /// What is wrong with the estate, which should be on this side; empty when nothing is.
    pub fn faults(&self, side: Side) -> Vec<String> {
        let mut faults = leftovers(&self.estate.path(""));
        let state = match State::of(&self.estate) {
            Ok(state) => state,
            Err(more) => return [faults, more].concat(),
        };
        let wanted = if side == Side::Old { &self.before } else { &self.after };
        match (&state, wanted) {
            (None, None) => {}
            (Some(_), None) => faults.push("parts of the estate are left".to_owned()),
            (None, Some(_)) => faults.push("the estate is gone".to_owned()),
            (Some(is), Some(wanted)) if side == Side::Old => faults.extend(is.differences(wanted)),
            (Some(is), Some(wanted)) => faults.extend(is.shortfalls(wanted, self.before.as_ref())),
        }
        if state.is_some() {
            faults.extend(self.unhealthy());
        }
        faults
    }

    /// What an estate that stands must answer.
    fn unhealthy(&self) -> Vec<String> {
        let asked: [(&[&str], &str, Value); 3] = [
            (&["status"], "interrupted", Value::Null),
            (&["check"], "aligned", json!(true)),
            (&["verify"], "ok", json!(true)),
        ];
        let mut faults = Vec::new();
        for (verb, key, wanted) in asked {
            let (code, answer) = self.estate.json(verb);
            if (code, &answer[key]) != (0, &wanted) {
                faults.push(format!("{} ended with {code}: {answer}", verb[0]));
            }
        }
        faults
    }
}

/// `[ 3/21] Do this (12 ms)` in the progress of a run.
fn steps(progress: &str) -> Vec<String> {
    let mut steps = Vec::new();
    for line in progress.lines() {
        let Some((number, text)) = line.strip_prefix('[').and_then(|rest| rest.split_once("] ")) else { continue };
        let number: Option<usize> = number.split('/').next().and_then(|number| number.trim().parse().ok());
        let Some(number) = number.filter(|number| *number > 0) else { continue };
        steps.resize(steps.len().max(number), String::new());
        text.rsplit_once(" (").map_or(text, |(text, _)| text).clone_into(&mut steps[number - 1]);
    }
    steps
}
