//! HMAC-SHA-256 (RFC 2104), under which bytes are compared that nobody may see.

use hmac::{Hmac, KeyInit};
use sha2::Sha256;

/// A computation under a key of any length.
pub fn keyed(key: &[u8]) -> Hmac<Sha256> {
    let Ok(mac) = Hmac::<Sha256>::new_from_slice(key) else { unreachable!("HMAC takes keys of every length") };
    mac
}
