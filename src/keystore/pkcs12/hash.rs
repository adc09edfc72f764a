//! The hash functions of PKCS#12, and the three things made of them.

use der::asn1::ObjectIdentifier;
use hmac::{EagerHash, Hmac, KeyInit, Mac};
use pbkdf2::pbkdf2_hmac;
use sha1::Sha1;
use sha2::digest::block_api::BlockSizeUser;
use sha2::{Digest, Sha224, Sha256, Sha384, Sha512};
use zeroize::Zeroizing;

/// A hash function that files name.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Hash {
    Sha1,
    Sha224,
    Sha256,
    Sha384,
    Sha512,
}

/// What a derived key is for (RFC 7292, B.3).
#[derive(Debug, Clone, Copy)]
pub(super) enum Purpose {
    Encryption = 1,
    Vector = 2,
    CheckSum = 3,
}

/// Calls a function that is generic over the hash.
macro_rules! with {
    ($hash:expr, $function:ident($($argument:expr),*)) => {
        match $hash {
            Hash::Sha1 => $function::<Sha1>($($argument),*),
            Hash::Sha224 => $function::<Sha224>($($argument),*),
            Hash::Sha256 => $function::<Sha256>($($argument),*),
            Hash::Sha384 => $function::<Sha384>($($argument),*),
            Hash::Sha512 => $function::<Sha512>($($argument),*),
        }
    };
}

impl Hash {
    /// The hash of this name.
    pub(super) fn named(oid: ObjectIdentifier) -> Option<Self> {
        Self::ALL.into_iter().find(|hash| hash.oid() == oid)
    }

    /// The hash whose HMAC has this name (RFC 8018, B.1.2).
    pub(super) fn of_hmac(oid: ObjectIdentifier) -> Option<Self> {
        Self::ALL.into_iter().find(|hash| hash.hmac_oid() == oid)
    }

    const ALL: [Self; 5] = [Self::Sha1, Self::Sha224, Self::Sha256, Self::Sha384, Self::Sha512];

    /// Its name.
    pub(super) fn oid(self) -> ObjectIdentifier {
        ObjectIdentifier::new_unwrap(match self {
            Self::Sha1 => "1.3.14.3.2.26",
            Self::Sha224 => "2.16.840.1.101.3.4.2.4",
            Self::Sha256 => "2.16.840.1.101.3.4.2.1",
            Self::Sha384 => "2.16.840.1.101.3.4.2.2",
            Self::Sha512 => "2.16.840.1.101.3.4.2.3",
        })
    }

    /// Its HMAC's name.
    pub(super) fn hmac_oid(self) -> ObjectIdentifier {
        ObjectIdentifier::new_unwrap(match self {
            Self::Sha1 => "1.2.840.113549.2.7",
            Self::Sha224 => "1.2.840.113549.2.8",
            Self::Sha256 => "1.2.840.113549.2.9",
            Self::Sha384 => "1.2.840.113549.2.10",
            Self::Sha512 => "1.2.840.113549.2.11",
        })
    }

    /// The length of what it makes, in bytes.
    pub(super) fn length(self) -> usize {
        with!(self, length_of())
    }

    /// HMAC over the data.
    pub(super) fn hmac(self, key: &[u8], data: &[u8]) -> Vec<u8> {
        with!(self, hmac_of(key, data))
    }

    /// PBKDF2 (RFC 8018, 5.2).
    pub(super) fn pbkdf2(self, password: &[u8], salt: &[u8], rounds: u32, length: usize) -> Zeroizing<Vec<u8>> {
        let mut key = Zeroizing::new(vec![0; length]);
        with!(self, pbkdf2_hmac(password, salt, rounds, &mut key));
        key
    }

    /// The format's own derivation (RFC 7292, B.2) for a password that ends with a zero.
    pub(super) fn derive(
        self,
        purpose: Purpose,
        password: &[u8],
        salt: &[u8],
        rounds: u32,
        length: usize,
    ) -> Zeroizing<Vec<u8>> {
        with!(self, derive_of(purpose, password, salt, rounds, length))
    }
}

fn length_of<D: Digest>() -> usize {
    <D as Digest>::output_size()
}

fn hmac_of<D: EagerHash>(key: &[u8], data: &[u8]) -> Vec<u8>
where
    Hmac<D>: KeyInit + Mac,
{
    // An HMAC takes a key of any length.
    Hmac::<D>::new_from_slice(key)
        .map(|mac| mac.chain_update(data).finalize().into_bytes().to_vec())
        .unwrap_or_default()
}

/// The steps of RFC 7292, B.2.
fn derive_of<D: Digest + BlockSizeUser>(
    purpose: Purpose,
    password: &[u8],
    salt: &[u8],
    rounds: u32,
    length: usize,
) -> Zeroizing<Vec<u8>> {
    let block = <D as BlockSizeUser>::block_size();
    let diversifier = vec![purpose as u8; block];
    let mut input = Zeroizing::new([filled(salt, block), filled(password, block)].concat());
    let mut out = Zeroizing::new(Vec::with_capacity(length + length_of::<D>()));
    while out.len() < length {
        let mut hashed = D::new().chain_update(&diversifier).chain_update(input.as_slice()).finalize();
        for _ in 1..rounds {
            hashed = D::digest(&hashed);
        }
        out.extend_from_slice(&hashed);
        let more = filled(&hashed, block);
        input.chunks_mut(block).for_each(|number| add(number, &more));
    }
    out.truncate(length);
    out
}

/// The bytes over and over, up to the next whole number of blocks.
fn filled(bytes: &[u8], block: usize) -> Vec<u8> {
    bytes.iter().copied().cycle().take(bytes.len().next_multiple_of(block)).collect()
}

/// Adds another number and one to a number of the same length, big-endian, and forgets what overflows.
fn add(number: &mut [u8], other: &[u8]) {
    let mut carry = 1_u16;
    for (digit, other) in number.iter_mut().zip(other).rev() {
        carry += u16::from(*digit) + u16::from(*other);
        *digit = carry.to_le_bytes()[0];
        carry >>= 8;
    }
}

#[cfg(test)]
mod tests {
    use super::{Hash, Purpose};

    /// The password `smeg`, and the values that OpenSSL's and others' own tests hold.
    #[test]
    fn keys_are_derived_as_others_derive_them() {
        let password = b"\0s\0m\0e\0g\0\0";
        let salt = [0x0A, 0x58, 0xCF, 0x64, 0x53, 0x0D, 0x82, 0x3F];
        let key = Hash::Sha1.derive(Purpose::Encryption, password, &salt, 1, 24);
        assert_eq!(
            *key,
            [
                0x8A, 0xAA, 0xE6, 0x29, 0x7B, 0x6C, 0xB0, 0x46, 0x42, 0xAB, 0x5B, 0x07, 0x78, 0x51, 0x28, 0x4E, 0xB7,
                0x12, 0x8F, 0x1A, 0x2A, 0x7F, 0xBC, 0xA3
            ]
        );
        let vector = Hash::Sha1.derive(Purpose::Vector, password, &salt, 1, 8);
        assert_eq!(*vector, [0x79, 0x99, 0x3D, 0xFE, 0x04, 0x8D, 0x3B, 0x76]);
    }

    #[test]
    fn every_hash_is_found_by_its_names() {
        for hash in Hash::ALL {
            assert_eq!(Hash::named(hash.oid()), Some(hash));
            assert_eq!(Hash::of_hmac(hash.hmac_oid()), Some(hash));
            assert_eq!(hash.hmac(b"", b"").len(), hash.length());
        }
    }
}
