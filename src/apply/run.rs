//! Walking a plan: a journal line before and after each step, and everything put back when one fails.

use std::path::Path;
use std::time::Instant;

use serde::{Deserialize, Serialize};

use super::act::{ActError, Ended, act, undo};
use super::journal::{Journal, JournalError, Line, Unfinished};
use super::{Context, Event, history};
use crate::exit::Exit;
use crate::plan::{Plan, Step};

/// How a run ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Finished {
    /// All steps are done.
    Done,
    /// There was nothing to do.
    #[serde(rename = "nothing to do")]
    NothingToDo,
    /// Committed; a registration is pending at the authority.
    Pending,
    /// A step failed and everything was put back.
    #[serde(rename = "put back")]
    PutBack,
    /// A step failed and putting back failed too.
    #[serde(rename = "not put back")]
    NotPutBack,
}

impl From<Finished> for Exit {
    fn from(finished: Finished) -> Self {
        match finished {
            Finished::Done | Finished::NothingToDo => Self::Done,
            Finished::Pending => Self::Pending,
            Finished::PutBack => Self::PutBack,
            Finished::NotPutBack => Self::NotPutBack,
        }
    }
}

/// What a run did. This is the JSON that changing verbs end with.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Outcome {
    /// Whether anything is different now.
    pub changed: bool,
    /// How it ended.
    pub result: Finished,
    /// Steps done.
    pub steps: usize,
    /// Components that were started or stopped.
    pub restarted: Vec<String>,
    /// Id of the journal.
    pub journal: Option<String>,
    /// Why a step failed.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub reason: Option<String>,
    /// What to do by hand after `not put back`.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub by_hand: Vec<String>,
}

impl Outcome {
    /// Of a run that had nothing to do.
    pub fn nothing() -> Self {
        Self {
            changed: false,
            result: Finished::NothingToDo,
            steps: 0,
            restarted: Vec::new(),
            journal: None,
            reason: None,
            by_hand: Vec::new(),
        }
    }
}

/// Applies a plan whose estate is locked and whose preflight passed.
///
/// # Errors
/// The journal cannot be begun; then nothing was touched.
pub fn apply(plan: &Plan, context: &Context, events: &mut dyn FnMut(Event)) -> Result<Outcome, JournalError> {
    if plan.is_empty() {
        return Ok(Outcome::nothing());
    }
    let mut journal = Journal::begin(plan)?;
    let mut outcome = Outcome { changed: true, journal: Some(journal.id()), ..Outcome::nothing() };
    outcome.result = walk(plan, context, &mut journal, &mut outcome, events);
    end(plan, &mut journal, &outcome);
    Ok(outcome)
}

/// Undoes an unfinished change of an earlier run.
///
/// # Errors
/// The journal cannot be written.
pub fn rollback(
    change: &Unfinished,
    context: &Context,
    events: &mut dyn FnMut(Event),
) -> Result<Outcome, JournalError> {
    let mut journal = Journal::reopen(&change.plan.dir, &change.id)?;
    let mut outcome = Outcome { changed: true, journal: Some(change.id.clone()), ..Outcome::nothing() };
    outcome.result = put_back(&change.plan, context, &change.begun, &mut journal, &mut outcome, events);
    end(&change.plan, &mut journal, &outcome);
    Ok(outcome)
}

fn walk(
    plan: &Plan,
    context: &Context,
    journal: &mut Journal,
    outcome: &mut Outcome,
    events: &mut dyn FnMut(Event),
) -> Finished {
    let mut begun = Vec::new();
    for (index, step) in plan.steps.iter().enumerate() {
        events(Event::Started(index));
        let since = Instant::now();
        begun.push(index);
        let result = match journal.add(&Line::Start { step: index }) {
            Ok(()) => act(step, plan, context, events),
            Err(error) => Err(ActError::Other(error.to_string())),
        };
        let result = result.and_then(|ended| match journal.add(&Line::Done { step: index }) {
            Ok(()) => Ok(ended),
            Err(error) => Err(ActError::Other(error.to_string())),
        });
        match result {
            Ok(ended) => {
                outcome.steps += 1;
                if let Step::Start(process) | Step::Stop(process) = step {
                    outcome.restarted.push(process.component.clone());
                }
                events(Event::Done(index, since.elapsed()));
                if let Ended::Pending(state) = ended {
                    outcome.reason = state.message();
                    return Finished::Pending;
                }
            }
            Err(error) => {
                if matches!(error, ActError::InTheWay(_)) {
                    begun.pop();
                    let _ = journal.add(&Line::Undone { step: index });
                }
                let cause = error.to_string();
                events(Event::Failed(index, cause.clone()));
                let _ = journal.add(&Line::Failed { step: index, cause: cause.clone() });
                outcome.reason = Some(format!("{}: {cause}", step.describe(&plan.dir)));
                return put_back(plan, context, &begun, journal, outcome, events);
            }
        }
    }
    Finished::Done
}

