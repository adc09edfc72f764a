//! The shared secret of an authority that is administered by hand, without an estate around it.

use clap::Subcommand;
use serde_json::{Value, json};

use super::process::{act, unanswered};
use super::records::{joined, lock, text};
use super::{Exit, Failure, Scope, block_on, done};
use crate::passport::Home;
use crate::passport::config::Config;
use crate::registration::admin::{self, Listed, SecretState};
use crate::registration::prove::{Peer, ProofError, prove};
use crate::registration::wire::Purpose;
use crate::secret::{self, Source};

/// What the names of this verb's changes begin with; the id of the secret that the change leaves follows. So whoever
/// comes after a crash knows the change as one of these, and finishes it.
const BY_HAND: &str = "by-hand-";

/// `passport secret …`
#[derive(Debug, Subcommand)]
pub enum Secret {
    /// Set the first shared secret; PassPort itself never sees it
    Set {
        /// Where it comes from: `stdin`, `file:PATH`, `env:NAME` …
        #[arg(long, value_name = "SOURCE")]
        from: String,
    },
    /// Accept this shared secret only, from now on; no component is told of it
    Replace {
        /// Where it comes from: `stdin`, `file:PATH`, `env:NAME` …
        #[arg(long, value_name = "SOURCE")]
        from: String,
    },
    /// Show the ids with their states
    List,
}

impl Secret {
    pub(super) fn run(&self, home: &Home, scope: &Scope) -> anyhow::Result<Exit> {
        match self {
            Self::Set { from } => {
                let secret = read(from)?;
                let _lock = lock(home, "passport secret set")?;
                act(home, &json!({ "do": "status" }))?;
                let id = admin::set_secret(&home.admin_socket(), &secret).map_err(|error| unanswered(&error))?;
                Ok(done(scope, &format!("the shared secret is set: {id}"), &json!({ "id": id })))
            }
            Self::Replace { from } => {
                let secret = read(from)?;
                let _lock = lock(home, "passport secret replace")?;
                let status = act(home, &json!({ "do": "status" }))?;
                let (id, changed) = replace(home, &status, &secret)?;
                let text = if changed {
                    format!("the shared secret is {id} now, and no other is accepted")
                } else {
                    format!("nothing to do: the shared secret is {id} already")
                };
                Ok(done(scope, &text, &json!({ "id": id, "changed": changed })))
            }
            Self::List => {
                let mut answer = act(home, &json!({ "do": "secret-list" }))?;
                let secrets = answer["secrets"].take();
                let lines = secrets.as_array().into_iter().flatten().map(secret_line);
                let waiting = answer["waiting"].as_array().into_iter().flatten().map(waiting_line);
                Ok(done(scope, &joined(lines.chain(waiting)), &secrets))
            }
        }
    }
}

fn read(from: &str) -> Result<secret::Secret, Failure> {
    let source: Source = from.parse().map_err(|error| Failure::new(Exit::Usage, format!("--from {error}")))?;
    source.read().map_err(|error| Failure::refused(error.to_string()))
}

/// Makes a secret the only accepted one. Returns its id, and whether it was another before.
fn replace(home: &Home, status: &Value, secret: &secret::Secret) -> anyhow::Result<(String, bool)> {
    let socket = home.admin_socket();
    let listed = admin::secrets(&socket).map_err(|error| unanswered(&error))?.secrets;
    let settle = |change: &str| admin::settle(&socket, change, None, None).map_err(|error| unanswered(&error));
    if let Some(change) = left_open(&listed) {
        settle(change)?;
    }
    let Some(current) = listed.into_iter().find(|one| one.state == SecretState::Current) else {
        return Ok((admin::set_secret(&socket, secret).map_err(|error| unanswered(&error))?, true));
    };
    if accepted(home, status, secret)?.as_ref() == Some(&current.id) {
        return Ok((current.id, false));
    }
    let change = format!("{BY_HAND}{}", current.id);
    let id = admin::replace_secret(&socket, secret, &change, &current.id).map_err(|error| unanswered(&error))?;
    settle(&change)?;
    Ok((id, true))
}

/// A change of this verb's that a crash left unsettled.
fn left_open(listed: &[Listed]) -> Option<&str> {
    let held = listed.iter().find(|one| one.state == SecretState::Held)?;
    held.change.as_deref().filter(|change| change.starts_with(BY_HAND))
}

/// Which of its secrets the authority takes this one for. It can be asked only in the name of a component that it
/// knows; where it knows none, nobody can tell, and nobody would notice either.
fn accepted(home: &Home, status: &Value, secret: &secret::Secret) -> anyhow::Result<Option<String>> {
    let components = admin::components(&home.admin_socket()).map_err(|error| unanswered(&error))?;
    let Some(component) = components.first() else { return Ok(None) };
    let host = match Config::read(home)?.listen {
        address if address.is_unspecified() => "localhost".to_owned(),
        address => address.to_string(),
    };
    let port = serde_json::from_value(status["https_port"].clone())?;
    let peer = Peer { host: &host, port, ca: None, material: None };
    match block_on(prove(&peer, component, secret, Purpose::Check, None))? {
        Ok(proved) => Ok(Some(proved.secret_id)),
        Err(ProofError::NotAccepted) => Ok(None),
        Err(error) => Err(Failure::new(Exit::CannotTell, error.to_string()).into()),
    }
}

fn secret_line(one: &Value) -> String {
    let mut line = format!("{}  {}  {}", text(&one["id"]), text(&one["state"]), text(&one["made"]));
    for (key, word) in [("until", "until"), ("change", "change")] {
        if let Some(value) = one[key].as_str() {
            line.push_str(&format!("  {word} {value}"));
        }
    }
    line
}

fn waiting_line(component: &Value) -> String {
    format!("{} has not proved the current secret: the retiring one stays for it", text(component))
}
