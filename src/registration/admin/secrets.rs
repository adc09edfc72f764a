//! Setting and changing the secret. A change is known by its name, so that it can be undone or finished by whoever
//! comes after a crash without knowing any id.

use std::io;
use std::path::Path;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use jiff::Timestamp;
use opaque_ke::{ClientRegistration, ClientRegistrationFinishParameters, RegistrationResponse};
use serde::de::Error;
use serde::{Deserialize, Deserializer, Serialize};
use serde_json::{Value, json};
use zeroize::Zeroizing;

use super::{DEADLINE, protocol, text};
use crate::daemon::control::ask;
use crate::registration::opaque::{KSF_VERSION, Suite, rng};
use crate::secret::{Secret, phc};

/// Length of the key that opens what was sealed for the window, in bytes.
pub const WINDOW_KEY: usize = 32;

/// What the names of changes by hand begin with, so that whoever comes after a crash knows one and can finish it.
pub const BY_HAND: &str = "by-hand-";

/// How a secret stands at the authority.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum SecretState {
    /// Accepted; the one that everybody shall hold.
    Current,
    /// Accepted; becomes the current one when its change promotes it.
    Next,
    /// Accepted until its window is over; it was the current one.
    Retiring,
    /// Not accepted, but kept until a cutover is settled or undone.
    Held,
    /// Not accepted, and its record is erased.
    Retired,
}

/// One secret.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub struct Listed {
    /// Its id.
    pub id: String,
    /// How it stands.
    pub state: SecretState,
    /// When its window ends or ended; none while no change has set an end.
    #[serde(default, deserialize_with = "time")]
    pub until: Option<Timestamp>,
    /// The last change that it took part in and that was not undone.
    #[serde(default)]
    pub change: Option<String>,
    /// How many components have proved it last.
    #[serde(default)]
    pub proved: u64,
}

impl Listed {
    /// Whether its change is neither committed nor undone.
    pub fn is_open(&self) -> bool {
        match self.state {
            SecretState::Next | SecretState::Held => true,
            SecretState::Retiring => self.until.is_none(),
            SecretState::Current | SecretState::Retired => false,
        }
    }
}

/// All secrets of an authority.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub struct Secrets {
    /// The newest first.
    pub secrets: Vec<Listed>,
    /// While one is retiring: the components that have not proved the current one, so that the other must stay.
    pub waiting: Vec<String>,
}

/// What [`promote`] did.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub struct Promoted {
    /// The current secret now.
    pub id: String,
    /// The one that was current before; retiring.
    pub previous: String,
}

/// The previous secret within its window.
pub struct Previous {
    /// Its id.
    pub id: String,
    /// When the window ends.
    pub until: Timestamp,
    /// The key that opens the sealed value.
    pub key: Zeroizing<[u8; WINDOW_KEY]>,
}

/// Makes the authority's record of the first secret. Returns its id; refused when there is a current one already.
pub fn set_secret(socket: &Path, secret: &Secret) -> io::Result<String> {
    hand_over(socket, secret, json!({ "do": "secret-finish" }))
}

/// Makes a secret accepted beside the current one, which must be `current`. Returns its id. Repeated by the same
/// change it takes the place of what that change gave before.
pub fn next_secret(socket: &Path, secret: &Secret, change: &str, current: &str) -> io::Result<String> {
    hand_over(socket, secret, json!({ "do": "secret-next", "change": change, "current": current }))
}

/// Makes a secret the only current one at once (cutover); the one before, `current`, is held. Returns the new id.
/// Repeated by the same change it takes the place of what that change gave before.
pub fn replace_secret(socket: &Path, secret: &Secret, change: &str, current: &str) -> io::Result<String> {
    hand_over(socket, secret, json!({ "do": "secret-replace", "change": change, "current": current }))
}

/// Makes the change's next secret, or with `to` that retiring one, the current one; `current` is retiring then.
pub fn promote(socket: &Path, change: &str, current: &str, to: Option<&str>) -> io::Result<Promoted> {
    let act = json!({ "do": "secret-promote", "change": change, "current": current, "to": to });
    Ok(serde_json::from_value(ask(socket, &act, DEADLINE)?)?)
}

/// Undoes [`promote`]. Nothing to undo is no failure.
pub fn demote(socket: &Path, change: &str) -> io::Result<()> {
    of_change(socket, "secret-demote", change)
}

