//! Registering anew: what there was goes into a dated folder, and the authority is told to believe it no more.

use std::path::PathBuf;

use rustls_pki_types::CertificateDer;
use x509_parser::prelude::{FromDer, X509Certificate};

use super::access::Access;
use super::failure::Failure;
use crate::registration::material::Material;
use crate::registration::prove::{Peer, ProofError, give_up};
use crate::registration::signer::Signer;
use crate::registration::site::Pending;
use crate::registration::wire::{Bytes, GivesUp, request_hash};
use crate::secret::Secret;

const CLASS: &str = "Registration";

/// What a component had before it registers anew.
pub struct Former {
    material: Option<Material>,
    pending: Option<Pending>,
}

/// What became of a registration that began anew.
pub struct Anew {
    /// Where the earlier files are.
    pub folder: Option<PathBuf>,
    /// What the authority gave up, one line for people each.
    pub given_up: Vec<String>,
    /// How the new registration ended.
    pub ended: Result<Material, Failure>,
}

impl Former {
    /// Whether there is anything that the authority could believe.
    fn is_nothing(&self) -> bool {
        self.material.is_none() && self.pending.is_none()
    }
}

impl Access {
    /// What there is now.
    pub fn former(&self) -> Former {
        Former { material: self.site.material().ok().flatten(), pending: self.site.pending() }
    }

    /// Sets the registration's files aside and registers anew. The earlier certificate and request are given up once the
    /// authority has taken the new request in.
    pub async fn register_anew(&self, secret: &Secret) -> Result<Anew, Failure> {
        let former = self.former();
        let folder = self.set_aside()?;
        let ended = self.register(secret, true).await;
        let given_up = match &ended {
            Ok(_) | Err(Failure::Pending(_)) => self.give_up(&former, secret).await,
            Err(_) => Vec::new(),
        };
        Ok(Anew { folder, given_up, ended })
    }

    /// Moves the registration's files into a dated folder beside them; tells which, if there were any.
    pub fn set_aside(&self) -> Result<Option<PathBuf>, Failure> {
        let conf = self.shown(&self.site.conf);
        let folder = self.site.set_aside();
        let folder =
            folder.map_err(|error| Failure::Failed(format!("the files in {conf} cannot be moved: {error}")))?;
        if let Some(folder) = &folder {
            self.log.notice(CLASS, &format!("the earlier registration was set aside in {}", self.shown(folder)));
        }
        Ok(folder)
    }

    /// Has the authority revoke what a component had, and drop its request; tells what that came to. What cannot be given
    /// up is a warning: somebody has to look there.
    pub async fn give_up(&self, former: &Former, secret: &Secret) -> Vec<String> {
        if former.is_nothing() {
            return Vec::new();
        }
        if self.signer != Signer::Ours {
            self.log.warn(CLASS, &format!("{} cannot be told to revoke the earlier certificate", self.signs()));
            return Vec::new();
        }
        let lines = match self.given_up(former, secret).await {
            Ok(lines) => lines,
            Err(error) => {
                let serial = former.material.as_ref().map(|material| serial(material.leaf()));
                let what = serial.flatten().map_or_else(String::new, |serial| format!(" (serial {serial})"));
                let text = "revoke it there if it is still believed";
                self.log.warn(CLASS, &format!("the earlier certificate{what} was not given up: {error}; {text}"));
                return Vec::new();
            }
        };
        let lines: Vec<String> = lines.into_iter().map(|line| format!("{}: {line}", self.signs())).collect();
        for line in &lines {
            self.log.notice(CLASS, line);
        }
        lines
    }

    async fn given_up(&self, former: &Former, secret: &Secret) -> Result<Vec<String>, ProofError> {
        let shown = former.material.as_ref().filter(|material| material.valid_now());
        let pinned =
            former.pending.as_ref().and_then(|pending| pending.ca.clone()).map(|ca| CertificateDer::from(ca.0));
        let peer = Peer {
            ca: shown.map(|material| material.ca().clone()).or(pinned),
            material: shown,
            ..self.site.peer(None)
        };
        let hash = former.pending.as_ref().map(|pending| Bytes(request_hash(Some(&pending.request.0)).to_vec()));
        give_up(&peer, &self.site.identity, secret, GivesUp { certificate: shown.is_some(), request_hash: hash }).await
    }
}

fn serial(certificate: &CertificateDer<'_>) -> Option<String> {
    X509Certificate::from_der(certificate).ok().map(|(_, read)| read.raw_serial_as_string().replace(':', ""))
}
