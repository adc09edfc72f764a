//! A change from its first line in the journal to its last: applied, resumed or rolled back.

use thiserror::Error;

use super::history::Entry;
use super::journal::{Journal, JournalError, Line, Unfinished, folder};
use super::outcome::{Finished, Outcome};
use super::processes::bring_up;
use super::vault::{self, Vault};
use super::walk::Walk;
use super::{Context, Event};
use crate::fs::faults;
use crate::plan::Plan;

/// Why an unfinished change is left as it is; nothing was touched.
#[derive(Debug, Error)]
pub enum LeftAlone {
    /// It can only go forward.
    #[error(
        "the change {0} was committed before it was interrupted, so it cannot be put back: `countersign resume` finishes it"
    )]
    Committed(String),
    /// Putting back was begun and some steps could not be undone.
    #[error("the change {0} was being put back when it was interrupted: `countersign rollback` goes on with that")]
    BeingPutBack(String),
    /// The journal or what is sealed in it cannot be used.
    #[error(transparent)]
    Journal(#[from] JournalError),
}

/// Applies a plan whose estate is locked and whose preflight passed.
///
/// # Errors
/// The journal cannot be begun; then nothing was touched.
pub fn apply(plan: &Plan, context: &Context, events: &mut dyn FnMut(Event)) -> Result<Outcome, JournalError> {
    if plan.is_empty() {
        return Ok(Outcome::nothing());
    }
    let (journal, vault) = Journal::begin(plan, context)?;
    let mut walk = Walk::new(plan, context, journal, Some(vault), Vec::new());
    walk.forward(events);
    Ok(end(walk, &plan.act))
}

/// Finishes an unfinished change of an earlier run. What was interrupted in the middle of a step is undone first, and
/// done anew.
///
/// # Errors
/// It cannot go forward, or its journal cannot be used.
pub fn resume(change: &Unfinished, context: &Context, events: &mut dyn FnMut(Event)) -> Result<Outcome, LeftAlone> {
    if !change.can_go_forward() {
        return Err(LeftAlone::BeingPutBack(change.id.clone()));
    }
    let (journal, vault, context) = reopen(change, context)?;
    let plan = &change.plan;
    bring_up(plan, &change.begun, &context);
    let mut walk = Walk::new(plan, &context, journal, vault, change.begun.clone());
    if change.committed {
        walk.finish(&change.finished, events);
    } else if walk.undo_what_was_interrupted(events) {
        walk.forward(events);
    }
    Ok(end(walk, "resume"))
}

/// Undoes an unfinished change of an earlier run.
///
/// # Errors
/// It was committed, or its journal cannot be used.
pub fn rollback(change: &Unfinished, context: &Context, events: &mut dyn FnMut(Event)) -> Result<Outcome, LeftAlone> {
    if !change.can_go_back() {
        return Err(LeftAlone::Committed(change.id.clone()));
    }
    let (journal, vault, context) = reopen(change, context)?;
    let mut walk = Walk::new(&change.plan, &context, journal, vault, change.begun.clone());
    walk.put_back(events);
    Ok(end(walk, "rollback"))
}

fn reopen(change: &Unfinished, context: &Context) -> Result<(Journal, Option<Vault>, Context), JournalError> {
    let folder = folder(&change.plan.dir);
    let journal = Journal::reopen(&change.plan.dir, &change.id)?;
    let fail = |error| JournalError::Io(folder.join(format!("{}.log", change.id)), error);
    let vault = Vault::open(&folder, &change.id).map_err(fail)?;
    let context = match &vault {
        Some(vault) => context.clone().unsealed(vault, &change.sealed).map_err(fail)?,
        // Nothing was begun yet, or nothing is left to undo.
        None => context.clone(),
    };
    Ok((journal, vault, context))
}

/// Destroys what is sealed and writes the last line, unless the change is not over; and the line of this run.
fn end(walk: Walk, verb: &str) -> Outcome {
    let Walk { plan, mut journal, mut outcome, .. } = walk;
    let result = outcome.result;
    if !matches!(result, Finished::Interrupted | Finished::NotPutBack) {
        faults::point("end");
        // A key that stays is destroyed by the next run: without an unfinished change it opens nothing that matters.
        let _ = vault::destroy(&folder(&plan.dir), &journal.id());
    }
    if result != Finished::Interrupted {
        // The steps themselves are on disk; without the last line the change is still to be ended.
        if let Err(error) = journal.add(&Line::End { result: result.word().into() }) {
            outcome.reason = Some(error.to_string());
            outcome.result = Finished::Interrupted;
        }
    }
    let act = (verb != plan.act).then(|| plan.act.clone());
    let _ = Entry { act, journal: outcome.journal.clone(), ..Entry::new(verb, outcome.result.word()) }.add(&plan.dir);
    outcome
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::apply::journal::unfinished;
    use crate::plan::Step;

    #[test]
    fn what_the_plan_did_not_make_survives_its_undo() {
        let dir = tempfile::tempdir().expect("a folder");
        let at = |name: &str| dir.path().join(name);
        std::fs::write(at("letters.txt"), "mine").expect("written");
        std::fs::create_dir_all(at("home/kept")).expect("made");
        let file = |name: &str| Step::CreateFile { path: at(name), content: "ours".into() };
        let home = Step::MakeFolders { name: "X".into(), home: at("home"), folders: vec![] };
        for last in [file("letters.txt"), home] {
            let steps = vec![file("new.txt"), last];
            let plan = Plan { act: "install".into(), dir: dir.path().into(), steps, ..Plan::default() };
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
