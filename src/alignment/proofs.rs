//! Proofs to the authority, each a check that changes nothing of what is known of the component.

use std::sync::Arc;
use std::time::Duration;

use tokio::sync::Semaphore;
use tokio::task::JoinHandle;

use super::asking;
use super::distinct::Distinct;
use super::found::Found;
use crate::registration::prove::{ProofError, Proved};
use crate::registration::site::Site;
use crate::registration::wire::Purpose;
use crate::secret::Secret;

/// How long one proof to the authority may take, its back-off included.
const DEADLINE: Duration = Duration::from_secs(10);
/// Proofs at once. An estate in which every place holds another secret must not be an onslaught.
const AT_ONCE: usize = 8;

/// One proof within its deadline.
pub(super) async fn one(site: &Site, secret: &Secret) -> Result<Proved, ProofError> {
    tokio::time::timeout(DEADLINE, site.prove(secret, Purpose::Check)).await.unwrap_or_else(|_| {
        let address = format!("{}:{}", site.host, site.https_port);
        Err(ProofError::Unreachable(address, asking::late(DEADLINE)))
    })
}

/// Proves each of these, beside each other.
pub(super) async fn all(distinct: &[Distinct]) -> Vec<Found> {
    let turns = Arc::new(Semaphore::new(AT_ONCE));
    let begin = |one: &Distinct| {
        let (site, secret, turns) = (one.site.clone(), one.secret.clone(), turns.clone());
        tokio::spawn(async move {
            let _turn = turns.acquire().await;
            found(&site, &secret).await
        })
    };
    ended(distinct.iter().map(begin).collect()).await
}

/// The answers of tasks that were begun, in their order.
pub(super) async fn ended(tasks: Vec<JoinHandle<Found>>) -> Vec<Found> {
    let mut found = Vec::with_capacity(tasks.len());
    for task in tasks {
        found.push(task.await.unwrap_or_else(|_| Found::cannot_tell("asking it ended before its answer")));
    }
    found
}

/// What the proof of one secret comes to.
pub(super) async fn found(site: &Site, secret: &Secret) -> Found {
    match one(site, secret).await {
        Ok(proved) => Found::proved(proved.secret_id),
        Err(ProofError::NotAccepted) => Found::differs(ProofError::NotAccepted.to_string()),
        Err(error) => Found::cannot_tell(error.to_string()),
    }
}
