//! Places that commands reach: their product runs, and uses the secret that is to be replaced.

use super::Problem;
use crate::apply::Context;
use crate::apply::act::{holds, runs};
use crate::plan::{Online, Plan, Step};

pub(super) fn problems(plan: &Plan, context: &Context) -> Vec<Problem> {
    let places = plan.steps.iter().flat_map(|step| match step {
        Step::WriteSecret { online, .. } => online.as_slice(),
        _ => &[],
    });
    places.filter_map(|place| problem(place, context)).collect()
}

fn problem(place: &Online, context: &Context) -> Option<Problem> {
    let name = &place.name;
    match place.process.as_ref().map(runs) {
        Some(Ok(false)) => {
            let text = format!("{name} is stopped, and it is told the secret while it runs: start it first");
            return Some(Problem::new("stopped", text));
        }
        Some(Err(why)) => return Some(Problem::new("stopped", format!("whether {name} runs cannot be told: {why}"))),
        _ => {}
    }
    let previous = context.previous.as_deref().filter(|_| !place.read.is_empty())?;
    match holds(place, previous) {
        Ok(true) => None,
        Ok(false) => {
            let text =
                format!("{name} does not use the secret that was given as the one in use: see `countersign check`");
            Some(Problem::new("previous-secret", text))
        }
        Err(why) => Some(Problem::new("place", format!("what {name} uses cannot be read: {why}"))),
    }
}
