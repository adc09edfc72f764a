//! Products of a site that a plan touches: something of each is found on this host.

use crate::estate::ProductHome;
use crate::plan::{Back, Plan, Process, Step};
use crate::profile::{Profile, is_site, known};

/// What to tell people of products of which nothing is found, one line each. Their profiles may be mistaken in the signs
/// alone, so that this is no reason to refuse.
pub(super) fn warnings(plan: &Plan) -> Vec<String> {
    if !is_site() {
        return Vec::new();
    }
    let touched = known().iter().filter(|profile| plan.steps.iter().any(|step| touches(step, profile)));
    touched.filter_map(|profile| nothing_found(profile, plan)).collect()
}

fn nothing_found(profile: &'static Profile, plan: &Plan) -> Option<String> {
    let product = ProductHome { profile, home: plan.dir.join(&profile.product.home) };
    let signs = product.signs()?;
    let name = &profile.product.name;
    signs.is_empty().then(|| format!("nothing of {name} was found on this host by the signs that its profile names"))
}

fn touches(step: &Step, profile: &Profile) -> bool {
    let has = |id: &str| profile.component.iter().any(|component| component.id == id);
    let is_its = |process: &Process| has(&process.component);
    match step {
        Step::Start(process) | Step::Stop(process) | Step::SeeRefused(process) => is_its(process),
        Step::WriteSecret { spots, online, .. } => {
            spots.iter().any(|spot| has(&spot.component)) || online.iter().any(|place| has(&place.component))
        }
        // What is installed by the plan is not there yet.
        Step::RunInstaller(run) => run.product == profile.product.id && run.back == Back::Again,
        _ => false,
    }
}
