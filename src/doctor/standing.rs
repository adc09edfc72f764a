//! Where a registration stands, by its files and by what the authority of this estate knows of its request.

use std::time::Duration;

use serde_json::json;

use super::codes::Code;
use super::finding::{Finding, Verdict};
use super::keystore::Keystore;
use super::subject::Subject;
use crate::alignment::asking::ask;
use crate::estate::ComponentHome;
use crate::registration::site::Pending;
use crate::registration::state::State;

/// How long the authority may take to tell of its requests.
const DEADLINE: Duration = Duration::from_secs(3);

/// What the authority says of a request.
struct Decided {
    state: State,
    reason: Option<String>,
}

/// What is to be said of a registration that is not done; with `explained` something was found already that keeps it
/// from going on.
pub async fn judge(
    subject: &Subject,
    keystore: &Keystore,
    authority: Option<&ComponentHome>,
    explained: bool,
) -> Option<Finding> {
    if !matches!(keystore, Keystore::Absent) {
        return None;
    }
    let told = |code, detail: String| Some(subject.about(code, Verdict::Trouble, &subject.site.keystore(), detail));
    let state = subject.site.state();
    let pending = subject.site.pending();
    let decided = match (&pending, authority) {
        (Some(pending), Some(authority)) => decided(pending, authority).await,
        _ => None,
    };
    let status = |state: &State| state.message().unwrap_or_else(|| format!("[Status:{state}]"));
    match decided {
        Some(Decided { state: State::Registered, .. }) => {
            return told(
                Code::WaitingSigning,
                "the authority has signed it: the certificate waits to be fetched".into(),
            );
        }
        Some(Decided { state, reason }) if state != State::Submitted => {
            let reason = reason.map_or_else(String::new, |reason| format!(" Reason: {reason}"));
            return told(code(&state)?, status(&state) + &reason);
        }
        _ => {}
    }
    match state {
        State::New | State::Submitted if explained => None,
        State::New => told(Code::NotRegistered, "there is no keystore and no temporary".into()),
        State::Submitted => told(Code::Interrupted, "temporaries without an answer of the authority".into()),
        state => told(code(&state)?, status(&state)),
    }
}

/// What is told of a registration that stands here; nothing of one that is not begun, not answered, or done.
pub(super) fn code(state: &State) -> Option<Code> {
    Some(match state {
        State::WaitingValidation => Code::WaitingValidation,
        State::WaitingSigning => Code::WaitingSigning,
        State::ValidationRefused => Code::Refused,
        State::Failed | State::Other(_) => Code::Failed,
        State::New | State::Submitted | State::Registered => return None,
    })
}

/// Asks the authority of this estate over its control socket.
async fn decided(pending: &Pending, authority: &ComponentHome) -> Option<Decided> {
    let id = pending.request_id.as_ref()?;
    let answer = ask(authority.control(), json!({ "do": "requests" }), DEADLINE).await.ok()?;
    let request = answer["requests"].as_array()?.iter().find(|one| one["id"] == id.as_str())?;
    let state = request["status"].as_str().map(|text| State::from(text.to_owned()))?;
    Some(Decided { state, reason: request["reason"].as_str().map(str::to_owned) })
}
