//! The shared secrets that the authority accepts, as OPAQUE records. It never sees a secret itself.

use std::collections::VecDeque;
use std::sync::{Mutex, PoisonError};

use opaque_ke::{RegistrationRequest, RegistrationUpload, ServerRegistration, ServerSetup};
use rand::RngExt;
use sqlx::{query, query_as, query_scalar};

use super::audit::Entry;
use super::store::{Store, Tx};
use super::{Fault, now};
use crate::registration::opaque::{KSF_VERSION, Suite};

/// The most secrets a component is challenged for at once.
const MOST_ACCEPTED: u32 = 3;
/// Ids handed out whose record has not come yet.
const MOST_STARTED: usize = 16;
const ID_ALPHABET: &[u8] = b"abcdefghjkmnpqrstuvwxyz23456789";

/// One accepted secret.
pub struct Accepted {
    /// Its id, and OPAQUE's credential identifier.
    pub id: String,
    /// Version of the stretching.
    pub ksf: u16,
    /// The record.
    pub record: ServerRegistration<Suite>,
}

/// One secret as an administrator sees it.
pub struct Listed {
    /// Its id.
    pub id: String,
    /// `current`, `next`, `retiring`, `held` or `retired`.
    pub state: String,
    /// When it was set, in seconds since 1970.
    pub made: i64,
}

/// Ids that were given out and wait for their record.
#[derive(Default)]
pub struct Started(Mutex<VecDeque<String>>);

impl Started {
    /// Answers whoever sets a secret; returns the new id and OPAQUE's registration response.
    pub fn begin(&self, setup: &ServerSetup<Suite>, request: &[u8]) -> Result<(String, Vec<u8>), Fault> {
        let request = RegistrationRequest::<Suite>::deserialize(request)
            .map_err(|_| Fault::refused("the request is no OPAQUE registration request"))?;
        let id = random_id('s');
        let answer = ServerRegistration::<Suite>::start(setup, request, id.as_bytes())
            .map_err(|_| Fault::refused("the OPAQUE registration request cannot be answered"))?;
        let mut started = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if started.len() == MOST_STARTED {
            started.pop_front();
        }
        started.push_back(id.clone());
        Ok((id, answer.message.serialize().to_vec()))
    }

    fn holds(&self, id: &str) -> bool {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).iter().any(|started| started == id)
    }

    fn end(&self, id: &str) {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).retain(|started| started != id);
    }
}

/// Makes a record the current secret, in one transaction.
///
/// When there is a current one already, the caller must name it in `replaces`; it is held from then on: not accepted,
/// but kept, so that [`restore`] can bring it back under its own id.
pub async fn make_current(
    store: &Store,
    started: &Started,
    id: &str,
    ksf: u16,
    upload: &[u8],
    replaces: Option<&str>,
) -> Result<(), Fault> {
    if ksf != KSF_VERSION {
        return Err(Fault::refused(format!("stretching version {ksf} is not known here")));
    }
    if !started.holds(id) {
        return Err(Fault::refused(format!("{id} was not given out by this PassPort: begin anew")));
    }
    let upload = RegistrationUpload::<Suite>::deserialize(upload)
        .map_err(|_| Fault::refused("the record is no OPAQUE registration record"))?;
    let record = ServerRegistration::<Suite>::finish(upload).serialize();
    let mut write = store.write().await?;
    replace_current(&mut write, replaces, "held").await?;
    query("INSERT INTO secrets VALUES ($1, 'current', $2, $3, $4, $4)")
        .bind(id)
        .bind(record.as_slice())
        .bind(ksf)
        .bind(now())
        .execute(&mut *write)
        .await?;
    Entry::new("admin", "secret set").secret(id).write(&mut *write).await?;
    write.commit().await?;
    started.end(id);
    Ok(())
}

