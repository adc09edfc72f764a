//! What is known of one TLS connection: its channel binding, its client certificate, and the proof begun on it.

use std::net::SocketAddr;
use std::sync::{Mutex, PoisonError};

use rustls::{ProtocolVersion, ServerConnection};
use sha2::{Digest, Sha256};

use super::proof::Open;
use crate::passport::audit::Who;
use crate::passport::ca;
use crate::passport::limits::Source;
use crate::registration::wire::{EXPORTER_LABEL, EXPORTER_LENGTH};

/// One connection after its handshake.
pub struct Connection {
    peer: SocketAddr,
    exporter: Option<[u8; EXPORTER_LENGTH]>,
    client: Option<Client>,
    open: Mutex<Option<Open>>,
}

/// The client certificate, verified in the handshake.
struct Client {
    fingerprint: [u8; 32],
    serial: String,
}

impl Connection {
    /// Reads what matters off the finished handshake.
    pub fn new(peer: SocketAddr, session: &ServerConnection) -> Self {
        let client = session.peer_certificates().and_then(|chain| chain.first()).and_then(|leaf| {
            Some(Client { fingerprint: Sha256::digest(leaf).into(), serial: ca::serial_of(leaf).ok()? })
        });
        // Only TLS 1.3 binds the exporter to everything that was exchanged without further conditions (RFC 9266, 2).
        let exporter = (session.protocol_version() == Some(ProtocolVersion::TLSv1_3))
            .then(|| session.export_keying_material([0; EXPORTER_LENGTH], EXPORTER_LABEL, Some(b"")).ok())
            .flatten();
        Self { peer, exporter, client, open: Mutex::new(None) }
    }

    /// The channel binding `tls-exporter` (RFC 9266); none on TLS 1.2.
    pub fn exporter(&self) -> Option<&[u8; EXPORTER_LENGTH]> {
        self.exporter.as_ref()
    }

    /// The client certificate's serial.
    pub fn serial(&self) -> Option<&str> {
        self.client.as_ref().map(|client| client.serial.as_str())
    }

    /// Whose failures count together.
    pub(super) fn source(&self) -> Source {
        match &self.client {
            Some(client) => Source::Certificate(client.fingerprint),
            None => Source::address(self.peer.ip()),
        }
    }

    /// Who this is, in audit rows.
    pub(super) fn who(&self) -> Who {
        let name = self.serial().map_or_else(|| "client".to_owned(), |serial| format!("certificate {serial}"));
        Who::at(name, self.peer.ip())
    }

    /// Keeps the proof that was just begun; one begun before ends here, unfinished.
    pub(super) fn begin(&self, open: Option<Open>) {
        let before = std::mem::replace(&mut *self.open.lock().unwrap_or_else(PoisonError::into_inner), open);
        // Dropped outside of the lock: that writes an audit row.
        drop(before);
    }

    /// Takes the proof that this token names; it can be taken once.
    pub(super) fn take(&self, token: &str) -> Option<Open> {
        self.open.lock().unwrap_or_else(PoisonError::into_inner).take_if(|open| open.token == token)
    }
}
