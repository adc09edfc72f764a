//! The level *running*: what a process uses, by a fresh proof that it makes itself when its control socket asks.

use serde_json::json;

use super::expected::Spot;
use super::found::Found;
use super::{PROCESS_DEADLINE, asking};

/// What an engine's refusal says, and a [`ProofError`](crate::registration::prove::ProofError) too, when the secret
/// itself is the reason.
const NOT_ACCEPTED: &str = "does not accept";

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
        Err(asking::NoAnswer::Refused(text)) if text.contains(NOT_ACCEPTED) => Found::differs(text),
        Err(error) => Found::cannot_tell(error.to_string()),
    }
}

#[cfg(test)]
mod tests {
    use super::NOT_ACCEPTED;
    use crate::registration::prove::ProofError;

    #[test]
    fn a_secret_that_is_not_accepted_is_known_by_its_text() {
        assert!(ProofError::NotAccepted.to_string().contains(NOT_ACCEPTED));
    }
}
