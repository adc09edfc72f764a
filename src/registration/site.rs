//! Where one component's registration stands on disk: the keystore and, while unfinished, the temporaries beside it.

use std::fs::File;
use std::io;
use std::net::IpAddr;
use std::path::{Path, PathBuf};
use std::time::Duration;

use rustls_pki_types::CertificateDer;
use serde::{Deserialize, Serialize};
use zeroize::Zeroizing;

use super::est::LATEST;
use super::material::{self, Material};
use super::prove::{Peer, ProofError, Proved, prove};
use super::state::State;
use super::wire::{Bytes, Identity, Purpose};
use crate::fs::PRIVATE_FILE;
use crate::keystore::{KeystoreError, Kind, file_name};
use crate::secret::Secret;

/// How the names of dated folders begin.
const BACKUP: &str = "backup-";

/// A component that registers: who it is, where its files are, which authority it asks.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Site {
    /// Folder of the keystore.
    pub conf: PathBuf,
    /// Repository name, part of the keystore's name.
    pub repository: String,
    /// The authority's host, part of the keystore's name.
    pub host: String,
    /// Where to connect to, if the host's name resolves nowhere.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub address: Option<IpAddr>,
    /// The authority's HTTPS port: requests and proofs.
    pub https_port: u16,
    /// The authority's port for everything after the registration, part of the keystore's name.
    pub client_auth_port: u16,
    /// The keystore's kind, which gives its name an extension.
    #[serde(default)]
    pub kind: Kind,
    /// Who the component is.
    pub identity: Identity,
}

/// What the temporary `.csrid` keeps of an unfinished registration.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Pending {
    /// The authority's number of the request, once it gave one.
    pub request_id: Option<String>,
    /// The request exactly as it was submitted: another one would be another registration.
    pub request: Bytes,
    /// The CA pinned from the authenticated answer.
    pub ca: Option<Bytes>,
    /// What the authority said last.
    pub status: State,
    /// Before when it does not want to be asked again, in seconds since 1970; only EST servers say so.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub ask_after: Option<i64>,
}

impl Site {
    /// Extension of a renewal's private key, while it is unfinished.
    pub(super) const NEXT_KEY: &str = "next.key";
    /// Extension of a renewal's request, while it is unfinished.
    pub(super) const NEXT_REQUEST: &str = "next.csrid";
    /// Extension of the file that names the folder of the keystore before the last renewal.
    const OLD: &str = "old";

    /// The keystore's file.
    pub fn keystore(&self) -> PathBuf {
        self.conf.join(file_name(&self.repository, &self.host, self.client_auth_port, self.kind))
    }

    /// The file with the keystore's password.
    pub fn password_file(&self) -> PathBuf {
        self.beside("pass")
    }

    /// The file whose lock is held by whoever works on the keystore.
    pub fn lock_file(&self) -> PathBuf {
        self.beside("lock")
    }

    /// The temporaries: request id, private key, public key, and the bare name that the older manual lists.
    pub fn temporaries(&self) -> [PathBuf; 4] {
        [self.beside("csrid"), self.beside("key"), self.beside("pub"), self.keystore().with_extension("")]
    }

    /// Every file that a registration or a renewal can leave, the lock apart.
    pub fn files(&self) -> Vec<PathBuf> {
        let mut files = vec![self.keystore(), self.password_file()];
        files.extend(self.temporaries());
        files.extend([Self::NEXT_KEY, Self::NEXT_REQUEST, Self::OLD].map(|extension| self.beside(extension)));
        files
    }

    /// `<keystore>.<extension>`.
    pub(super) fn beside(&self, extension: &str) -> PathBuf {
        let mut name = self.keystore().into_os_string();
        name.push(".");
        name.push(extension);
        name.into()
    }

    /// Key and chain of the keystore; `None` when there is no keystore.
    pub fn material(&self) -> Result<Option<Material>, KeystoreError> {
        material::read(&self.keystore())
    }

    /// The unfinished registration, if its temporary can be read.
    pub fn pending(&self) -> Option<Pending> {
        serde_json::from_slice(&std::fs::read(self.beside("csrid")).ok()?).ok()
    }

    /// The state as the files tell it: only `.jks` is registered, any temporary is pending or interrupted.
    pub fn state(&self) -> State {
        if self.temporaries().iter().any(|path| path.exists()) {
            self.pending().map_or(State::Submitted, |pending| pending.status)
        } else if self.keystore().exists() {
            State::Registered
        } else {
            State::New
        }
    }

    /// Proves the secret, showing the keystore's certificate and insisting on its CA when there is one.
    pub async fn prove(&self, secret: &Secret, purpose: Purpose) -> Result<Proved, ProofError> {
        let material = self.material().ok().flatten();
        prove(&self.peer(material.as_ref()), &self.identity, secret, purpose, None).await
    }

    /// The same without showing a certificate, and to whichever authority accepts the secret.
    pub async fn prove_anew(&self, secret: &Secret, purpose: Purpose) -> Result<Proved, ProofError> {
        let peer = Peer { ca: None, ..self.peer(None) };
        prove(&peer, &self.identity, secret, purpose, None).await
    }

