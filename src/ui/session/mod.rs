//! What every front does between answers and result: prepare a plan, show it elsewhere, run it.

mod prepare;
mod refusal;
mod secrets;

pub use prepare::{Prepared, Situation, prepare};
pub use refusal::Refusal;
pub use secrets::Typed;

use crate::apply::{Event, Finished, Lock, Outcome, apply, journal, preflight};

/// Runs a prepared plan: preflight, lock, steps; everything is put back when one fails.
///
/// # Errors
/// Something stood in the way before anything was touched.
pub fn run(prepared: &Prepared, events: &mut dyn FnMut(Event)) -> Result<Outcome, Refusal> {
    let plan = &prepared.plan;
    if plan.is_empty() {
        return Ok(Outcome::nothing());
    }
    let problems = preflight(plan, &prepared.context);
    if !problems.is_empty() {
        return Err(Refusal::Rules(problems.iter().map(ToString::to_string).collect()));
    }
    crate::fs::create_folders(&plan.dir).map_err(|error| Refusal::rule(format!("{}: {error}", plan.dir.display())))?;
    let lock = Lock::take(&plan.dir, &plan.act)?;
    // Between the look and the lock another run may have come and gone.
    if let Some(change) = journal::unfinished(&plan.dir)? {
        return Err(Refusal::interrupted(&change));
    }
    let outcome = apply(plan, &prepared.context, events)?;
    if plan.act == "uninstall" && outcome.result == Finished::Done {
        crate::apply::remove_leftovers(&plan.dir);
    }
    // An estate that is gone has no lock to let go of.
    let _ = lock.release();
    Ok(outcome)
}
