//! The secret in plain, as HTTP Basic brings it from third-party clients: verified against Argon2id hashes, once per
//! secret and not once per request.
//!
//! Whoever brings a secret that was verified lately waits for nobody, unless they failed themselves. Everybody else
//! waits as after failed proofs ([`Limits`]), then for a turn: one verification at a time for sources that proved
//! something before, and one for all others, who are kept to a quarter of a core and turned away when too many wait.

mod cache;

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use hmac::Mac;
use tokio::sync::{OwnedSemaphorePermit, Semaphore, oneshot};
use tokio::time::{Instant, sleep};
use zeroize::Zeroizing;

use self::cache::{Cache, Digest, Known};
use super::Fault;
use super::limits::{Kind, Limits, Source};
use super::secrets::{self, Hashed};
use super::store::Store;
use crate::secret::{Secret, keyed, phc};

/// Sources that never proved anything and wait for a turn at once.
const SEATS: usize = 32;
/// After a wrong secret of a source that never proved anything the next such verification begins when this many times
/// the duration of the last one has passed.
const REST: u32 = 3;
/// How long whoever is turned away waits for that answer, and how many do so at once: asking again costs a handshake,
/// and must not be had for nothing.
const TURNED_AWAY_AFTER: Duration = Duration::from_secs(1);
const TURNED_AWAY: usize = 128;

/// Verifies, and remembers for a short while.
pub struct Basic {
    key: Zeroizing<[u8; 32]>,
    cache: Arc<Mutex<Cache>>,
    /// The turn of sources that proved something before.
    known: Arc<Semaphore>,
    /// The turn of all others.
    strangers: Arc<Semaphore>,
    seats: Semaphore,
    turned_away: Semaphore,
}

/// Why a secret was not accepted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Denied {
    /// It is none of those accepted; or Basic is off.
    Wrong,
    /// Too many wait to be verified.
    Busy,
}

impl Basic {
    /// With a key of its own and an empty memory.
    pub fn new() -> Self {
        Self {
            key: Zeroizing::new(rand::random()),
            cache: Arc::default(),
            known: Arc::new(Semaphore::new(1)),
            strangers: Arc::new(Semaphore::new(1)),
            seats: Semaphore::new(SEATS),
            turned_away: Semaphore::new(TURNED_AWAY),
        }
    }

    /// The id of the accepted secret that this is.
    pub async fn check(
        &self,
        store: &Store,
        limits: &Arc<Limits>,
        source: Source,
        secret: Secret,
    ) -> Result<Result<String, Denied>, Fault> {
        let accepted = secrets::hashes(store).await?;
        let digest = self.digest(&secret);
        let known = self.find(&digest, &accepted);
        if let Some(Known::Held(id)) = &known
            && !limits.has_failed(source, Kind::Est)
        {
            limits.proved(source, Kind::Est);
            return Ok(Ok(id.clone()));
        }
        let is_stranger = limits.is_stranger(source, Kind::Est);
        let Ok(attempt) = limits.admit(source, Kind::Est).await else { return Ok(Err(self.turn_away().await)) };
        // Counted as a failure when it is dropped.
        let found = match known {
            Some(known) => Ok(known),
            None => self.verify(secret, digest, accepted, is_stranger).await,
        };
        match found {
            Ok(Known::Held(id)) => {
                attempt.succeeded();
                Ok(Ok(id))
            }
            Ok(Known::Wrong) => Ok(Err(Denied::Wrong)),
            Err(_) => {
                attempt.withdrawn();
                Ok(Err(self.turn_away().await))
            }
        }
    }

    async fn turn_away(&self) -> Denied {
        if let Ok(_place) = self.turned_away.try_acquire() {
            sleep(TURNED_AWAY_AFTER).await;
        }
        Denied::Busy
    }

    /// The error is always [`Denied::Busy`].
    async fn verify(
        &self,
        secret: Secret,
        digest: Digest,
        accepted: Vec<Hashed>,
        is_stranger: bool,
    ) -> Result<Known, Denied> {
        let _seat = if is_stranger { Some(self.seats.try_acquire().map_err(|_| Denied::Busy)?) } else { None };
        let turns = if is_stranger { &self.strangers } else { &self.known };
        let turn = turns.clone().acquire_owned().await.map_err(|_| Denied::Busy)?;
        // Somebody before may have brought the same.
        if let Some(known) = self.find(&digest, &accepted) {
            return Ok(known);
        }
        let (tell, told) = oneshot::channel();
        let verification = Verification { cache: self.cache.clone(), secret, digest, accepted, is_stranger, turn };
        tokio::spawn(verification.run(tell));
        told.await.map_err(|_| Denied::Busy)
    }

    fn find(&self, digest: &Digest, accepted: &[Hashed]) -> Option<Known> {
        lock(&self.cache).find(digest, &ids(accepted))
    }

