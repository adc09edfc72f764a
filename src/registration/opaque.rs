//! The OPAQUE suite (RFC 9807) in which a component proves the secret: ristretto255, triple Diffie-Hellman, SHA-512,
//! and a stretching of our own that is paid once per secret and process.

use std::sync::{LazyLock, Mutex, PoisonError};

use argon2::{Algorithm, Argon2, Params, Version};
use opaque_ke::errors::InternalError;
use opaque_ke::generic_array::{ArrayLength, GenericArray};
use opaque_ke::ksf::Ksf;
use opaque_ke::{CipherSuite, Ristretto255, TripleDh};
use sha2::{Digest, Sha256};
use zeroize::Zeroizing;

/// The version of [`Stretch`] that new records are made with; a component refuses versions that it does not know.
pub const KSF_VERSION: u16 = 1;

/// The suite, on both ends.
pub struct Suite;

impl CipherSuite for Suite {
    type OprfCs = Ristretto255;
    type KeyExchange = TripleDh<Ristretto255, opaque_ke_sha2::Sha512>;
    type Ksf = Stretch;
}

/// The random source that opaque-ke's traits ask for (the older generation of the crate `rand`).
pub fn rng() -> rand_core_06::OsRng {
    rand_core_06::OsRng
}

/// Argon2id with m = 19456 KiB, t = 2, p = 1 and a zero salt: the OPRF before it is the salt.
///
/// The result is remembered per OPRF output, since every proof of a process uses the same few.
#[derive(Default)]
pub struct Stretch;

const REMEMBERED: usize = 8;
const SALT: [u8; 16] = [0; 16];

type Entry = ([u8; 32], Zeroizing<Vec<u8>>);
static MEMORY: LazyLock<Mutex<Vec<Entry>>> = LazyLock::new(|| Mutex::new(Vec::with_capacity(REMEMBERED)));

impl Ksf for Stretch {
    fn hash<L: ArrayLength<u8>>(&self, input: GenericArray<u8, L>) -> Result<GenericArray<u8, L>, InternalError> {
        let input = Zeroizing::new(input.to_vec());
        let key: [u8; 32] = Sha256::digest(&*input).into();
        // Held while stretching: two tasks with the same secret wait for one Argon2 instead of paying two.
        let mut memory = MEMORY.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some((_, known)) = memory.iter().find(|(stored, _)| *stored == key) {
            return Ok(GenericArray::clone_from_slice(known));
        }
        let mut output = GenericArray::default();
        argon2()?.hash_password_into(&input, &SALT, &mut output).map_err(|_| InternalError::KsfError)?;
        if memory.len() == REMEMBERED {
            memory.remove(0);
        }
        memory.push((key, Zeroizing::new(output.to_vec())));
        Ok(output)
    }
}

fn argon2() -> Result<Argon2<'static>, InternalError> {
    let params = Params::new(19_456, 2, 1, None).map_err(|_| InternalError::KsfError)?;
    Ok(Argon2::new(Algorithm::Argon2id, Version::V0x13, params))
}

/// Forgets every stretched value of this process.
pub fn forget() {
    MEMORY.lock().unwrap_or_else(PoisonError::into_inner).clear();
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_same_input_is_stretched_once_and_gives_the_same() {
        let input = GenericArray::clone_from_slice(&[7u8; 64]);
        let first: GenericArray<u8, opaque_ke::generic_array::typenum::U64> = Stretch.hash(input).expect("stretched");
        let again = Stretch.hash(input).expect("remembered");
        assert_eq!(first, again);
        assert_ne!(first, input);
    }
}
