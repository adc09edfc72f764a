//! What every front does between answers and result: prepare a plan, show it elsewhere, run it.

pub mod answer_file;
pub mod bookmark;
pub mod changes;
pub mod closing;
mod configure;
pub mod diagnosis;
pub mod giving;
pub mod groups;
mod held;
pub mod interrupted;
mod look;
pub mod matrix;
pub mod obstacle;
pub mod pending;
mod pinned;
mod prepare;
mod refusal;
pub(in crate::ui) mod repositories;
mod rotate;
mod saved;
mod secrets;
mod site;
pub mod standing;
mod unfinished;
mod wanted;

pub use prepare::{Prepared, Situation, hold, must_be_free, prepare};
pub use refusal::Refusal;
pub use rotate::{Rotate, prepare_rotate};
pub use saved::Saved;
pub use secrets::Typed;
pub use unfinished::{Way, settle};

use std::sync::Arc;

use crate::apply::{Context, Event, Finished, Lock, Outcome, apply, clear_aside, journal, preflight, remove_leftovers};
use crate::estate::{Finding, detect};
use crate::exit::Exit;
use crate::plan::Plan;

/// How a wizard ended.
#[derive(Debug, Clone)]
pub struct Ended {
    /// What the shell is told.
    pub exit: Exit,
    /// What the run did; `None` when nothing was begun.
    pub outcome: Option<Outcome>,
    /// What it was to do; `None` when there was no plan.
    pub plan: Option<Plan>,
    /// Whether the answers are kept for the next start.
    pub kept: bool,
}

/// Runs a prepared plan: preflight, lock, steps; everything is put back when one fails.
///
/// # Errors
/// Something stood in the way before anything was touched.
pub fn run(prepared: &Prepared, events: &mut dyn FnMut(Event)) -> Result<Outcome, Refusal> {
    let plan = &prepared.plan;
    if plan.is_empty() {
        return Ok(Outcome::nothing());
    }
    let found = preflight(plan, &prepared.context);
    if !found.problems.is_empty() {
        return Err(Refusal::Rules(found.problems.iter().map(ToString::to_string).collect()));
    }
    found.warnings.into_iter().for_each(|warning| events(Event::Warned(warning)));
    crate::fs::create_folders(&plan.dir).map_err(|error| Refusal::rule(format!("{}: {error}", plan.dir.display())))?;
    let lock = Lock::take(&plan.dir, &plan.act)?;
    still_as_planned(prepared)?;
    clear_aside(&plan.dir);
    let context = Context { lock: lock.share().ok().map(Arc::new), ..prepared.context.clone() };
    let outcome = apply(plan, &context, events)?;
    if plan.act == "uninstall" && outcome.result == Finished::Done {
        remove_leftovers(&plan.dir);
    }
    // An estate that is gone has no lock to let go of.
    let _ = lock.release();
    Ok(outcome)
}

/// Between the look and the lock another run may have come and gone.
fn still_as_planned(prepared: &Prepared) -> Result<(), Refusal> {
    let dir = &prepared.plan.dir;
    if let Some(change) = journal::unfinished(dir)? {
        return Err(Refusal::interrupted(&change));
    }
    let found = detect(dir).map_err(|error| Refusal::rule(format!("{} cannot be read: {error}", dir.display())))?;
    match (prepared.situation, found.finding) {
        (Situation::Fresh, Finding::Empty) | (Situation::Whole | Situation::Configure, Finding::Whole(_)) => {
            saved::unchanged(&prepared.witness)
        }
        _ => Err(Refusal::rule(format!(
            "{} is not as it was when this was planned: another run changed it; look again",
            dir.display()
        ))),
    }
}
