//! Passwords as Argon2id hashes, made and compared on threads that nobody waits on.

use argon2::password_hash::phc::PasswordHash;
use argon2::password_hash::{PasswordHasher, PasswordVerifier};
use argon2::{Algorithm, Argon2, Params, Version};

use crate::passport::Fault;
use crate::secret::Secret;

const FAILED: Fault = Fault::Damaged("a password's hash");

/// The hash to keep; gives the password back.
pub(super) async fn hash(password: Secret) -> Result<(String, Secret), Fault> {
    let hashed = tokio::task::spawn_blocking(move || {
        let hash = argon2()?.hash_password(password.expose().as_bytes()).ok()?.to_string();
        Some((hash, password))
    });
    hashed.await.ok().flatten().ok_or(FAILED)
}

/// Whether a password is the one of the hash; gives it back.
pub(super) async fn fits(hash: String, password: Secret) -> Result<(bool, Secret), Fault> {
    tokio::task::spawn_blocking(move || (compare(&hash, &password), password)).await.map_err(|_| FAILED)
}

fn compare(hash: &str, password: &Secret) -> bool {
    let Ok(hash) = PasswordHash::new(hash) else { return false };
    // The parameters in a stored hash are used as they stand: never more than what we write.
    let ours = Params::try_from(&hash).is_ok_and(|stored| {
        stored.m_cost() <= Params::DEFAULT_M_COST && stored.t_cost() <= Params::DEFAULT_T_COST && stored.p_cost() == 1
    });
    ours && argon2().is_some_and(|argon2| argon2.verify_password(password.expose().as_bytes(), &hash).is_ok())
}

/// Argon2id with m = 19456 KiB, t = 2, p = 1 (the crate's defaults, named here because they are an interface to rows).
fn argon2() -> Option<Argon2<'static>> {
    let params = Params::new(Params::DEFAULT_M_COST, Params::DEFAULT_T_COST, Params::DEFAULT_P_COST, None).ok()?;
    Some(Argon2::new(Algorithm::Argon2id, Version::V0x13, params))
}
