//! The block ciphers, all in CBC mode with the padding of RFC 8018, 6.1.1.

use aes::{Aes128, Aes192, Aes256};
use cbc::cipher::block_padding::Pkcs7;
use cbc::cipher::{BlockCipherDecrypt, BlockModeDecrypt, BlockModeEncrypt, InnerIvInit, KeyInit};
use cbc::{Decryptor, Encryptor};
use des::{TdesEde2, TdesEde3};
use rc2::Rc2;
use zeroize::Zeroizing;

/// A cipher with its length of key.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Cipher {
    Aes128,
    Aes192,
    Aes256,
    TripleDes,
    TwoKeyTripleDes,
    Rc2WithBits(usize),
}

impl Cipher {
    /// The length of a key, in bytes.
    pub(super) fn key_length(self) -> usize {
        match self {
            Self::Aes128 | Self::TwoKeyTripleDes => 16,
            Self::Aes192 | Self::TripleDes => 24,
            Self::Aes256 => 32,
            Self::Rc2WithBits(bits) => bits / 8,
        }
    }

    /// The length of a vector, in bytes.
    pub(super) fn vector_length(self) -> usize {
        match self {
            Self::Aes128 | Self::Aes192 | Self::Aes256 => 16,
            Self::TripleDes | Self::TwoKeyTripleDes | Self::Rc2WithBits(_) => 8,
        }
    }

    /// What was hidden; `None` when key, vector or padding is wrong.
    pub(super) fn open(self, key: &[u8], vector: &[u8], hidden: &[u8]) -> Option<Zeroizing<Vec<u8>>> {
        match self {
            Self::Aes128 => open(Aes128::new_from_slice(key).ok()?, vector, hidden),
            Self::Aes192 => open(Aes192::new_from_slice(key).ok()?, vector, hidden),
            Self::Aes256 => open(Aes256::new_from_slice(key).ok()?, vector, hidden),
            Self::TripleDes => open(TdesEde3::new_from_slice(key).ok()?, vector, hidden),
            Self::TwoKeyTripleDes => open(TdesEde2::new_from_slice(key).ok()?, vector, hidden),
            Self::Rc2WithBits(bits) => open(Rc2::new_with_eff_key_len(key, bits), vector, hidden),
        }
    }
}

fn open<C: BlockCipherDecrypt>(cipher: C, vector: &[u8], hidden: &[u8]) -> Option<Zeroizing<Vec<u8>>> {
    let mode = Decryptor::inner_iv_slice_init(cipher, vector).ok()?;
    mode.decrypt_padded_vec::<Pkcs7>(hidden).ok().map(Zeroizing::new)
}

/// Hides a text under AES-256; `None` never, for a key and a vector of these lengths.
pub(super) fn hide(key: &[u8; 32], vector: &[u8; 16], text: &[u8]) -> Option<Vec<u8>> {
    let mode = Encryptor::inner_iv_slice_init(Aes256::new(key.into()), vector).ok()?;
    Some(mode.encrypt_padded_vec::<Pkcs7>(text))
}