/// Undoes steps, the last first. One that cannot be undone does not keep the others from being undone.
fn put_back(
    plan: &Plan,
    context: &Context,
    begun: &[usize],
    journal: &mut Journal,
    outcome: &mut Outcome,
    events: &mut dyn FnMut(Event),
) -> Finished {
    events(Event::PuttingBack);
    let mut still_running: Vec<&Path> = Vec::new();
    for (index, step) in begun.iter().rev().filter_map(|index| Some((*index, plan.steps.get(*index)?))) {
        // A home is not taken from under a process that could not be stopped.
        let lived_in = match step {
            Step::MakeHome { home, .. } | Step::MakeFolders { home, .. } => {
                still_running.iter().any(|pid_file| pid_file.starts_with(home))
            }
            _ => false,
        };
        let undone =
            if lived_in { Err(ActError::Other("its process still runs".into())) } else { undo(step, plan, context) };
        if let (Step::Start(process), Err(_)) = (step, &undone) {
            still_running.push(&process.pid_file);
        }
        match undone {
            Ok(()) => {
                // Without this line the step would be undone once more, which is harmless.
                let _ = journal.add(&Line::Undone { step: index });
                events(Event::Undone(index));
            }
            Err(error) => {
                let cause = error.to_string();
                let _ = journal.add(&Line::NotUndone { step: index, cause: cause.clone() });
                outcome.by_hand.push(format!("undo \"{}\": {cause}", step.describe(&plan.dir)));
                events(Event::NotUndone(index, cause));
            }
        }
    }
    outcome.restarted.clear();
    outcome.changed = !outcome.by_hand.is_empty();
    if outcome.by_hand.is_empty() { Finished::PutBack } else { Finished::NotPutBack }
}

fn end(plan: &Plan, journal: &mut Journal, outcome: &Outcome) {
    let result = match outcome.result {
        Finished::Done | Finished::NothingToDo => "done",
        Finished::Pending => "pending",
        Finished::PutBack => "put back",
        Finished::NotPutBack => "not put back",
    };
    // The steps themselves are on disk; losing the last line makes the next run look, not lose anything.
    let _ = journal.add(&Line::End { result: result.into() });
    let _ = history::note(&plan.dir, &plan.act, result, outcome.journal.as_deref());
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::apply::journal::unfinished;

    #[test]
    fn what_the_plan_did_not_make_survives_its_undo() {
        let dir = tempfile::tempdir().expect("a folder");
        let at = |name: &str| dir.path().join(name);
        std::fs::write(at("letters.txt"), "mine").expect("written");
        std::fs::create_dir_all(at("home/kept")).expect("made");
        let file = |name: &str| Step::CreateFile { path: at(name), content: "ours".into() };
        let home = Step::MakeFolders { name: "X".into(), home: at("home"), folders: vec![] };
        for last in [file("letters.txt"), home] {
            let plan = Plan {
                act: "install".into(),
                dir: dir.path().into(),
                steps: vec![file("new.txt"), last],
                ..Plan::default()
            };
            let mut undone = Vec::new();
            let outcome = apply(&plan, &Context::default(), &mut |event| {
                if let Event::Undone(index) = event {
                    undone.push(index);
                }
            })
            .expect("a journal");
            assert_eq!((outcome.result, outcome.changed, undone), (Finished::PutBack, false, vec![0]));
            assert!(!at("new.txt").exists() && at("home/kept").exists());
            assert_eq!(std::fs::read_to_string(at("letters.txt")).expect("there"), "mine");
            assert!(unfinished(dir.path()).expect("read").is_none());
        }
    }
}