    /// The authority as this component knows it.
    pub fn peer<'a>(&'a self, material: Option<&'a Material>) -> Peer<'a> {
        let pinned = material.map(|material| material.ca().clone()).or_else(|| {
            let ca = self.pending()?.ca?;
            Some(CertificateDer::from(ca.0))
        });
        // An expired certificate would end the handshake; without one the secret still proves.
        let material = material.filter(|material| material.valid_now());
        Peer { host: &self.host, address: self.address, port: self.https_port, ca: pinned, material }
    }

    /// Waits for the lock that whoever works on this keystore holds.
    pub(super) fn lock(&self) -> io::Result<File> {
        crate::fs::lock::wait(&self.lock_file())
    }

    /// Removes keystore, password and temporaries, also a renewal's; the private keys are overwritten before.
    pub fn remove_files(&self) -> io::Result<()> {
        self.remove_temporaries()?;
        crate::fs::shred(&self.beside(Self::NEXT_KEY))?;
        crate::fs::remove_file(&self.beside(Self::NEXT_REQUEST))?;
        if let Some(folder) = self.old() {
            self.give_up_old(&folder)?;
        }
        crate::fs::remove_file(&self.keystore())?;
        crate::fs::shred(&self.password_file())
    }

    /// Removes the temporaries; the private key is overwritten before.
    pub(super) fn remove_temporaries(&self) -> io::Result<()> {
        crate::fs::shred(&self.beside("key"))?;
        self.temporaries().iter().try_for_each(|path| crate::fs::remove_file(path))
    }

    /// Moves everything into a dated folder beside it, so that the next registration starts anew. Returns the folder,
    /// or `None` when there was nothing to move.
    pub fn set_aside(&self) -> io::Result<Option<PathBuf>> {
        let _lock = self.lock()?;
        self.set_aside_locked()
    }

    /// Copies keystore and password into a dated folder, which stays until the renewed keystore was used.
    pub(super) fn keep_old(&self) -> io::Result<PathBuf> {
        let folder = self.old().unwrap_or_else(|| self.dated_folder());
        let name = folder.file_name().unwrap_or_default().as_encoded_bytes();
        // Named first, so that no copy of a key is ever left that nobody knows of.
        crate::fs::replace(&self.beside(Self::OLD), name, PRIVATE_FILE)?;
        crate::fs::create_folders(&folder)?;
        for path in [self.password_file(), self.keystore()] {
            let content = Zeroizing::new(std::fs::read(&path)?);
            crate::fs::replace(&folder.join(path.file_name().unwrap_or_default()), &content, PRIVATE_FILE)?;
        }
        Ok(folder)
    }

    /// The folder of the keystore before the last renewal, while it is kept.
    pub fn old(&self) -> Option<PathBuf> {
        let name = std::fs::read_to_string(self.beside(Self::OLD)).ok()?;
        // A name, never a way out of the folder.
        (name.starts_with(BACKUP) && !name.contains('/')).then(|| self.conf.join(name))
    }

    /// Removes the keystore before the last renewal, its password overwritten before.
    pub(super) fn give_up_old(&self, folder: &Path) -> io::Result<()> {
        if folder.is_dir() {
            for path in [self.keystore(), self.password_file()] {
                crate::fs::shred(&folder.join(path.file_name().unwrap_or_default()))?;
            }
            match crate::fs::remove_empty_folder(folder) {
                // Another component's is kept in it too.
                Err(error) if error.kind() == io::ErrorKind::DirectoryNotEmpty => {}
                removed => removed?,
            }
        }
        crate::fs::remove_file(&self.beside(Self::OLD))
    }

    fn dated_folder(&self) -> PathBuf {
        self.conf.join(format!("{BACKUP}{}", jiff::Zoned::now().strftime("%Y%m%d-%H%M%S")))
    }

    /// As [`Site::set_aside`], for whoever holds the lock.
    pub(super) fn set_aside_locked(&self) -> io::Result<Option<PathBuf>> {
        let present: Vec<PathBuf> = self.files().into_iter().filter(|path| path.exists()).collect();
        if present.is_empty() {
            return Ok(None);
        }
        let folder = self.dated_folder();
        crate::fs::create_folders(&folder)?;
        for path in present {
            move_into(&path, &folder)?;
        }
        Ok(Some(folder))
    }
}

fn move_into(path: &Path, folder: &Path) -> io::Result<()> {
    match path.file_name() {
        Some(name) => crate::fs::rename(path, &folder.join(name)),
        None => Ok(()),
    }
}

impl Pending {
    /// For how long the authority does not want to be asked. A time further off than any that is believed was kept by
    /// a clock that has been set since.
    pub fn wait_left(&self) -> Option<Duration> {
        let left = self.ask_after?.checked_sub(jiff::Timestamp::now().as_second())?;
        u64::try_from(left).ok().map(Duration::from_secs).filter(|left| !left.is_zero() && *left <= LATEST)
    }

    /// As the temporary holds it.
    pub(super) fn to_json(&self) -> serde_json::Result<Vec<u8>> {
        serde_json::to_vec_pretty(self)
    }
}
