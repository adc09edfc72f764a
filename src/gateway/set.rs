//! All repositories of a running gateway, exchanged as a whole by a reload.

use std::sync::{Arc, PoisonError, RwLock};

use futures_util::future::join_all;
use serde_json::{Value, json};
use tokio::sync::Mutex;

use super::home::Home;
use super::links;
use super::repository::Repository;
use super::{Failure, Log};
use crate::registration::opaque;
use crate::registration::state::State;

/// The repositories that are at work now.
pub struct Set {
    home: Home,
    log: Log,
    now: RwLock<Arc<Vec<Repository>>>,
    /// Held for the length of a reload, so that two do not overtake each other.
    one_at_a_time: Mutex<()>,
}

impl Set {
    /// Begins with what the file says, and waits until every repository has tried once.
    ///
    /// # Errors
    /// The file cannot be used, or PassPort accepts the secret of no repository that shares the estate's.
    pub async fn begin(home: &Home, log: &Log) -> Result<Self, Failure> {
        let begun = begun(home, log).await?;
        let shared: Vec<_> = begun.iter().filter(|one| !one.elsewhere).collect();
        let refused = |one: &&Repository| one.secret_id().is_none() && refusal(one).is_some();
        if !shared.is_empty() && shared.iter().all(refused) {
            return Err(shared.first().and_then(|one| refusal(one)).unwrap_or_else(|| Failure::Failed(String::new())));
        }
        Ok(Self {
            home: home.clone(),
            log: log.clone(),
            now: RwLock::new(Arc::new(begun)),
            one_at_a_time: Mutex::default(),
        })
    }

    /// The repositories now.
    pub fn now(&self) -> Arc<Vec<Repository>> {
        self.now.read().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// Reads the file anew, begins with what it says, and returns which of PassPort's secrets is in use. What was before
    /// goes on when PassPort does not accept a secret.
    pub async fn reload(&self) -> Result<Option<String>, Failure> {
        let _turn = self.one_at_a_time.lock().await;
        let fresh = begun(&self.home, &self.log).await?;
        let is_new = |one: &Repository| one.secret_id().is_none() && !one.elsewhere;
        if let Some(failure) = fresh.iter().filter(|one| is_new(one)).find_map(refusal) {
            return Err(failure);
        }
        let id = secret_id(&fresh);
        let before = std::mem::replace(&mut *self.now.write().unwrap_or_else(PoisonError::into_inner), Arc::new(fresh));
        if id.is_none() || id != secret_id(&before) {
            // What was stretched from the earlier secret is of no more use, except to a thief.
            opaque::forget();
        }
        self.log.info("Repositories", "reload: what the file says is in use");
        Ok(id)
    }

    /// Proves the secret of every repository that shares the estate's; returns which of PassPort's it is.
    pub async fn prove(&self) -> Result<Option<String>, Failure> {
        let now = self.now();
        let mut id = None;
        for proved in join_all(now.iter().filter(|one| !one.elsewhere).map(Repository::prove)).await {
            let proved = proved?;
            id.get_or_insert(proved);
        }
        Ok(id)
    }

    /// How it is, without anything secret. It is ready while every repository of the estate serves, or waits for its
    /// registration alone.
    pub fn status(&self) -> Value {
        let now = self.now();
        let described = now.iter().map(|one| {
            let failure = one.failure();
            json!({
                "repository": one.name,
                "elsewhere": one.elsewhere,
                "registration": one.registration(),
                "secret_id": one.secret_id(),
                "serves": failure.is_none(),
                "code": failure.as_ref().map_or(0, |failure| failure.exit().code()),
                "detail": failure.map(|failure| failure.to_string()),
            })
        });
        let described: Vec<Value> = described.collect();
        let of_the_estate = || now.iter().filter(|one| !one.elsewhere);
        let states = || of_the_estate().filter_map(Repository::registration);
        let registration = states().find(|state| *state != State::Registered).or_else(|| states().next());
        json!({
            "pid": std::process::id(),
            "ready": of_the_estate().all(|one| one.failure().is_none_or(|why| matches!(*why, Failure::Pending(_)))),
            "registration": registration,
            "secret_id": secret_id(&now),
            "repositories": described,
        })
    }
}

async fn begun(home: &Home, log: &Log) -> Result<Vec<Repository>, Failure> {
    let begun: Vec<Repository> = links::all(home, log)?.into_iter().map(Repository::begin).collect();
    join_all(begun.iter().map(Repository::settled)).await;
    Ok(begun)
}

/// That PassPort does not accept its secret, or refused its registration.
fn refusal(one: &Repository) -> Option<Failure> {
    match one.failure()?.as_ref() {
        Failure::NotAccepted(why) => Some(Failure::NotAccepted(format!("{}: {why}", one.name))),
        _ => None,
    }
}

fn secret_id(all: &[Repository]) -> Option<String> {
    all.iter().filter(|one| !one.elsewhere).find_map(Repository::secret_id)
}
