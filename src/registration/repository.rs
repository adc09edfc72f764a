//! `repositories.toml`: how a gateway reaches its authorities, one table a repository.

use std::collections::BTreeMap;
use std::io;
use std::net::IpAddr;
use std::path::{Path, PathBuf};

use serde::de::IgnoredAny;
use serde::{Deserialize, Serialize};
use thiserror::Error;
use toml_edit::{DocumentMut, Item, value};
use zeroize::Zeroizing;

use super::connection::Connection;
use super::site::Site;
use super::wire::Identity;
use crate::keystore::{Kind, file_name};

/// Version of the file's format.
pub const FORMAT: u32 = 1;
const HEADING: &str = "\
# API Gateway's repositories: where it asks who a user is. What one does not say is as in [authority]. Each registers by
# itself, with its secret; `countersign gateway add` adds another one.
";
/// A CSD's file name, where none is given.
pub const CSD: &str = "csd.xml";

/// The whole file but for the secrets.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Repositories {
    /// Version of the format; 1.
    pub format: u32,
    /// What holds for a repository that does not say otherwise.
    pub authority: Connection,
    /// The repositories by their names.
    #[serde(default)]
    pub repositories: BTreeMap<String, Repository>,
}

/// A gateway's link to an authority.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Repository {
    /// The authority's host as the keystore's name has it, which may be an alias.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub host: Option<String>,
    /// Where to connect to, if the host's name resolves nowhere.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub address: Option<IpAddr>,
    /// Port of requests and proofs.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub https_port: Option<u16>,
    /// Port of everything after the registration.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub client_auth_port: Option<u16>,
    /// Domain of the users.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub domain: Option<String>,
    /// The CSD's file, beside this one.
    #[serde(default = "csd", skip_serializing_if = "is_csd")]
    pub csd: String,
    /// A certificate that the HTTPS port must show, or be signed by; PEM or DER. A relative path counts from this file.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub certificate: Option<PathBuf>,
    /// The same for the port for client authentication, where it differs.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub client_auth_certificate: Option<PathBuf>,
    /// The kind of its keystore.
    #[serde(default, skip_serializing_if = "is_default")]
    pub keystore: Kind,
    /// Whether its authority is another one than the estate's, which leaves its secret alone.
    #[serde(default, skip_serializing_if = "is_default")]
    pub elsewhere: bool,
    /// The secret stands here, and is read only where it is needed.
    #[serde(default, skip_serializing)]
    pub(crate) secret: Ignored,
}

/// A value that is not kept.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(crate) struct Ignored;

impl<'de> Deserialize<'de> for Ignored {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        IgnoredAny::deserialize(deserializer).map(|_| Self)
    }
}

/// Why the file cannot be used. The text never shows a line of it.
#[derive(Debug, Error)]
pub enum RepositoriesError {
    /// It cannot be read.
    #[error("{0} cannot be read: {1}")]
    File(String, #[source] io::Error),
    /// It is not what it must be.
    #[error("{0}:{1}: {2}")]
    Wrong(String, usize, String),
}

impl Repositories {
    /// Reads the file; `None` when there is none.
    pub fn read(path: &Path) -> Result<Option<Self>, RepositoriesError> {
        match std::fs::read_to_string(path).map(Zeroizing::new) {
            Ok(text) => {
                let wrong = |(line, why)| RepositoriesError::Wrong(path.display().to_string(), line, why);
                Self::parse(&text).map(Some).map_err(wrong)
            }
            Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
            Err(error) => Err(RepositoriesError::File(path.display().to_string(), error)),
        }
    }

    /// As the file holds it, with empty secrets.
    pub fn to_toml(&self) -> String {
        let body = toml::to_string(self).unwrap_or_default();
        let mut document: DocumentMut = body.parse().unwrap_or_default();
        if let Some(repositories) = document.get_mut("repositories").and_then(Item::as_table_mut) {
            for (_, repository) in repositories.iter_mut() {
                repository["secret"] = value("");
            }
        }
        format!("{HEADING}{document}")
    }

