//! The shared secrets that the authority accepts, as OPAQUE records. It never sees a secret itself.

mod by_hand;
mod change;
mod cutover;
mod overlap;
mod record;
mod settle;
mod timer;
mod window;

use opaque_ke::ServerRegistration;
use rand::RngExt;

pub use self::by_hand::retire_by_hand;
pub use self::cutover::{replace, unreplace};
pub use self::overlap::{demote, drop_next, next, promote};
pub use self::record::{Record, Started};
pub use self::settle::{Window, settle};
pub use self::timer::keep_time;
pub use self::window::{WindowKey, previous};
use super::Fault;
use super::audit::Entry;
use super::properties::EST_BASIC;
use super::store::{Store, Tx, query, query_as, query_scalar};
use crate::registration::admin::SecretState as State;
use crate::registration::opaque::Suite;

/// The most secrets a component is challenged for at once. No change can make them more: only one is open at a time,
/// and each retires at its end what an earlier one left.
const MOST_ACCEPTED: u32 = 3;
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

/// One accepted secret, for whoever gives it in plain.
pub struct Hashed {
    /// Its id.
    pub id: String,
    /// Its Argon2id hash (PHC).
    pub hash: Option<String>,
}

/// These columns of what is accepted now: the current one first, as many as are bound.
macro_rules! accepted {
    ($columns:literal) => {
        concat!(
            "SELECT ",
            $columns,
            " FROM secrets WHERE state IN ('current', 'next', 'retiring')
             ORDER BY CASE state WHEN 'current' THEN 0 WHEN 'next' THEN 1 ELSE 2 END, until IS NOT NULL, changed DESC
             LIMIT $1"
        )
    };
}

type Row = (String, String, i64, Option<i64>, Option<String>, i64);

/// One secret as an administrator sees it.
pub struct Listed {
    /// Its id.
    pub id: String,
    /// `current`, `next`, `retiring`, `held` or `retired`.
    pub state: String,
    /// When it was set, in seconds since 1970.
    pub made: i64,
    /// When its window ends or ended.
    pub until: Option<i64>,
    /// The last change that it took part in.
    pub change: Option<String>,
    /// How many components have proved it last.
    pub proved: i64,
}

/// The secrets.
pub struct All {
    /// The newest first.
    pub secrets: Vec<Listed>,
    /// Who keeps a retiring one alive.
    pub waiting: Vec<String>,
    /// How many components there are.
    pub components: i64,
}

/// Makes a record the first secret.
pub async fn first(store: &Store, record: &Record) -> Result<(), Fault> {
    let mut write = store.write().await?;
    if let Some(current) = current(&mut write).await? {
        return Err(Fault::refused(format!(
            "PassPort has a shared secret already, {current}: only the first can be set; give the estate another one \
             with `countersign rotate`"
        )));
    }
    record.insert(&mut write, State::Current).await?;
    Entry::new("admin", "secret set").secret(&record.id).write(&mut *write).await?;
    Ok(write.commit().await?)
}

/// Accepts a secret no longer and forgets its record and hash. Refused while a change needs it to be settled or undone.
pub async fn retire(store: &Store, id: &str) -> Result<(), Fault> {
    let mut write = store.write().await?;
    let state: Option<String> =
        query_scalar("SELECT state FROM secrets WHERE id = $1").bind(id).fetch_optional(&mut *write).await?;
    match state.as_deref() {
        None => return Err(Fault::refused(format!("there is no secret {id}"))),
        Some("retired") => return Ok(()),
        Some(_) => {}
    }
    if let Some(open) = change::open(&mut write).await?.filter(|open| open.brings == id || open.leaves == id) {
        return Err(open.in_the_way());
    }
    put(&mut write, id, State::Retired, None).await?;
    Entry::new("admin", "secret retired").secret(id).write(&mut *write).await?;
    Ok(write.commit().await?)
}

/// What is accepted now: the current one first, three at most. Empty while no secret was set.
pub async fn accepted(store: &Store) -> Result<Vec<Accepted>, Fault> {
    let rows: Vec<(String, u16, Vec<u8>)> =
        query_as(accepted!("id, ksf, record")).bind(MOST_ACCEPTED).fetch_all(store.small()).await?;
    rows.into_iter()
        .map(|(id, ksf, record)| {
            let record = ServerRegistration::deserialize(&record).map_err(|_| Fault::Damaged("a secret's record"))?;
            Ok(Accepted { id, ksf, record })
        })
        .collect()
}

