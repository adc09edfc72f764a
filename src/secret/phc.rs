//! Hashes of passwords and secrets that are only ever verified: Argon2id with a random salt, as PHC text.

use argon2::password_hash::phc::PasswordHash;
use argon2::password_hash::{PasswordHasher, PasswordVerifier};
use argon2::{Algorithm, Argon2, Params, Version};
use base64::Engine;
use base64::engine::general_purpose::STANDARD_NO_PAD;

use super::Secret;

/// A new hash. `None` only when the system gives no random bytes or no memory.
pub fn hash(secret: &Secret) -> Option<String> {
    let hash = argon2()?.hash_password(secret.expose().as_bytes()).ok()?;
    Some(hash.to_string())
}

/// A hash that nothing fits, and that takes as long to verify as any other: made without the work, so that no start
/// waits for it.
pub fn of_nobody() -> String {
    let [salt, hash] = [rand::random::<[u8; 16]>().to_vec(), rand::random::<[u8; 32]>().to_vec()];
    let text = |bytes| STANDARD_NO_PAD.encode(bytes);
    let (m, t, p) = (Params::DEFAULT_M_COST, Params::DEFAULT_T_COST, Params::DEFAULT_P_COST);
    format!("$argon2id$v=19$m={m},t={t},p={p}${}${}", text(salt), text(hash))
}

/// Whether the secret is the one that was hashed. A hash that [`is_ours`] does not know fits nothing.
pub fn fits(hash: &str, secret: &Secret) -> bool {
    let Some(hash) = ours(hash) else { return false };
    argon2().is_some_and(|argon2| argon2.verify_password(secret.expose().as_bytes(), &hash).is_ok())
}

/// Whether this is an Argon2id hash that costs no more to verify than those made here.
pub fn is_ours(hash: &str) -> bool {
    ours(hash).is_some()
}

/// The parameters in a hash are used as they stand: never more than what we write.
fn ours(hash: &str) -> Option<PasswordHash> {
    let hash = PasswordHash::new(hash).ok()?;
    let stored = Params::try_from(&hash).ok()?;
    let is_cheap = stored.m_cost() <= Params::DEFAULT_M_COST
        && stored.t_cost() <= Params::DEFAULT_T_COST
        && stored.p_cost() <= Params::DEFAULT_P_COST;
    let is_argon2id = hash.algorithm.as_str() == Algorithm::Argon2id.as_str();
    (is_cheap && is_argon2id).then_some(hash)
}

/// Argon2id with m = 19456 KiB, t = 2, p = 1 (the crate's defaults, named here because they are an interface to rows).
fn argon2() -> Option<Argon2<'static>> {
    let params = Params::new(Params::DEFAULT_M_COST, Params::DEFAULT_T_COST, Params::DEFAULT_P_COST, None).ok()?;
    Some(Argon2::new(Algorithm::Argon2id, Version::V0x13, params))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nobodys_hash_is_verified_like_a_real_one_and_fits_nothing() {
        let (nobody, somebody) = (of_nobody(), hash(&Secret::new("correct horse".into())).expect("hashed"));
        assert!(is_ours(&nobody) && !fits(&nobody, &Secret::new("correct horse".into())));
        assert_eq!(nobody.len(), somebody.len());
        let costs = |hash: &str| hash.rsplitn(3, '$').last().map(str::to_owned);
        assert_eq!(costs(&nobody), costs(&somebody));
        assert_ne!(nobody, of_nobody());
    }

    #[test]
    fn a_hash_fits_its_own_secret_alone_and_no_costlier_hash_is_computed() {
        let secret = Secret::new("correct horse".into());
        let hash = hash(&secret).expect("hashed");
        assert!(fits(&hash, &secret));
        assert!(!fits(&hash, &Secret::new("correct horsf".into())));
        for (ours, theirs) in [("m=19456", "m=99999"), ("t=2", "t=9"), ("p=1", "p=4"), ("argon2id", "argon2i")] {
            let changed = hash.replace(ours, theirs);
            assert_ne!(changed, hash);
            assert!(!is_ours(&changed), "{changed}");
        }
    }
}
