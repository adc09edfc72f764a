//! The shared secrets of an authority that is administered by hand, without an estate around it or beside it.

use clap::Subcommand;
use jiff::Timestamp;
use serde_json::{Value, json};

use super::process::{act, unanswered};
use super::records::{joined, lock, text};
use super::{Exit, Failure, Scope, block_on, done, secret_ids};
use crate::passport::Home;
use crate::passport::config::Config;
use crate::registration::admin::{self, BY_HAND, Listed, SecretState};
use crate::registration::prove::{Peer, ProofError, prove};
use crate::registration::wire::Purpose;
use crate::schedule::Period;
use crate::secret::{self, Source};

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
    /// Accept a shared secret beside the current one, as the next; no component is told of it
    Add {
        /// Where it comes from: `stdin`, `file:PATH`, `env:NAME` …
        #[arg(long, value_name = "SOURCE")]
        from: String,
    },
    /// Make the next secret the current one, or go back to a retiring one
    Promote {
        /// Its id
        id: String,
        /// How long the one before stays accepted, as in `36h`, `7d` or `90s`
        #[arg(long, value_name = "D", default_value = "24h")]
        window: Period,
        /// Also when that retires at once what components proved last
        #[arg(long)]
        even_if_used: bool,
    },
    /// Accept a secret no longer that is next or retiring
    Retire {
        /// Its id
        id: String,
        /// Also when components may hold it: they are refused from then on
        #[arg(long)]
        even_if_used: bool,
    },
    /// Show the ids with their states, and how many components proved each last
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
            Self::Add { from } => {
                let secret = read(from)?;
                let _lock = lock(home, "passport secret add")?;
                let status = act(home, &json!({ "do": "status" }))?;
                if let Some(id) = accepted(home, &status, &secret)? {
                    let text = format!("nothing to do: this secret is accepted already, as {id}");
                    return Ok(done(scope, &text, &json!({ "id": id, "changed": false })));
                }
                let id = secret_ids::add(home, &secret)?;
                let text = format!("{id} is accepted beside the current secret: move the components, then promote it");
                Ok(done(scope, &text, &json!({ "id": id, "changed": true })))
            }
            Self::Promote { id, window, even_if_used } => {
                let _lock = lock(home, "passport secret promote")?;
                act(home, &json!({ "do": "status" }))?;
                let changed = secret_ids::promote(home, id, window.seconds(), *even_if_used)?;
                let text = if changed { "is the current secret" } else { "is the current secret already" };
                Ok(done(scope, &format!("{id} {text}"), &json!({ "id": id, "changed": changed })))
            }
            Self::Retire { id, even_if_used } => {
                let _lock = lock(home, "passport secret retire")?;
                act(home, &json!({ "do": "status" }))?;
                let used = secret_ids::retire(home, id, *even_if_used)?;
                let who = if used.is_empty() { String::new() } else { format!(", though held by {}", used.join(", ")) };
                Ok(done(scope, &format!("{id} is retired{who}"), &json!({ "id": id, "used": used })))
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

/// A new name for a change by hand of this secret.
pub(super) fn change_of(current: &str) -> String {
    format!("{BY_HAND}{current}-{}", Timestamp::now().as_second())
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
    let change = change_of(&current.id);
    let id = admin::replace_secret(&socket, secret, &change, &current.id).map_err(|error| unanswered(&error))?;
    settle(&change)?;
    Ok((id, true))
}

/// A change of this verb's that a crash left unsettled.
fn left_open(listed: &[Listed]) -> Option<&str> {
    let left = listed.iter().find(|one| one.is_open() && one.state != SecretState::Next)?;
    left.change.as_deref().filter(|change| change.starts_with(BY_HAND))
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
    let peer = Peer { host: &host, address: None, port, ca: None, material: None };
    match block_on(prove(&peer, component, secret, Purpose::Check, None))? {
        Ok(proved) => Ok(Some(proved.secret_id)),
        Err(ProofError::NotAccepted) => Ok(None),
        Err(error) => Err(Failure::new(Exit::CannotTell, error.to_string()).into()),
    }
}

fn secret_line(one: &Value) -> String {
    let [id, state, made] = ["id", "state", "made"].map(|key| text(&one[key]));
    let mut line = format!("{id}  {state}  {made}  proved last by {} of {}", one["proved"], one["components"]);
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
