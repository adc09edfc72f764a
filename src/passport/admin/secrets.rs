//! Acts about the shared secret.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use serde::Deserialize;
use serde_json::{Value, json};
use zeroize::Zeroizing;

use super::{Few, Id, MOST, decoded, fields, unknown};
use crate::passport::authority::Authority;
use crate::passport::secrets::{self, Record, Window};
use crate::passport::{Fault, time_text};
use crate::registration::admin::{SecretState, WINDOW_KEY};

/// Does one of them.
pub(super) async fn act(authority: &Authority, act: &str, request: Value) -> Result<Value, Fault> {
    let (store, log) = (&authority.store, &authority.log);
    match act {
        "secret-start" => {
            let Start { request } = fields(request)?;
            let (id, response) = authority.started.begin(&authority.setup, &decoded(&request)?)?;
            return Ok(json!({ "id": id, "response": STANDARD.encode(response) }));
        }
        "secret-finish" => {
            let record = record(authority, fields(request)?)?;
            secrets::first(store, &record).await?;
            accepted_anew(authority);
            log.info(format_args!("the secret {} is the current one", record.id));
        }
        "secret-next" => {
            let Changing { change, current, given } = fields(request)?;
            let record = record(authority, given)?;
            secrets::next(store, &change, &current, &record).await?;
            accepted_anew(authority);
            log.info(format_args!("the secret {} is accepted beside {current} (change {change})", record.id));
        }
        "secret-replace" => {
            let Changing { change, current, given } = fields(request)?;
            let record = record(authority, given)?;
            secrets::replace(store, &change, &current, &record).await?;
            accepted_anew(authority);
            log.info(format_args!(
                "the secret {} takes the place of {current}, which is held (change {change})",
                record.id
            ));
        }
        "secret-promote" => {
            let Promote { change, current, to } = fields(request)?;
            let promoted = secrets::promote(store, &change, &current, to.as_deref()).await?;
            accepted_anew(authority);
            log.info(format_args!("the secret {} is the current one (change {change})", promoted.id));
            return Ok(json!({ "id": promoted.id, "previous": promoted.previous }));
        }
        "secret-demote" => {
            let Change { change } = fields(request)?;
            secrets::demote(store, &change).await?;
            accepted_anew(authority);
            log.info(format_args!("the promotion of the change {change} is undone"));
        }
        "secret-drop" => {
            let Change { change } = fields(request)?;
            secrets::drop_next(store, &change).await?;
            log.info(format_args!("the next secret of the change {change} is dropped"));
        }
        "secret-unreplace" => {
            let Change { change } = fields(request)?;
            secrets::unreplace(store, &change).await?;
            accepted_anew(authority);
            log.info(format_args!("the cutover of the change {change} is undone"));
        }
        "secret-settle" => {
            let Settle { change, window, key } = fields(request)?;
            let key = key.map(Zeroizing::new).map(|key| window_key(&key)).transpose()?;
            secrets::settle(store, &authority.window_key, &change, Window { seconds: window, key }).await?;
            authority.secrets_changed.notify_one();
            log.info(format_args!("the change {change} of the secret is committed"));
        }
        "secret-previous" => {
            let previous = secrets::previous(store, &authority.window_key).await?;
            let key = STANDARD.encode(*previous.key);
            return Ok(json!({ "id": previous.id, "until": time_text(previous.until), "key": key }));
        }
        "secret-retire" => {
            let Id { id } = fields(request)?;
            secrets::retire(store, &id).await?;
            authority.window_key.tidy(store).await?;
            authority.secrets_changed.notify_one();
            log.info(format_args!("the secret {id} is retired"));
        }
        "secret-retire-by-hand" => {
            let ByHand { id, saw, even_if_used } = fields(request)?;
            let used = secrets::retire_by_hand(store, &id, saw, even_if_used).await?;
            authority.window_key.tidy(store).await?;
            authority.secrets_changed.notify_one();
            log.info(format_args!("the secret {id} is retired by hand"));
            return Ok(json!({ "used": used }));
        }
        "secret-list" => {
            let Few { limit } = fields(request)?;
            return list(authority, limit.map_or(MOST, |limit| limit.min(MOST))).await;
        }
        other => return Err(unknown(other)),
    }
    Ok(json!({}))
}

/// Whoever failed while a secret was not accepted must not wait to prove it.
fn accepted_anew(authority: &Authority) {
    authority.limits.clear();
}

async fn list(authority: &Authority, limit: u32) -> Result<Value, Fault> {
    let secrets::All { secrets, waiting, components } = secrets::list(&authority.store, limit).await?;
    let one = |secret: secrets::Listed| {
        let mut one = json!({
            "id": secret.id, "state": secret.state, "made": time_text(secret.made),
            "proved": secret.proved, "components": components,
        });
        if let Some(until) = secret.until {
            one["until"] = json!(time_text(until));
        }
        if let Some(change) = secret.change {
            one["change"] = json!(change);
        }
        one
    };
    Ok(json!({ "secrets": secrets.into_iter().map(one).collect::<Vec<_>>(), "waiting": waiting }))
}

fn record(authority: &Authority, given: Given) -> Result<Record, Fault> {
    let Given { id, ksf, upload, hash } = given;
    authority.started.record(&id, ksf, &decoded(&upload)?, hash)
}

fn window_key(text: &str) -> Result<Zeroizing<[u8; WINDOW_KEY]>, Fault> {
    let bytes = Zeroizing::new(decoded(text)?);
    let key =
        bytes.as_slice().try_into().map_err(|_| Fault::refused(format!("a window's key has {WINDOW_KEY} bytes")))?;
    Ok(Zeroizing::new(key))
}

#[derive(Deserialize)]
struct Start {
    request: String,
}

#[derive(Deserialize)]
struct Given {
    id: String,
    ksf: u16,
    upload: String,
    #[serde(default)]
    hash: Option<String>,
}

#[derive(Deserialize)]
struct Change {
    change: String,
}

#[derive(Deserialize)]
struct Changing {
    change: String,
    current: String,
    #[serde(flatten)]
    given: Given,
}

#[derive(Deserialize)]
struct Promote {
    change: String,
    current: String,
    to: Option<String>,
}

#[derive(Deserialize)]
struct ByHand {
    id: String,
    saw: SecretState,
    even_if_used: bool,
}

#[derive(Deserialize)]
struct Settle {
    change: String,
    window: Option<u64>,
    key: Option<String>,
}
