//! Logins that were answered a moment ago. What is remembered is an HMAC of user and password under a key of the
//! process, never the password.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use hmac::Mac;
use rand::RngExt;
use tokio::sync::{Mutex as Turn, OwnedMutexGuard};
use tokio::time::Instant;
use zeroize::Zeroizing;

use super::settings::Settings;
use crate::registration::wire::LoginAnswer;
use crate::secret::{Secret, keyed};

/// Logins that may be asked of PassPort at once.
const TURNS: usize = 32;

/// Names one repository's user with one password.
pub type Key = [u8; 32];

/// What PassPort said.
#[derive(Debug, Clone)]
pub enum Said {
    /// They fit.
    Known(Arc<LoginAnswer>),
    /// They do not.
    Refused,
    /// The password must be changed first.
    MustChange,
}

/// What is remembered.
pub struct Cache {
    key: Zeroizing<[u8; 32]>,
    good: Duration,
    bad: Duration,
    most: usize,
    said: Mutex<HashMap<Key, (Said, Instant)>>,
    turns: Vec<Arc<Turn<()>>>,
}

impl Cache {
    /// Empty.
    pub fn new(settings: &Settings) -> Self {
        Self {
            key: Zeroizing::new(rand::rng().random()),
            good: settings.good,
            bad: settings.bad,
            most: settings.entries,
            said: Mutex::default(),
            turns: (0..TURNS).map(|_| Arc::default()).collect(),
        }
    }

    /// The key of a login.
    pub fn key(&self, repository: &str, user: &str, password: &Secret) -> Key {
        let mut mac = keyed(&*self.key);
        for part in [repository, user] {
            mac.update(&(part.len() as u64).to_be_bytes());
            mac.update(part.as_bytes());
        }
        password.feed(&mut mac);
        mac.finalize().into_bytes().into()
    }

    /// What was said of it, if that still counts.
    pub fn said(&self, key: &Key) -> Option<Said> {
        let said = self.lock();
        said.get(key).filter(|(_, until)| *until > Instant::now()).map(|(said, _)| said.clone())
    }

    /// Waits for the turn of this login: the same one is not asked twice at once, and not too many at all.
    pub async fn turn(&self, key: &Key) -> OwnedMutexGuard<()> {
        let turn = &self.turns[usize::from(key[0]) % TURNS];
        turn.clone().lock_owned().await
    }

    /// Remembers it.
    pub fn keep(&self, key: Key, new: Said) {
        let length = if matches!(new, Said::Known(_)) { self.good } else { self.bad };
        if length.is_zero() {
            return;
        }
        let now = Instant::now();
        let mut said = self.lock();
        if said.len() >= self.most {
            said.retain(|_, (_, until)| *until > now);
        }
        if said.len() >= self.most {
            let soonest = said.iter().min_by_key(|(_, (_, until))| *until).map(|(key, _)| *key);
            soonest.map(|key| said.remove(&key));
        }
        said.insert(key, (new, now + length));
    }

    /// Forgets everything.
    pub fn clear(&self) {
        self.lock().clear();
    }

    fn lock(&self) -> MutexGuard<'_, HashMap<Key, (Said, Instant)>> {
        self.said.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn secret(text: &str) -> Secret {
        Secret::new(text.to_owned())
    }

    #[tokio::test(start_paused = true)]
    async fn a_refusal_is_forgotten_before_a_login_that_was_accepted_and_the_table_is_bounded() {
        let settings = Settings { entries: 2, ..Settings::read("/none".as_ref()).expect("the defaults") };
        let cache = Cache::new(&settings);
        let key = |user: &str, password: &str| cache.key("r", user, &secret(password));
        assert_ne!(key("ab", "c"), key("a", "bc"));
        assert_ne!(cache.key("r", "a", &secret("b")), cache.key("ra", "", &secret("b")));
        let known = LoginAnswer { user: "a".into(), domain: "S".into(), roles: Vec::new() };
        cache.keep(key("a", "good"), Said::Known(Arc::new(known)));
        cache.keep(key("a", "bad"), Said::Refused);
        assert!(matches!(cache.said(&key("a", "bad")), Some(Said::Refused)));
        tokio::time::advance(settings.bad).await;
        assert!(cache.said(&key("a", "bad")).is_none() && cache.said(&key("a", "good")).is_some());
        cache.keep(key("b", "bad"), Said::Refused);
        cache.keep(key("c", "bad"), Said::Refused);
        assert!(cache.lock().len() <= 2 && cache.said(&key("c", "bad")).is_some());
        tokio::time::advance(settings.good).await;
        assert!(cache.said(&key("a", "good")).is_none());
    }
}
