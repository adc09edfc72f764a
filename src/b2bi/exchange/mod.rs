//! The way of a document from the trading engine to the integration engine: mutual TLS 1.3 on the loopback address,
//! both sides with the certificates of their registration.
//!
//! A message is its length (four bytes, the highest first) and its bytes. The client sends an offer as JSON and
//! then the document; the server answers with an [`Answer`] as JSON. Documents follow each other on one connection.

mod client;
mod frame;
mod server;

use std::time::Duration;

use serde::{Deserialize, Serialize};

pub use client::Client;
pub use server::Server;

/// The protocol's name in the handshake.
const ALPN: &[u8] = b"countersign-documents/1";
/// How long a handshake may take, and the silence between two parts of a message.
const PATIENCE: Duration = Duration::from_secs(10);
/// How long an answer may take: the longest time that a map may have, and then some for disk and database.
const ANSWER: Duration = Duration::from_secs(90);
/// The longest JSON message, in bytes.
const MAX_MESSAGE: usize = 16 * 1024;

/// What the client announces.
#[derive(Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Offer {
    name: String,
    length: u64,
    sha256: String,
}

/// What became of a document.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "result", rename_all = "lowercase")]
pub enum Answer {
    /// Its result stands in the outbox.
    Accepted {
        /// The map that turned it.
        map: String,
        /// The map's version.
        version: i64,
        /// Whether it was delivered before; then nothing was written now.
        again: bool,
    },
    /// It is at fault, and will not be taken later either.
    Rejected {
        /// Why, in one line.
        reason: String,
    },
    /// The integration engine cannot take it now.
    Later {
        /// Why, in one line.
        reason: String,
    },
}
