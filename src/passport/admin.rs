//! Acts over the admin socket: one JSON object each way, `do` names the act.

mod console;
mod secrets;

use std::sync::Arc;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use serde::Deserialize;
use serde::de::DeserializeOwned;
use serde_json::{Value, json};

use super::audit::Entry;
use super::authority::Authority;
use super::certificates::Revoked;
use super::{Fault, audit, components, decisions, instances, properties, requests, time_text};
use crate::registration::wire::Identity;
use crate::secret::Secret;

/// The most audit lines in one answer, and the most secrets and names of components: an answer of the socket has an end.
const MOST: u32 = 1000;

/// Does one act. The error is for people.
pub(super) async fn act(authority: Arc<Authority>, request: Value) -> Result<Value, String> {
    answer(&authority, request).await.map_err(|fault| {
        if !matches!(fault, Fault::Refused(_)) {
            authority.log.warn(format_args!("an administrator's act failed: {fault}"));
        }
        fault.to_string()
    })
}

async fn answer(authority: &Arc<Authority>, request: Value) -> Result<Value, Fault> {
    let store = &authority.store;
    let act = request["do"].as_str().unwrap_or_default().to_owned();
    match act.as_str() {
        "status" => Ok(status(authority)),
        "stop" => {
            authority.stop.notify_one();
            Ok(json!({}))
        }
        "component-import" => {
            let Import { csd } = fields(request)?;
            let (csd, new) = components::import(store, &csd).await?;
            authority.log.info(format_args!("the component {} was imported", audit::name(&csd.identity)));
            Ok(json!({ "identity": csd.identity, "new": new }))
        }
        "component-list" => {
            let Few { limit } = fields(request)?;
            Ok(json!({ "components": components_json(&components::list(store, limit).await?) }))
        }
        "component-drop" => {
            let Drop { named, instance, revoke } = fields(request)?;
            let (identity, revoked) = instances::remove(authority, &named, instance.as_deref(), revoke).await?;
            Ok(json!({ "identity": identity, "revoked": revoked }))
        }
        "component-remove" => {
            let Who { identity, .. } = fields(request)?;
            decisions::forget(authority, &identity, &[]).await?;
            let removed = components::remove(store, &identity).await?;
            authority.secrets_changed.notify_one();
            Ok(json!({ "removed": removed }))
        }
        "requests" => {
            let Few { limit } = fields(request)?;
            let requests = match limit {
                None => requests::list(store).await?,
                Some(limit) => requests::waiting_first(store, limit).await?,
            };
            Ok(json!({ "requests": requests }))
        }
        "approve" => {
            let Approve { id, covers } = fields(request)?;
            let decided = decisions::approve(authority, &id, covers).await?;
            Ok(json!({ "id": decided.id, "status": decided.status }))
        }
        "refuse" => {
            let Refuse { id, reason } = fields(request)?;
            let decided = decisions::refuse(authority, &id, &reason).await?;
            Ok(json!({ "id": decided.id, "status": decided.status }))
        }
        "forget" => {
            let Who { identity, keep } = fields(request)?;
            let forgotten = decisions::forget(authority, &identity, &keep).await?;
            authority.secrets_changed.notify_one();
            Ok(json!({ "forgotten": forgotten }))
        }
        "certificate-revoke" => {
            let Revoke { identity, serial, reason } = fields(request)?;
            let revoked = Revoked { serial: &serial, reason: reason.as_deref(), owner: identity.as_ref() };
            let changed = decisions::revoke(authority, &revoked).await?;
            authority.secrets_changed.notify_one();
            Ok(json!({ "changed": changed }))
        }
        "audit" => {
            let Audit { limit } = fields(request)?;
            Ok(json!({ "lines": audit::lines(store, limit.min(MOST)).await? }))
        }
        "property-set" => {
            let Property { name, value } = fields(request)?;
            properties::set(store, &name, &value).await?;
            Ok(json!({}))
        }
        "user-login" => login(authority, fields(request)?).await,
        "overview" | "certificate-list" | "audit-rows" | "property-list" => {
            console::act(authority, &act, request).await
        }
        act if act.starts_with("secret-") => secrets::act(authority, act, request).await,
        other => Err(unknown(other)),
    }
}

/// Whether a user can log in; on record like a login with a certificate.
async fn login(authority: &Authority, login: Login) -> Result<Value, Fault> {
    let Login { user, domain, password } = login;
    let domain = domain.unwrap_or_else(|| authority.domain());
    let known = authority.users.login(&authority.store, &user, &domain, Secret::new(password)).await?;
    let (result, reason) = (if known.is_some() { "ok" } else { "refused" }, format!("user {user:?} of {domain:?}"));
    authority.audit(Entry::new("admin", "login").result(result, Some(&reason))).await;
    let must_change = known.as_ref().is_some_and(|known| known.must_change);
    let roles = known.filter(|known| !known.must_change).map(|known| known.roles);
    Ok(json!({ "accepted": roles.is_some(), "must_change": must_change, "domain": domain, "roles": roles }))
}

fn unknown(act: &str) -> Fault {
    Fault::refused(format!("PassPort knows no act {act:?}"))
}

/// What `status` answers, over the socket and over HTTPS' own path.
fn status(authority: &Authority) -> Value {
    json!({
        "product": "passport",
        "version": env!("CARGO_PKG_VERSION"),
        "https_port": authority.config.https_port,
        "client_auth_port": authority.config.client_auth_port,
        "pid": std::process::id(),
    })
}

/// Components as JSON, for the socket and for the verbs.
pub(super) fn components_json(components: &[components::Component]) -> Value {
    let one = |listed: &components::Component| {
        let proved = listed.proved.as_ref().map(|(id, at)| json!({ "secret_id": id, "time": time_text(*at) }));
        json!({ "identity": listed.identity, "listens": listed.listens, "proved": proved })
    };
    components.iter().map(one).collect()
}

#[derive(Deserialize)]
struct Id {
    id: String,
}

#[derive(Deserialize)]
struct Login {
    user: String,
    domain: Option<String>,
    password: String,
}

#[derive(Deserialize)]
struct Approve {
    id: String,
    #[serde(default)]
    covers: decisions::Covers,
}

#[derive(Deserialize)]
struct Refuse {
    id: String,
    reason: String,
}

#[derive(Deserialize)]
struct Import {
    csd: String,
}

#[derive(Deserialize)]
struct Who {
    identity: Identity,
    #[serde(default)]
    keep: Vec<String>,
}

#[derive(Deserialize)]
struct Drop {
    #[serde(flatten)]
    named: instances::Named,
    instance: Option<String>,
    revoke: bool,
}

#[derive(Deserialize)]
struct Revoke {
    identity: Option<Identity>,
    serial: String,
    reason: Option<String>,
}

#[derive(Deserialize)]
struct Few {
    limit: Option<u32>,
}

#[derive(Deserialize)]
struct Audit {
    #[serde(default = "most")]
    limit: u32,
}

#[derive(Deserialize)]
struct Property {
    name: String,
    value: String,
}

fn most() -> u32 {
    MOST
}

fn fields<T: DeserializeOwned>(request: Value) -> Result<T, Fault> {
    serde_json::from_value(request).map_err(|_| Fault::refused("the act's fields are not what it takes"))
}

fn decoded(text: &str) -> Result<Vec<u8>, Fault> {
    STANDARD.decode(text).map_err(|_| Fault::refused("a value is no base64"))
}
