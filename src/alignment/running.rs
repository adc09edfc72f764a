//! The level *running*: what a process uses, by a fresh proof that it makes itself when its control socket asks.

use serde_json::json;

use super::expected::Spot;
use super::found::Found;
use super::{PROCESS_DEADLINE, asking};
use crate::daemon::control::NOT_ACCEPTED;

/// Has a process prove the secret that it holds.
pub(super) async fn ask(spot: &Spot) -> Found {
    if spot.component.runs() != Some(true) {
        return Found::cannot_tell("not running: countersign start");
    }
    match asking::ask(spot.component.control(), json!({ "do": "prove" }), PROCESS_DEADLINE).await {
        Ok(answer) => match answer["secret_id"].as_str() {
            Some(id) => Found::proved(id.to_owned()),
            None => Found::cannot_tell("it does not say which secret it proved"),
        },
        Err(asking::NoAnswer::Refused(refusal)) if refusal.is(NOT_ACCEPTED) => Found::differs(refusal.text),
        Err(error) => Found::cannot_tell(error.to_string()),
    }
}