/// The ids of [`accepted`] with their hashes for HTTP Basic, while the property lets anybody give it. A secret that was
/// set without one cannot be verified.
pub async fn hashes(store: &Store) -> Result<Vec<Hashed>, Fault> {
    let rows: Vec<(String, Option<String>, Option<String>)> =
        query_as(accepted!("id, basic, (SELECT value FROM properties WHERE name = $2)"))
            .bind(MOST_ACCEPTED)
            .bind(EST_BASIC)
            .fetch_all(store.small())
            .await?;
    let is_on = rows.iter().all(|(_, _, is_on)| is_on.as_deref() == Some("on"));
    Ok(rows.into_iter().filter(|_| is_on).map(|(id, hash, _)| Hashed { id, hash }).collect())
}

/// The newest first, and who keeps a retiring one alive: at most `limit` of each. Those that are not retired, of which
/// there are few, are among them, however old.
pub async fn list(store: &Store, limit: u32) -> Result<All, Fault> {
    let mut read = store.read().await?;
    let rows: Vec<Row> = query_as(
        "SELECT id, state, made, until,
         (SELECT name FROM changes WHERE secrets.id IN (brings, leaves) AND changes.state <> 'undone'
          ORDER BY changes.id DESC LIMIT 1),
         (SELECT COUNT(*) FROM components WHERE proved_id = secrets.id)
         FROM (SELECT * FROM secrets ORDER BY state = 'retired', made DESC, number DESC LIMIT $1) AS secrets
         ORDER BY made DESC, number DESC",
    )
    .bind(limit)
    .fetch_all(&mut *read)
    .await?;
    let one = |(id, state, made, until, change, proved)| Listed { id, state, made, until, change, proved };
    let secrets: Vec<_> = rows.into_iter().map(one).collect();
    let components = query_scalar("SELECT COUNT(*) FROM components").fetch_one(&mut *read).await?;
    let is_any_retiring = secrets.iter().any(|secret| secret.state == word(State::Retiring));
    let waiting = if is_any_retiring { window::waiting(&mut read, Some(limit)).await? } else { Vec::new() };
    Ok(All { secrets, waiting, components })
}

/// The id of the current secret.
async fn current(write: &mut Tx) -> Result<Option<String>, Fault> {
    Ok(query_scalar("SELECT id FROM secrets WHERE state = 'current'").fetch_optional(&mut **write).await?)
}

/// Refuses unless the current secret is the one that the caller saw.
async fn expect_current(write: &mut Tx, named: &str) -> Result<(), Fault> {
    match current(write).await? {
        Some(current) if current == named => Ok(()),
        Some(current) => Err(Fault::refused(format!("the current secret is {current}, not {named}"))),
        None => Err(Fault::refused(format!("{named} is not the current secret: there is none"))),
    }
}

/// Puts a secret into a state; retired, it loses its record and its hash.
async fn put(write: &mut Tx, id: &str, state: State, until: Option<i64>) -> Result<(), Fault> {
    query(
        "UPDATE secrets SET state = $2, changed = $3, until = $4,
         record = CASE WHEN $2 = 'retired' THEN NULL ELSE record END,
         basic = CASE WHEN $2 = 'retired' THEN NULL ELSE basic END WHERE id = $1",
    )
    .bind(id)
    .bind(word(state))
    .bind(super::now())
    .bind(until)
    .execute(&mut **write)
    .await?;
    Ok(())
}

/// A state as the database has it.
fn word(state: State) -> &'static str {
    match state {
        State::Current => "current",
        State::Next => "next",
        State::Retiring => "retiring",
        State::Held => "held",
        State::Retired => "retired",
    }
}

/// A short name for people to type: a letter for what it names, a hyphen, and 40 random bits.
pub fn random_id(kind: char) -> String {
    let mut rng = rand::rng();
    let random = (0..8).map(|_| char::from(ID_ALPHABET[rng.random_range(0..ID_ALPHABET.len())]));
    [kind, '-'].into_iter().chain(random).collect()
}
