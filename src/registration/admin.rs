//! Acts over the authority's administration socket that belong to a registration or to setting the secret.

mod secrets;

use std::io;
use std::path::Path;
use std::time::Duration;

use serde::Deserialize;
use serde_json::{Value, json};

pub use self::secrets::{
    BY_HAND, Listed, Previous, Promoted, SecretState, Secrets, WINDOW_KEY, current, demote, drop_next, next_secret,
    previous, promote, replace_secret, retire_by_hand, retire_secret, secret_ids, secrets, set_secret, settle,
    unreplace,
};
use super::wire::Identity;
use crate::daemon::control::ask;
use crate::secret::Secret;

const DEADLINE: Duration = Duration::from_secs(10);

/// Imports a component's CSD with its default instance; returns who the CSD says it is, and whether it was new.
pub fn import_component(socket: &Path, csd: &str) -> io::Result<(Identity, bool)> {
    let answer = ask(socket, &json!({ "do": "component-import", "csd": csd }), DEADLINE)?;
    Ok((serde_json::from_value(answer["identity"].clone())?, answer["new"] == json!(true)))
}

/// Every component that the authority knows.
pub fn components(socket: &Path) -> io::Result<Vec<Identity>> {
    let answer = ask(socket, &json!({ "do": "component-list" }), DEADLINE)?;
    let listed = answer["components"].as_array().map(Vec::as_slice).unwrap_or_default();
    listed.iter().map(|one| Ok(serde_json::from_value(one["identity"].clone())?)).collect()
}

/// Removes a component.
pub fn remove_component(socket: &Path, identity: &Identity) -> io::Result<()> {
    ask(socket, &json!({ "do": "component-remove", "identity": identity }), DEADLINE).map(drop)
}

/// Makes the authority revoke a component's certificates and drop its requests, but those whose serial is in `keep`.
pub fn forget(socket: &Path, identity: &Identity, keep: &[String]) -> io::Result<()> {
    ask(socket, &json!({ "do": "forget", "identity": identity, "keep": keep }), DEADLINE).map(drop)
}

/// Makes the authority revoke one certificate of a component and drop its request. Repeating it is no failure.
pub fn revoke_certificate(socket: &Path, identity: &Identity, serial: &str) -> io::Result<()> {
    ask(socket, &json!({ "do": "certificate-revoke", "identity": identity, "serial": serial }), DEADLINE).map(drop)
}

/// What [`login`] found.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub struct Login {
    /// Whether user and password fit, and the password is not to be changed first.
    pub accepted: bool,
    /// Whether the password fits but must be changed first.
    pub must_change: bool,
    /// The user's domain.
    pub domain: String,
    /// The user's roles; none for one who was not accepted.
    pub roles: Option<Vec<String>>,
}

/// Asks whether a user can log in; without a domain, one of the authority's own.
pub fn login(socket: &Path, user: &str, domain: Option<&str>, password: &Secret) -> io::Result<Login> {
    let act = json!({ "do": "user-login", "user": user, "domain": domain, "password": password.expose() });
    Ok(serde_json::from_value(ask(socket, &act, DEADLINE)?)?)
}

fn text(answer: &Value, key: &str) -> io::Result<String> {
    answer[key].as_str().map(str::to_owned).ok_or_else(|| io::Error::other(format!("the authority gave no {key}")))
}

fn protocol(error: impl std::fmt::Display) -> io::Error {
    io::Error::other(format!("the exchange with the authority failed: {error}"))
}
