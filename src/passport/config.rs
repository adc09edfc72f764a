//! `conf/passport.toml`: where the authority listens and what it is called.

use std::io;
use std::net::IpAddr;

use serde::{Deserialize, Serialize};

use super::Home;
use crate::fs::PRIVATE_FILE;

/// The name of the first node, and of the only one on SQLite.
pub const FIRST_NODE: &str = "1";

/// The authority's own settings. What an administrator changes while it runs are properties, in the database.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Config {
    /// The name by which clients reach it; a name in its certificates.
    pub host: String,
    /// The address that both ports listen on.
    pub listen: IpAddr,
    /// Port for registration; asks for a client certificate.
    pub https_port: u16,
    /// Port for everything else; requires a client certificate.
    pub client_auth_port: u16,
    /// Domain of its users.
    pub domain: String,
    /// Which of the nodes that share a database this is.
    #[serde(default = "first")]
    pub node: String,
}

impl Config {
    /// Reads it from a home.
    pub fn read(home: &Home) -> io::Result<Self> {
        let path = home.config();
        let text = std::fs::read_to_string(&path).map_err(|error| named(&path, &error, error.kind()))?;
        toml::from_str(&text).map_err(|error| {
            let line = error.span().map_or(1, |span| text[..span.start].matches('\n').count() + 1);
            named(&path, &format_args!("line {line}: {}", error.message()), io::ErrorKind::InvalidData)
        })
    }

    /// Writes it into a home.
    pub(super) fn write(&self, home: &Home) -> io::Result<()> {
        crate::fs::create(&home.config(), self.text().as_bytes(), PRIVATE_FILE)
    }

    fn text(&self) -> String {
        let text = |value: &str| toml::Value::from(value).to_string();
        let node = if self.node == FIRST_NODE {
            String::new()
        } else {
            format!("# Which of the nodes that share the database this is.\nnode = {}\n", text(&self.node))
        };
        format!(
            "# Where this PassPort listens. Read at its start and at SIGHUP: a changed host or domain counts then, an address\n\
             # or port after a stop and a start.\n\
             # A changed host or port is part of every component's keystore name: those keystores then no longer fit.\n\
             \n\
             # The name by which clients reach it. It stands in the certificates of both ports.\n\
             host = {host}\n\
             # The address both ports listen on; \"0.0.0.0\" or \"::\" for all.\n\
             listen = {listen}\n\
             # HTTPS: registration and proofs. A client certificate is asked for, not required.\n\
             https_port = {https}\n\
             # HTTPS client authentication: a client certificate is required.\n\
             client_auth_port = {client}\n\
             # The domain of its users.\n\
             domain = {domain}\n\
             {node}",
            host = text(&self.host),
            listen = text(&self.listen.to_string()),
            https = self.https_port,
            client = self.client_auth_port,
            domain = text(&self.domain),
        )
    }
}

fn first() -> String {
    FIRST_NODE.to_owned()
}

fn named(path: &std::path::Path, error: &impl std::fmt::Display, kind: io::ErrorKind) -> io::Error {
    io::Error::new(kind, format!("{} cannot be read: {error}", path.display()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_written_reads_back_whatever_the_names_hold() {
        let dir = tempfile::tempdir().expect("a folder");
        std::fs::create_dir(dir.path().join("conf")).expect("made");
        let home = Home::new(dir.path());
        let config = Config {
            host: "a\"b\\c".into(),
            listen: "::1".parse().expect("an address"),
            https_port: 6453,
            client_auth_port: 6666,
            domain: "Synchrony".into(),
            node: "2".into(),
        };
        config.write(&home).expect("written");
        assert_eq!(Config::read(&home).expect("read"), config);
    }
}
