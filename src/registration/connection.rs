//! Where an authority is.

use serde::{Deserialize, Serialize};

/// Host, ports and domain of an authority.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Connection {
    /// Host name or address.
    pub host: String,
    /// Port of requests and proofs.
    pub https_port: u16,
    /// Port of everything after the registration.
    pub client_auth_port: u16,
    /// Domain, such as `Synchrony`.
    pub domain: String,
}
