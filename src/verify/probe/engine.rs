//! What an engine says of itself on its control socket.

use serde_json::{Value, json};

use super::Finding;
use crate::alignment::asking::{self, NoAnswer};
use crate::verify::target::Target;

/// Its status, or what to say without one.
pub(super) async fn status(target: &Target) -> Result<Value, Finding> {
    let Some(component) = target.component() else {
        return Err(Finding::cannot_tell("the profile names no component to ask"));
    };
    asking::ask(component.control(), json!({ "do": "status" }), target.deadline).await.map_err(|error| match error {
        NoAnswer::Late(_) => Finding::cannot_tell(error.to_string()),
        NoAnswer::Unreachable(_) | NoAnswer::Refused(_) => Finding::failed(error.to_string()),
    })
}
