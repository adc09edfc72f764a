//! Every decision is an audit row: who, from where, component, secret id, request hash, serial, result, reason.
//!
//! The rows of a node are a chain: each carries a hash over the one before, so none can be changed, removed or moved
//! without all later ones. The end of the chain is signed with the CA's key at every commit.

mod chain;
mod entry;
mod head;
mod list;
mod row;
mod seal;
mod tail;
mod verify;

pub use self::entry::{Entry, Who};
pub use self::head::{End, Head, export, heads, import};
pub use self::list::{after, lines, since};
pub use self::row::Row;
pub use self::seal::Seal;
pub use self::tail::{Mark, Tail};
pub use self::verify::{Finding, Report, verify};
use crate::registration::wire::Identity;

/// A component as one word for rows and lines.
pub fn name(identity: &Identity) -> String {
    identity.parts().map(|(_, value)| value.replace(char::is_control, "?")).join("/")
}

/// Bytes in hexadecimal.
pub fn hex(bytes: &[u8]) -> String {
    bytes.iter().fold(String::with_capacity(bytes.len() * 2), |mut text, byte| {
        text.push(char::from_digit(u32::from(byte >> 4), 16).unwrap_or('?'));
        text.push(char::from_digit(u32::from(byte & 15), 16).unwrap_or('?'));
        text
    })
}

/// What [`hex`] wrote.
pub fn unhex(text: &str) -> Option<Vec<u8>> {
    let pair = |at| text.get(at..at + 2).and_then(|pair| u8::from_str_radix(pair, 16).ok());
    (0..text.len()).step_by(2).map(pair).collect()
}
