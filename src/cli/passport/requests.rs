//! The certificate requests: which there are, and what an administrator says to them.

use clap::Args;
use serde_json::{Value, json};

use super::process::act;
use super::records::{joined, locally};
use super::{Exit, Scope, done};
use crate::passport::Home;
use crate::registration::state::State;

/// The states that a request at the authority can have.
const STATES: [State; 4] =
    [State::WaitingValidation, State::WaitingSigning, State::Registered, State::ValidationRefused];

/// `passport approve …`
#[derive(Debug, Args)]
pub struct Approve {
    /// The request's id, or its beginning when no other begins so
    id: String,
    /// Validate it; refused when that is done already
    #[arg(long, group = "covers")]
    validation: bool,
    /// Sign it; refused when it is not validated yet
    #[arg(long, group = "covers")]
    signing: bool,
    /// Validate and sign it at once
    #[arg(long, group = "covers")]
    both: bool,
}

/// `passport refuse …`
#[derive(Debug, Args)]
pub struct Refuse {
    /// The request's id, or its beginning when no other begins so
    id: String,
    /// Why, for whoever asked
    #[arg(long)]
    reason: String,
}

pub(super) fn list(home: &Home, state: Option<&State>, scope: &Scope) -> anyhow::Result<Exit> {
    let mut requests = locally(home, async |local| local.requests().await)?;
    requests.retain(|one| state.is_none_or(|state| one.status == *state));
    let lines = requests.iter().map(|one| {
        let reason = one.reason.as_deref().map(|reason| format!(": {reason}")).unwrap_or_default();
        format!("{}  {}/{}  {}  {}{reason}", one.id, one.component, one.instance, one.received, one.status)
    });
    Ok(done(scope, &joined(lines), &json!(requests)))
}

impl Approve {
    pub(super) fn run(&self, home: &Home, scope: &Scope) -> anyhow::Result<Exit> {
        let flags = [(self.validation, "validation"), (self.signing, "signing"), (self.both, "both")];
        let covers = flags.into_iter().find_map(|(given, word)| given.then_some(word)).unwrap_or("waiting");
        let answer = act(home, &json!({ "do": "approve", "id": self.id, "covers": covers }))?;
        Ok(decided(scope, &answer))
    }
}

impl Refuse {
    pub(super) fn run(&self, home: &Home, scope: &Scope) -> anyhow::Result<Exit> {
        let answer = act(home, &json!({ "do": "refuse", "id": self.id, "reason": self.reason }))?;
        Ok(decided(scope, &answer))
    }
}

fn decided(scope: &Scope, answer: &Value) -> Exit {
    let [id, status] = ["id", "status"].map(|key| answer[key].as_str().unwrap_or_default());
    done(scope, &format!("{id}: {status}"), &json!({ "id": id, "status": status }))
}

/// A state as it is typed: its words in any case, with hyphens or blanks between them.
pub(super) fn state(text: &str) -> Result<State, String> {
    let typed = text.replace('-', " ").to_lowercase();
    STATES.into_iter().find(|state| state.to_string().to_lowercase() == typed).ok_or_else(|| {
        let states = STATES.map(|state| state.to_string().to_lowercase().replace(' ', "-")).join(", ");
        format!("must be one of {states}")
    })
}
