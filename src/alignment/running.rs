//! The level *running*: what a process uses, by a fresh proof that it makes itself when its control socket asks; where a
//! product has none, by what it said last in its log.

use serde_json::json;

use super::expected::Spot;
use super::found::Found;
use super::{PROCESS_DEADLINE, asking, watched};
use crate::daemon::control::NOT_ACCEPTED;
use crate::estate::ComponentHome;

/// Has a process prove the secret that it holds.
pub(super) async fn ask(spot: &Spot) -> Found {
    let component = spot.component.clone();
    // A product's command may tell whether it runs, and its log may be long: others are not kept waiting for it.
    let known = tokio::task::spawn_blocking(move || {
        let seen = || (!component.has_control()).then(|| watched::found(&component));
        not_running(&component).or_else(seen)
    });
    match known.await {
        Ok(None) => prove(spot).await,
        Ok(Some(found)) => found,
        Err(_) => Found::cannot_tell("asking it ended before its answer"),
    }
}

/// What it comes to when a process that it needs does not run: its own, or where it has none those of its product.
pub(super) fn not_running(component: &ComponentHome) -> Option<Found> {
    let needed =
        if component.component.process { vec![component.clone()] } else { component.product.processes().collect() };
    needed.iter().filter_map(ComponentHome::asked).find_map(|asked| match asked {
        Ok(true) => None,
        Ok(false) => Some(Found::cannot_tell("not running: countersign start")),
        Err(reason) => Some(Found::cannot_tell(format!("whether it runs: {reason}"))),
    })
}

async fn prove(spot: &Spot) -> Found {
    match asking::ask(spot.component.control(), json!({ "do": "prove" }), PROCESS_DEADLINE).await {
        Ok(answer) => match answer["secret_id"].as_str() {
            Some(id) => Found::proved(id.to_owned()),
            None => Found::cannot_tell("it does not say which secret it proved"),
        },
        Err(asking::NoAnswer::Refused(refusal)) if refusal.is(NOT_ACCEPTED) => Found::differs(refusal.text),
        Err(error) => Found::cannot_tell(error.to_string()),
    }
}
