//! Acts over the authority's administration socket that belong to a registration or to setting the secret.

use std::io;
use std::path::Path;
use std::time::Duration;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use opaque_ke::{ClientRegistration, ClientRegistrationFinishParameters, RegistrationResponse};
use serde_json::{Value, json};

use super::opaque::{KSF_VERSION, Suite, rng};
use super::wire::Identity;
use crate::daemon::control::ask;
use crate::secret::Secret;

const DEADLINE: Duration = Duration::from_secs(10);

/// Makes the authority's record of the secret and makes it the current one. Returns its id.
///
/// The plain secret stays in this process: the authority gets an OPAQUE record (RFC 9807, section 5).
pub fn set_secret(socket: &Path, secret: &Secret) -> io::Result<String> {
    let plain = secret.expose().as_bytes();
    let started = ClientRegistration::<Suite>::start(&mut rng(), plain).map_err(protocol)?;
    let request = STANDARD.encode(started.message.serialize());
    let answer = ask(socket, &json!({ "do": "secret-start", "request": request }), DEADLINE)?;
    let id = text(&answer, "id")?;
    let response = STANDARD.decode(text(&answer, "response")?).map_err(io::Error::other)?;
    let response = RegistrationResponse::deserialize(&response).map_err(protocol)?;
    let finished = started
        .state
        .finish(&mut rng(), plain, response, ClientRegistrationFinishParameters::default())
        .map_err(protocol)?;
    let upload = STANDARD.encode(finished.message.serialize());
    ask(socket, &json!({ "do": "secret-finish", "id": id, "ksf": KSF_VERSION, "upload": upload }), DEADLINE)?;
    Ok(id)
}

/// The ids of the secrets that the authority accepts now.
pub fn secret_ids(socket: &Path) -> io::Result<Vec<String>> {
    let answer = ask(socket, &json!({ "do": "secret-list" }), DEADLINE)?;
    let secrets = answer["secrets"].as_array().map(Vec::as_slice).unwrap_or_default();
    secrets.iter().filter(|secret| secret["state"] != "retired").map(|secret| text(secret, "id")).collect()
}

/// Makes the authority forget a secret id.
pub fn retire_secret(socket: &Path, id: &str) -> io::Result<()> {
    ask(socket, &json!({ "do": "secret-retire", "id": id }), DEADLINE).map(drop)
}

/// Imports a component's CSD with its default instance; returns who the CSD says it is, and whether it was new.
pub fn import_component(socket: &Path, csd: &str) -> io::Result<(Identity, bool)> {
    let answer = ask(socket, &json!({ "do": "component-import", "csd": csd }), DEADLINE)?;
    Ok((serde_json::from_value(answer["identity"].clone())?, answer["new"] == json!(true)))
}

/// Removes a component.
pub fn remove_component(socket: &Path, identity: &Identity) -> io::Result<()> {
    ask(socket, &json!({ "do": "component-remove", "identity": identity }), DEADLINE).map(drop)
}

/// Makes the authority revoke a component's certificates and drop its requests.
pub fn forget(socket: &Path, identity: &Identity) -> io::Result<()> {
    ask(socket, &json!({ "do": "forget", "identity": identity }), DEADLINE).map(drop)
}

fn text(answer: &Value, key: &str) -> io::Result<String> {
    answer[key].as_str().map(str::to_owned).ok_or_else(|| io::Error::other(format!("the authority gave no {key}")))
}

fn protocol(error: impl std::fmt::Display) -> io::Error {
    io::Error::other(format!("the exchange with the authority failed: {error}"))
}