    fn digest(&self, secret: &Secret) -> Digest {
        let mut mac = keyed(&*self.key);
        mac.update(secret.expose().as_bytes());
        mac.finalize().into_bytes().into()
    }
}

fn ids(accepted: &[Hashed]) -> Vec<&str> {
    accepted.iter().map(|one| one.id.as_str()).collect()
}

/// A verification in its turn. It goes on, and keeps the turn, when whoever asked is gone.
struct Verification {
    cache: Arc<Mutex<Cache>>,
    secret: Secret,
    digest: Digest,
    accepted: Vec<Hashed>,
    is_stranger: bool,
    turn: OwnedSemaphorePermit,
}

impl Verification {
    async fn run(self, tell: oneshot::Sender<Known>) {
        let Self { cache, secret, digest, accepted, is_stranger, turn } = self;
        let begun = Instant::now();
        let verified = tokio::task::spawn_blocking(move || {
            let fits = |one: &&Hashed| one.hash.as_deref().is_some_and(|hash| phc::fits(hash, &secret));
            let id = accepted.iter().find(fits).map(|one| one.id.clone());
            (id, accepted)
        });
        let Ok((id, accepted)) = verified.await else { return };
        let known = lock(&cache).learn(digest, id, &ids(&accepted));
        let is_wrong = known == Known::Wrong;
        let _ = tell.send(known);
        if is_wrong && is_stranger {
            sleep(begun.elapsed() * REST).await;
        }
        drop(turn);
    }
}

fn lock(cache: &Mutex<Cache>) -> MutexGuard<'_, Cache> {
    cache.lock().unwrap_or_else(PoisonError::into_inner)
}

#[cfg(test)]
mod tests {
    use std::net::IpAddr;

    use crate::passport::properties::{self, EST_BASIC};
    use crate::passport::store::query;

    use super::*;

    struct Asked {
        store: Store,
        limits: Arc<Limits>,
        basic: Basic,
        _folder: tempfile::TempDir,
    }

    impl Asked {
        /// With the secret `right` current, under the id `a`.
        async fn new() -> Self {
            let folder = tempfile::tempdir().expect("a folder");
            let store = Store::create(&folder.path().join("passport.db")).await.expect("made");
            let asked = Self { store, limits: Arc::default(), basic: Basic::new(), _folder: folder };
            asked.set("a", "current", "right").await;
            asked
        }

        async fn set(&self, id: &str, state: &str, secret: &str) {
            let hash = phc::hash(&Secret::copy_of(secret));
            let insert = "INSERT INTO secrets (id, state, record, ksf, made, changed, basic)
                          VALUES ($1, $2, $3, 1, 0, 0, $4)";
            let insert = query(insert).bind(id).bind(state).bind(b"record".as_slice()).bind(hash);
            self.store.change(insert).await.expect("set");
        }

        async fn check(&self, last: u8, secret: &str) -> Result<String, Denied> {
            let source = Source::address(IpAddr::from([192, 0, 2, last]));
            let checked = self.basic.check(&self.store, &self.limits, source, Secret::copy_of(secret)).await;
            checked.expect("looked")
        }
    }

    #[tokio::test]
    async fn only_an_accepted_secret_is_held_and_only_while_basic_is_on() {
        let asked = Asked::new().await;
        properties::init(&asked.store).await.expect("made");
        assert_eq!(asked.check(1, "right").await, Err(Denied::Wrong), "off");
        properties::set(&asked.store, EST_BASIC, "on").await.expect("set");
        assert_eq!(asked.check(1, "right").await, Ok("a".into()));
        assert_eq!(asked.check(2, "next").await, Err(Denied::Wrong));
        asked.set("b", "next", "next").await;
        assert_eq!(asked.check(3, "next").await, Ok("b".into()), "wrong a moment ago, right now");
        let retired = "UPDATE secrets SET state = 'retired', record = NULL, basic = NULL WHERE id = 'a'";
        asked.store.change(query(retired)).await.expect("retired");
        assert_eq!(asked.check(4, "right").await, Err(Denied::Wrong), "right a moment ago, wrong now");
    }

    #[tokio::test]
    async fn a_known_secret_waits_for_nobody_but_its_own_failures() {
        let asked = Asked::new().await;
        properties::set(&asked.store, EST_BASIC, "on").await.expect("set");
        assert_eq!(asked.check(1, "right").await, Ok("a".into()));
        assert_eq!(asked.check(2, "wrong").await, Err(Denied::Wrong));
        tokio::select! {
            biased;
            _ = asked.check(2, "right") => panic!("who failed waits, even with the right secret"),
            _ = asked.check(3, "wrong") => panic!("a stranger with a wrong secret waits for another's failure"),
            good = asked.check(4, "right") => assert_eq!(good, Ok("a".into()), "a stranger with a known secret"),
        }
        assert_eq!(asked.check(2, "right").await, Ok("a".into()), "but not for ever");
    }
}
