//! The shared secret: a type that cannot be printed, where it comes from, how it is made and sealed.

mod generate;
mod hardening;
mod locked;
mod mac;
pub mod phc;
mod redact;
mod seal;
mod source;
mod strength;

pub use generate::{ALPHABET, GENERATED_LENGTH, generate, generate_password};
pub use hardening::harden_process;
pub use mac::keyed;
pub use redact::Redactor;
pub use seal::{KEY_LENGTH, SealingKey};
pub use source::{Source, SourceError, check_private_file};
pub use strength::{Strength, strength};

use locked::Held;
use secrecy::{ExposeSecret, SecretBox};
use subtle::ConstantTimeEq;
use zeroize::Zeroize;

/// The longest secret any place of ours accepts, in bytes.
pub const MAX_LENGTH: usize = 1024;

/// A shared secret, a password or any other text that must never be shown.
///
/// It has no `Debug`, `Display`, `Clone` or `Serialize`, lies in locked memory, is wiped when dropped, and is compared in
/// constant time. Where several owners need it, they share it behind an `Arc`.
pub struct Secret(SecretBox<Held>);

impl Secret {
    /// Takes the text over; its buffer is copied once and then wiped.
    pub fn new(mut text: String) -> Self {
        let secret = Self::copy_of(&text);
        text.zeroize();
        secret
    }

    /// Copies a text whose buffer the caller wipes.
    pub fn copy_of(text: &str) -> Self {
        Self(SecretBox::new(Box::new(Held::copy_of(text.as_bytes()))))
    }

    /// Takes bytes over; `None` when they are not UTF-8. The bytes are wiped either way.
    pub fn from_bytes(mut bytes: Vec<u8>) -> Option<Self> {
        let secret = std::str::from_utf8(&bytes).ok().map(Self::copy_of);
        bytes.zeroize();
        secret
    }

    /// The plain text. Only rooms that must write, prove or hand over the secret call this.
    pub fn expose(&self) -> &str {
        // It came as text, so it is one.
        std::str::from_utf8(self.0.expose_secret().bytes()).unwrap_or_default()
    }

    /// Feeds it into a computation under a key, from which nobody gets it back.
    pub fn feed(&self, mac: &mut impl hmac::Mac) {
        mac.update(self.expose().as_bytes());
    }

    /// Whether nothing was given at all.
    pub fn is_empty(&self) -> bool {
        self.expose().is_empty()
    }

    /// Compares in constant time (for texts of the same length).
    pub fn same_as(&self, other: &Self) -> bool {
        self.expose().as_bytes().ct_eq(other.expose().as_bytes()).into()
    }
}

#[cfg(test)]
mod tests {
    use super::Secret;

    #[test]
    fn equal_secrets_are_the_same_and_others_are_not() {
        let a = Secret::new("correct horse".into());
        assert!(a.same_as(&Secret::new("correct horse".into())));
        assert!(!a.same_as(&Secret::new("correct horsf".into())));
        assert!(!a.same_as(&Secret::new("correct".into())));
    }

    #[test]
    fn bytes_that_are_not_text_are_no_secret() {
        assert!(Secret::from_bytes(vec![0xff, 0xfe]).is_none());
    }
}
