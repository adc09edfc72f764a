//! The shared secret: a type that cannot be printed, where it comes from, how it is made and sealed.

mod generate;
mod hardening;
mod seal;
mod source;
mod strength;

pub use generate::{ALPHABET, GENERATED_LENGTH, generate, generate_password};
pub use hardening::harden_process;
pub use seal::{KEY_LENGTH, SealingKey};
pub use source::{Source, SourceError, check_private_file};
pub use strength::{Strength, strength};

use secrecy::{ExposeSecret, SecretString};
use subtle::ConstantTimeEq;
use zeroize::Zeroize;

/// The longest secret any place of ours accepts, in bytes.
pub const MAX_LENGTH: usize = 1024;

/// A shared secret, a password or any other text that must never be shown.
///
/// It has no `Debug`, `Display`, `Clone` or `Serialize`, is wiped when dropped, and is compared in constant time.
/// Where several owners need it, they share it behind an `Arc`.
pub struct Secret(SecretString);

impl Secret {
    /// Takes the text over; its buffer is copied once into one of the exact size and then wiped.
    pub fn new(mut text: String) -> Self {
        let exact: Box<str> = Box::from(text.as_str());
        text.zeroize();
        Self(SecretString::from(exact))
    }

    /// Takes bytes over; `None` when they are not UTF-8. The bytes are wiped either way.
    pub fn from_bytes(mut bytes: Vec<u8>) -> Option<Self> {
        let secret = std::str::from_utf8(&bytes).ok().map(|text| Self(SecretString::from(Box::<str>::from(text))));
        bytes.zeroize();
        secret
    }

    /// The plain text. Only rooms that must write, prove or hand over the secret call this.
    pub fn expose(&self) -> &str {
        self.0.expose_secret()
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