/// Makes a held secret the current one again; the one it takes the place of is retired.
pub async fn restore(store: &Store, id: &str, replaces: Option<&str>) -> Result<(), Fault> {
    let mut write = store.write().await?;
    let held: Option<String> = query_scalar("SELECT id FROM secrets WHERE id = $1 AND state = 'held'")
        .bind(id)
        .fetch_optional(&mut *write)
        .await?;
    if held.is_none() {
        return Err(Fault::refused(format!("{id} is not held: it cannot be restored")));
    }
    replace_current(&mut write, replaces, "retired").await?;
    set_state(&mut write, id, "current").await?;
    Entry::new("admin", "secret restored").secret(id).write(&mut *write).await?;
    Ok(write.commit().await?)
}

/// Accepts a secret no longer and forgets its record.
pub async fn retire(store: &Store, id: &str) -> Result<(), Fault> {
    let mut write = store.write().await?;
    let state: Option<String> =
        query_scalar("SELECT state FROM secrets WHERE id = $1").bind(id).fetch_optional(&mut *write).await?;
    match state.as_deref() {
        None => Err(Fault::refused(format!("there is no secret {id}"))),
        Some("retired") => Ok(()),
        Some(_) => {
            set_state(&mut write, id, "retired").await?;
            Entry::new("admin", "secret retired").secret(id).write(&mut *write).await?;
            Ok(write.commit().await?)
        }
    }
}

/// What is accepted now: the current one first, three at most. Empty while no secret was set.
pub async fn accepted(store: &Store) -> Result<Vec<Accepted>, Fault> {
    let rows: Vec<(String, u16, Vec<u8>)> = query_as(
        "SELECT id, ksf, record FROM secrets WHERE state IN ('current', 'next', 'retiring')
         ORDER BY CASE state WHEN 'current' THEN 0 WHEN 'next' THEN 1 ELSE 2 END, changed DESC LIMIT $1",
    )
    .bind(MOST_ACCEPTED)
    .fetch_all(store.reader())
    .await?;
    rows.into_iter()
        .map(|(id, ksf, record)| {
            let record = ServerRegistration::deserialize(&record).map_err(|_| Fault::Damaged("a secret's record"))?;
            Ok(Accepted { id, ksf, record })
        })
        .collect()
}

/// All of them, the newest first.
pub async fn list(store: &Store) -> Result<Vec<Listed>, Fault> {
    let rows: Vec<(String, String, i64)> =
        query_as("SELECT id, state, made FROM secrets ORDER BY made DESC, id").fetch_all(store.reader()).await?;
    Ok(rows.into_iter().map(|(id, state, made)| Listed { id, state, made }).collect())
}

/// Puts the current secret into another state, if it is the one that the caller knows of.
async fn replace_current(write: &mut Tx, named: Option<&str>, state: &'static str) -> Result<(), Fault> {
    let current: Option<String> =
        query_scalar("SELECT id FROM secrets WHERE state = 'current'").fetch_optional(&mut **write).await?;
    match (current, named) {
        (None, None) => Ok(()),
        (Some(current), Some(named)) if current == named => set_state(write, named, state).await,
        (Some(current), None) => Err(Fault::refused(format!(
            "PassPort has a shared secret already, {current}: only the first can be set; to give an estate another one, \
             uninstall it and install it with that"
        ))),
        (Some(current), Some(named)) => Err(Fault::refused(format!("the current secret is {current}, not {named}"))),
        (None, Some(named)) => Err(Fault::refused(format!("{named} is not the current secret: there is none"))),
    }
}

async fn set_state(write: &mut Tx, id: &str, state: &'static str) -> Result<(), Fault> {
    query("UPDATE secrets SET state = $2, changed = $3, record = CASE WHEN $2 = 'retired' THEN NULL ELSE record END WHERE id = $1")
        .bind(id)
        .bind(state)
        .bind(now())
        .execute(&mut **write)
        .await?;
    Ok(())
}

/// A short name for people to type: a letter for what it names, a hyphen, and 40 random bits.
pub fn random_id(kind: char) -> String {
    let mut rng = rand::rng();
    let random = (0..8).map(|_| char::from(ID_ALPHABET[rng.random_range(0..ID_ALPHABET.len())]));
    [kind, '-'].into_iter().chain(random).collect()
}
