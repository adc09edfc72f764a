//! A plan, shown or carried out: what every changing verb ends with.

use super::Scope;
use super::exit::Exit;
use super::failure::Failure;
use crate::apply::Finished;
use crate::plan::{Plan, diff};
use crate::ui::report::{self, outcome::Follower};
use crate::ui::session::{Prepared, Situation, run};

/// Prints a plan; 4 when there is something to do.
pub fn show_plan(scope: &Scope, plan: &Plan) -> Exit {
    scope.print(&diff::render(plan), &serde_json::json!({ "plan": plan, "counts": plan.counts() }));
    if plan.is_empty() { Exit::Done } else { Exit::Differs }
}

/// Runs a prepared plan and reports it.
pub fn apply(scope: &Scope, prepared: &Prepared) -> anyhow::Result<Exit> {
    let plan = &prepared.plan;
    let mut follower = Follower::default();
    let outcome = run(prepared, &mut |event| {
        if let Some(line) = follower.take(plan, event) {
            scope.note(&line);
        }
    })
    .map_err(Failure::from)?;
    let mut text = follower.report().map(|report| report + "\n").unwrap_or_default();
    match (prepared.situation, outcome.result) {
        (Situation::Whole, Finished::NothingToDo) => {
            text.push_str("Everything is installed, running and aligned already: nothing to do.\n");
        }
        (Situation::Configure, Finished::NothingToDo) => {
            text.push_str("The estate is as these answers say already: nothing to do.\n");
        }
        _ => text.push_str(&report::outcome::text(plan, &outcome)),
    }
    scope.print(&text, &outcome);
    Ok(outcome.result.into())
}
