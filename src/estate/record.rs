//! `estate.toml`: what is installed here. No secret in it.

use std::io;
use std::path::Path;

use serde::{Deserialize, Serialize};

use crate::registration::connection::Connection;

/// Name of the file below the estate.
pub const FILE: &str = "estate.toml";
/// Name of the recorded answers below the estate.
pub const ANSWERS: &str = "answers.toml";

/// What one authority and its products make up here.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Estate {
    /// Version of this file's format; 1.
    pub format: u32,
    /// Component ids, in the order in which they start.
    pub components: Vec<String>,
    /// The authority.
    pub authority: Authority,
}

/// Where the authority is.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Authority {
    /// `embedded`, `passport` or `est`.
    pub kind: String,
    /// Host name or address.
    pub host: String,
    /// HTTPS port.
    pub https_port: u16,
    /// HTTPS port with client certificates.
    pub client_auth_port: u16,
    /// Domain of its users.
    pub domain: String,
}

impl Authority {
    /// Whether it is an authority of ours, here or on another host: only such a one takes proofs.
    pub fn takes_proofs(&self) -> bool {
        self.kind == "embedded"
    }

    /// Whether it is a foreign EST server: it cannot be asked whether it accepts a secret, but by enrolling.
    pub fn is_est(&self) -> bool {
        self.kind == "est"
    }
}

impl From<&Authority> for Connection {
    fn from(authority: &Authority) -> Self {
        Self {
            host: authority.host.clone(),
            https_port: authority.https_port,
            client_auth_port: authority.client_auth_port,
            domain: authority.domain.clone(),
        }
    }
}

impl Estate {
    /// Reads the estate in this folder; `None` when there is none.
    pub fn read(folder: &Path) -> io::Result<Option<Self>> {
        let text = match std::fs::read_to_string(folder.join(FILE)) {
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(None),
            other => other?,
        };
        // The parser's own message would show the line; there is no secret here, but one rule for all files is simpler.
        let estate: Self = toml::from_str(&text)
            .map_err(|_| io::Error::other(format!("{} cannot be understood", folder.join(FILE).display())))?;
        if estate.format == 1 {
            Ok(Some(estate))
        } else {
            Err(io::Error::other(format!(
                "{} has format {}: this version of countersign knows format 1",
                folder.join(FILE).display(),
                estate.format
            )))
        }
    }

    /// As the file holds it.
    pub fn to_toml(&self) -> String {
        let body = toml::to_string(self).unwrap_or_default();
        format!("# What countersign installed here. Written by it; there is no secret in it.\n{body}")
    }

    /// Whether a component is installed.
    pub fn has(&self, component: &str) -> bool {
        self.components.iter().any(|id| id == component)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_written_is_read_back() {
        let dir = tempfile::tempdir().expect("a folder");
        let estate = Estate {
            format: 1,
            components: vec!["passport".into(), "integrator".into()],
            authority: Authority {
                kind: "embedded".into(),
                host: "localhost".into(),
                https_port: 6453,
                client_auth_port: 6666,
                domain: "Synchrony".into(),
            },
        };
        assert_eq!(Estate::read(dir.path()).expect("looked"), None);
        std::fs::write(dir.path().join(FILE), estate.to_toml()).expect("written");
        assert_eq!(Estate::read(dir.path()).expect("read"), Some(estate));
    }
}
