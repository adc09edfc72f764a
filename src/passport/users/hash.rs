//! Passwords as Argon2id hashes, made and compared on threads that nobody waits on.

use crate::passport::Fault;
use crate::secret::{Secret, phc};

const FAILED: Fault = Fault::Damaged("a password's hash");

/// The hash to keep.
pub(super) async fn hash(password: Secret) -> Result<String, Fault> {
    tokio::task::spawn_blocking(move || phc::hash(&password)).await.ok().flatten().ok_or(FAILED)
}

/// Whether a password is the one of the hash; gives it back.
pub(super) async fn fits(hash: String, password: Secret) -> Result<(bool, Secret), Fault> {
    tokio::task::spawn_blocking(move || (phc::fits(&hash, &password), password)).await.map_err(|_| FAILED)
}
