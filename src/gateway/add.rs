//! A repository more.

use std::io;
use std::path::PathBuf;

use zeroize::Zeroizing;

use super::home::Home;
use super::links::identity;
use super::{Failure, Log};
use crate::daemon::access::Kept;
use crate::forms::Format;
use crate::fs::{PRIVATE_FILE, replace};
use crate::registration::connection::Connection;
use crate::registration::prove::ProofError;
use crate::registration::repository::{Repositories, Repository, secret_key};
use crate::registration::repository_edit::{empty, with};
use crate::registration::site::Site;
use crate::registration::wire::{Identity, Purpose};
use crate::registration::{csd, expected};
use crate::secret::Secret;

/// The longest name of a repository, in bytes: its keystore's name must fit into a folder.
const LONGEST_NAME: usize = 100;

/// What is to be added.
pub struct Addition {
    /// The repository's name.
    pub name: String,
    /// What is set of it.
    pub repository: Repository,
    /// A CSD to deploy.
    pub csd: Option<PathBuf>,
    /// The estate's authority, for a file that does not exist yet.
    pub authority: Option<Connection>,
}

/// The same, once nothing speaks against it.
pub struct Checked {
    name: String,
    repository: Repository,
    csd: Option<String>,
    text: Zeroizing<String>,
    site: Site,
}

impl Addition {
    /// Checks everything that can be checked without asking anybody.
    pub fn checked(self, home: &Home) -> Result<Checked, Failure> {
        let Self { name, mut repository, csd, authority } = self;
        if name.is_empty() || name.len() > LONGEST_NAME || name.chars().any(char::is_control) {
            let text = format!("a repository's name must be 1 to {LONGEST_NAME} bytes without control characters");
            return Err(Failure::Refused(text));
        }
        let path = home.repositories();
        let text = match std::fs::read_to_string(&path).map(Zeroizing::new) {
            Ok(text) => text,
            Err(error) if error.kind() == io::ErrorKind::NotFound => {
                let first = first(&mut repository, authority);
                Zeroizing::new(empty(&first))
            }
            Err(error) => return Err(Failure::CannotTell(format!("{} cannot be read: {error}", path.display()))),
        };
        for file in [&repository.certificate, &repository.client_auth_certificate].into_iter().flatten() {
            expected::read(file).map_err(|why| Failure::Refused(format!("{} {why}", file.display())))?;
        }
        let (csd, identity) = deployed(home, &repository, csd)?;
        // With any secret, so that what is wrong with the rest is known before one is asked for.
        let with_it = with(&text, &name, &repository, &Secret::new("-".to_owned()))
            .and_then(|text| Repositories::parse(&text).map_err(|(line, why)| format!("line {line}: {why}")))
            .map_err(|why| Failure::Refused(format!("{}: {why}", home.shown(&path))))?;
        let site = repository.site(&name, home.conf(), &with_it.authority, identity);
        Ok(Checked { name, repository, csd, text, site })
    }
}

impl Checked {
    /// The first of these secrets, and of those of the gateway's own repositories, that the authority accepts.
    pub async fn accepted(&self, home: &Home, others: Vec<Secret>) -> Result<Secret, Failure> {
        let mut places = own(home);
        places.extend(others);
        let mut distinct: Vec<Secret> = Vec::new();
        for secret in places {
            if !secret.is_empty() && !distinct.iter().any(|other| other.same_as(&secret)) {
                distinct.push(secret);
            }
        }
        for secret in distinct {
            match self.site.prove(&secret, Purpose::Check).await {
                Ok(_) => return Ok(secret),
                Err(ProofError::NotAccepted) => {}
                Err(error @ (ProofError::Unreachable(..) | ProofError::Unavailable(_))) => {
                    return Err(Failure::CannotTell(format!("no place's secret can be proved now: {error}")));
                }
                Err(error) => return Err(Failure::Refused(format!("no place's secret can be proved: {error}"))),
            }
        }
        let at = format!("{}:{}", self.site.host, self.site.https_port);
        let text = format!("no place here holds a secret that {at} accepts: give a source with --secret-from");
        Err(Failure::Refused(text))
    }

    /// Deploys the CSD and writes the repository with its secret; returns its keystore's file name.
    pub fn add(self, home: &Home, secret: &Secret) -> Result<String, Failure> {
        let path = home.repositories();
        let shown = home.shown(&path);
        let text = with(&self.text, &self.name, &self.repository, secret)
            .map_err(|why| Failure::Refused(format!("{shown} {why}")))?;
        let unwritten = |what: &str, error: io::Error| Failure::Failed(format!("{what} cannot be written: {error}"));
        if let Some(csd) = self.csd {
            let file = home.conf().join(&self.repository.csd);
            replace(&file, csd.as_bytes(), 0o644).map_err(|error| unwritten(&home.shown(&file), error))?;
        }
        replace(&path, text.as_bytes(), PRIVATE_FILE).map_err(|error| unwritten(&shown, error))?;
        let keystore = self.site.keystore();
        let keystore = keystore.file_name().unwrap_or_default().to_string_lossy().into_owned();
        let host = &self.site.host;
        let log = Log::new(home.log(), false).about(&self.name);
        log.info("Repositories", &format!("added, for {host}; its keystore will be {keystore}"));
        Ok(keystore)
    }
}

/// What is the authority's own of the first repository, when nobody else says: what it was given.
fn first(repository: &mut Repository, authority: Option<Connection>) -> Connection {
    authority.unwrap_or_else(|| Connection {
        host: repository.host.take().unwrap_or_else(|| "localhost".to_owned()),
        https_port: repository.https_port.take().unwrap_or(6453),
        client_auth_port: repository.client_auth_port.take().unwrap_or(6666),
        domain: repository.domain.take().unwrap_or_else(|| "Synchrony".to_owned()),
    })
}

/// The text of a CSD that is to be deployed, and whom the one that counts describes.
fn deployed(
    home: &Home,
    repository: &Repository,
    given: Option<PathBuf>,
) -> Result<(Option<String>, Identity), Failure> {
    let Some(file) = given else { return Ok((None, identity(home, &repository.csd)?)) };
    let shown = file.display();
    let text = std::fs::read_to_string(&file)
        .map_err(|error| Failure::Refused(format!("the CSD {shown} cannot be read: {error}")))?;
    let read = csd::read(&text).map_err(|error| Failure::Refused(format!("{shown}: {error}")))?;
    let there = home.conf().join(&repository.csd);
    let other = std::fs::read_to_string(&there).is_ok_and(|present| present != text);
    if other {
        let text = format!("{} is another CSD: give the new one another file name", home.shown(&there));
        return Err(Failure::Refused(text));
    }
    Ok((Some(text), read.identity))
}

/// The secrets of the gateway's repositories.
fn own(home: &Home) -> Vec<Secret> {
    let Ok(Some(read)) = Repositories::read(&home.repositories()) else { return Vec::new() };
    let kept = |name: &String| Kept { file: home.repositories(), format: Format::Toml, key: secret_key(name) };
    read.repositories.keys().filter_map(|name| kept(name).read().ok().flatten()).collect()
}