    /// Reads the file's text. The error is a line's number and what is wrong there.
    pub fn parse(text: &str) -> Result<Self, (usize, String)> {
        let read: Self = toml::from_str(text).map_err(|error| {
            let line = error.span().map_or(1, |span| 1 + text[..span.start].matches('\n').count());
            // Any other message may show a value, which may be the secret.
            let is_a_name = error.message().starts_with("unknown field");
            let why = if is_a_name { error.message() } else { "is not as a repository is described" };
            (line, why.to_owned())
        })?;
        if read.format != FORMAT {
            return Err((1, format!("has format {}: this version of countersign knows format {FORMAT}", read.format)));
        }
        if let Some((name, _)) = read.repositories.iter().find(|(_, one)| !is_file_name(&one.csd)) {
            return Err((1, format!("csd of {name:?} must be a file's name without a folder")));
        }
        match read.with_one_keystore() {
            Some((one, other)) => {
                Err((1, format!("{one:?} and {other:?} would have one keystore: rename one of them")))
            }
            None => Ok(read),
        }
    }

    /// The file name of a repository's keystore.
    pub fn keystore(&self, name: &str, repository: &Repository) -> String {
        let Connection { host, client_auth_port, .. } = repository.connection(&self.authority);
        file_name(name, &host, client_auth_port, repository.keystore)
    }

    /// Two repositories whose names, hosts and ports come to the same file name.
    fn with_one_keystore(&self) -> Option<(&str, &str)> {
        let mut seen = BTreeMap::new();
        self.repositories.iter().find_map(|(name, repository)| {
            seen.insert(self.keystore(name, repository), name).map(|other| (other.as_str(), name.as_str()))
        })
    }
}

/// The key under which a repository's secret stands in the file, as a path of `forms`.
pub fn secret_key(name: &str) -> String {
    format!("repositories/{}/secret", name.replace('~', "~0").replace('/', "~1"))
}

impl Repository {
    /// Where its authority is; what it does not say itself comes `from` here.
    pub fn connection(&self, from: &Connection) -> Connection {
        Connection {
            host: self.host.clone().unwrap_or_else(|| from.host.clone()),
            https_port: self.https_port.unwrap_or(from.https_port),
            client_auth_port: self.client_auth_port.unwrap_or(from.client_auth_port),
            domain: self.domain.clone().unwrap_or_else(|| from.domain.clone()),
        }
    }

    /// Where its registration stands: its files are in `conf`.
    pub fn site(&self, name: &str, conf: PathBuf, from: &Connection, identity: Identity) -> Site {
        let Connection { host, https_port, client_auth_port, .. } = self.connection(from);
        Site {
            conf,
            repository: name.to_owned(),
            host,
            address: self.address,
            https_port,
            client_auth_port,
            kind: self.keystore,
            identity,
        }
    }
}

fn csd() -> String {
    CSD.to_owned()
}

fn is_csd(name: &str) -> bool {
    name == CSD
}

fn is_default<T: Default + PartialEq>(value: &T) -> bool {
    *value == T::default()
}

fn is_file_name(name: &str) -> bool {
    !name.is_empty() && name != "." && name != ".." && !name.contains(['/', '\0'])
}

#[cfg(test)]
mod tests {
    use super::*;

    const TEXT: &str = "format = 1\n[authority]\nhost = \"localhost\"\nhttps_port = 6453\nclient_auth_port = 6666\n\
                        domain = \"Synchrony\"\n[repositories.\"PassPort - local\"]\nhost = \"passport-host\"\n\
                        address = \"127.0.0.1\"\nsecret = \"not for anybody's eyes\"\n[repositories.second]\nsecret = \"\"\n\
                        keystore = \"pkcs12\"\n";

    #[test]
    fn what_a_repository_does_not_say_comes_from_the_authority() {
        let read = Repositories::parse(TEXT).expect("read");
        let identity = Identity { name: "a".into(), version: "1".into(), group: "g".into(), instance: "i".into() };
        let site = |name: &str| read.repositories[name].site(name, "/conf".into(), &read.authority, identity.clone());
        let first = site("PassPort - local");
        assert_eq!(first.keystore(), Path::new("/conf/keystore_PassPort___local_passport_host_6666.jks"));
        assert_eq!(first.address, Some(IpAddr::from([127, 0, 0, 1])));
        assert_eq!(site("second").keystore(), Path::new("/conf/keystore_second_localhost_6666.p12"));
    }

    #[test]
    fn a_mistake_is_named_by_its_line_and_never_shown() {
        for wrong in
            ["secret = \"not for anybody's eyes\"\nport = 1", "secret = not for anybody's eyes", "csd = \"../x\""]
        {
            let (line, why) = Repositories::parse(&TEXT.replace("secret = \"\"", wrong)).expect_err("wrong");
            assert!((1..=14).contains(&line) && !why.contains("eyes"), "{line}: {why}");
        }
        assert!(
            Repositories::parse(&TEXT.replace("format = 1", "format = 2")).expect_err("unknown").1.contains("format 2")
        );
    }
}
