//! Sealing: what must be kept for a while outside of its place is encrypted under a key of its own
//! (XChaCha20-Poly1305, 24 random bytes of nonce before each text).

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use chacha20poly1305::aead::{Aead, Payload};
use chacha20poly1305::{KeyInit, XChaCha20Poly1305, XNonce};
use zeroize::Zeroizing;

/// Bytes of a key.
pub const KEY_LENGTH: usize = 32;
const NONCE_LENGTH: usize = 24;

/// A key for sealing; wiped when dropped.
pub struct SealingKey(Zeroizing<[u8; KEY_LENGTH]>);

impl SealingKey {
    /// Makes a new one.
    pub fn generate() -> Self {
        Self(Zeroizing::new(rand::random()))
    }

    /// Takes one over; `None` when it is not [`KEY_LENGTH`] bytes long.
    pub fn from_bytes(bytes: &[u8]) -> Option<Self> {
        Some(Self(Zeroizing::new(bytes.try_into().ok()?)))
    }

    /// The same key once more.
    #[must_use]
    pub fn again(&self) -> Self {
        Self(self.0.clone())
    }

    /// The key itself, to be kept in a file closed to others.
    pub fn expose(&self) -> &[u8; KEY_LENGTH] {
        &self.0
    }

    /// Seals bytes, bound to what they are about. `None` only for more than the cipher takes (256 GiB).
    pub fn seal(&self, about: &str, plain: &[u8]) -> Option<String> {
        let nonce: [u8; NONCE_LENGTH] = rand::random();
        let sealed = self.cipher().encrypt(&XNonce::from(nonce), Payload { msg: plain, aad: about.as_bytes() }).ok()?;
        Some(STANDARD.encode([&nonce[..], &sealed].concat()))
    }

    /// Opens what was sealed; `None` when the key or what it is about is another, or the text was changed.
    pub fn open(&self, about: &str, sealed: &str) -> Option<Zeroizing<Vec<u8>>> {
        let bytes = STANDARD.decode(sealed).ok()?;
        let (nonce, sealed) = bytes.split_first_chunk::<NONCE_LENGTH>()?;
        let payload = Payload { msg: sealed, aad: about.as_bytes() };
        self.cipher().decrypt(&XNonce::from(*nonce), payload).ok().map(Zeroizing::new)
    }

    fn cipher(&self) -> XChaCha20Poly1305 {
        XChaCha20Poly1305::new((&*self.0).into())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_sealed_opens_with_the_same_key_and_subject_only() {
        let key = SealingKey::generate();
        let sealed = key.seal("the secret", b"correct horse").expect("sealed");
        assert_ne!(sealed, key.seal("the secret", b"correct horse").expect("sealed"), "no nonce is used twice");
        assert_eq!(key.open("the secret", &sealed).expect("opened").as_slice(), b"correct horse");
        assert!(key.open("another", &sealed).is_none());
        assert!(SealingKey::generate().open("the secret", &sealed).is_none());
        let mut changed = sealed.into_bytes();
        changed[40] ^= 1;
        assert!(key.open("the secret", &String::from_utf8_lossy(&changed)).is_none());
        assert!(key.open("the secret", "AAAA").is_none());
    }

    #[test]
    fn a_key_is_read_back_from_its_bytes() {
        let key = SealingKey::generate();
        let again = SealingKey::from_bytes(key.expose()).expect("32 bytes");
        let sealed = key.seal("x", b"y").expect("sealed");
        assert!(again.open("x", &sealed).is_some());
        assert!(SealingKey::from_bytes(&[0; 31]).is_none());
    }
}