/// Undoes [`next_secret`]. Nothing to undo is no failure.
pub fn drop_next(socket: &Path, change: &str) -> io::Result<()> {
    of_change(socket, "secret-drop", change)
}

/// Undoes [`replace_secret`]. Nothing to undo is no failure.
pub fn unreplace(socket: &Path, change: &str) -> io::Result<()> {
    of_change(socket, "secret-unreplace", change)
}

/// Commits a change: retires what it leaves behind, the previous secret after `window` seconds. `key` opens the sealed
/// previous secret and stays with the authority for that long.
pub fn settle(socket: &Path, change: &str, window: Option<u64>, key: Option<&[u8; WINDOW_KEY]>) -> io::Result<()> {
    let key = key.map(|key| STANDARD.encode(key));
    let act = json!({ "do": "secret-settle", "change": change, "window": window, "key": key });
    ask(socket, &act, DEADLINE).map(drop)
}

/// The previous secret's id and key. The error says why there is no going back.
pub fn previous(socket: &Path) -> io::Result<Previous> {
    let answer = ask(socket, &json!({ "do": "secret-previous" }), DEADLINE)?;
    let bytes = Zeroizing::new(STANDARD.decode(answer["key"].as_str().unwrap_or_default()).map_err(protocol)?);
    let key = <[u8; WINDOW_KEY]>::try_from(bytes.as_slice()).map_err(protocol)?;
    Ok(Previous {
        id: text(&answer, "id")?,
        until: text(&answer, "until")?.parse().map_err(protocol)?,
        key: Zeroizing::new(key),
    })
}

/// All secrets, and who keeps a retiring one alive.
pub fn secrets(socket: &Path) -> io::Result<Secrets> {
    Ok(serde_json::from_value(ask(socket, &json!({ "do": "secret-list" }), DEADLINE)?)?)
}

/// The current secret's id; `None` while none was set.
pub fn current(socket: &Path) -> io::Result<Option<String>> {
    let current = secrets(socket)?.secrets.into_iter().find(|secret| secret.state == SecretState::Current);
    Ok(current.map(|secret| secret.id))
}

/// The ids of the secrets whose records the authority has.
pub fn secret_ids(socket: &Path) -> io::Result<Vec<String>> {
    let listed = secrets(socket)?.secrets.into_iter();
    Ok(listed.filter(|secret| secret.state != SecretState::Retired).map(|secret| secret.id).collect())
}

/// Makes the authority forget a secret id.
pub fn retire_secret(socket: &Path, id: &str) -> io::Result<()> {
    ask(socket, &json!({ "do": "secret-retire", "id": id }), DEADLINE).map(drop)
}

/// Makes the authority forget a secret id that was seen in this state. Refused while the secret is needed, and while
/// components may hold it, unless `even_if_used`; returns those that do.
pub fn retire_by_hand(socket: &Path, seen: &Listed, even_if_used: bool) -> io::Result<Vec<String>> {
    let act = json!({ "do": "secret-retire-by-hand", "id": seen.id, "saw": seen.state, "even_if_used": even_if_used });
    Ok(serde_json::from_value(ask(socket, &act, DEADLINE)?["used"].take())?)
}

/// Runs OPAQUE's registration (RFC 9807, section 5) and hands the record over in `act`, with an Argon2id hash for HTTP
/// Basic; the plain secret stays in this process. Returns the id that the authority gave.
fn hand_over(socket: &Path, secret: &Secret, mut act: Value) -> io::Result<String> {
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
    act["id"] = json!(id);
    act["ksf"] = json!(KSF_VERSION);
    act["upload"] = json!(STANDARD.encode(finished.message.serialize()));
    act["hash"] = json!(phc::hash(secret));
    ask(socket, &act, DEADLINE)?;
    Ok(id)
}

fn of_change(socket: &Path, act: &str, change: &str) -> io::Result<()> {
    ask(socket, &json!({ "do": act, "change": change }), DEADLINE).map(drop)
}

fn time<'de, D: Deserializer<'de>>(from: D) -> Result<Option<Timestamp>, D::Error> {
    let text: Option<String> = Option::deserialize(from)?;
    text.map(|text| text.parse().map_err(D::Error::custom)).transpose()
}
