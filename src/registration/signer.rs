//! The authority as a component asks it for a certificate: ours, by a proof of the secret, or a foreign EST server.

use std::time::Duration;

use rustls_pki_types::CertificateDer;

use super::enrol::RegisterError;
use super::est::{Applicant, Decision, Server};
use super::material::Material;
use super::prove::prove;
use super::site::Site;
use super::state::State;
use super::wire::{Outcome, Purpose};
use crate::secret::Secret;

/// Who signs.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Signer {
    /// One of ours, here or on another host.
    Ours,
    /// A foreign EST server.
    Est(Server),
}

/// What it answered.
pub(super) struct Answer {
    /// The state of the registration.
    pub status: State,
    /// The authority's number of the request, where it gives one.
    pub request_id: Option<String>,
    /// Why it was refused.
    pub reason: Option<String>,
    /// When it wants to be asked again, where it says so.
    pub retry_after: Option<Duration>,
    /// Every certificate that came, once it is signed.
    pub came: Vec<CertificateDer<'static>>,
    /// The CAs at one of which its chain must end.
    pub pinned: Vec<CertificateDer<'static>>,
}

impl Signer {
    /// Asks for a certificate over the key of a request (PKCS#10, DER): with the secret, or with the present certificate.
    pub(super) async fn ask(
        &self,
        site: &Site,
        secret: &Secret,
        present: Option<&Material>,
        request: &[u8],
    ) -> Result<Answer, RegisterError> {
        match self {
            Self::Ours => {
                let proved = prove(&site.peer(present), &site.identity, secret, Purpose::Enrol, Some(request)).await?;
                Ok(Answer::of_outcome(proved.outcome))
            }
            Self::Est(server) => {
                let issuers = server.ca_certificates().await?;
                let applicant = present.map_or(Applicant::Secret(&site.identity, secret), Applicant::Certificate);
                let decision = server.enrol(&applicant, request).await?;
                Ok(Answer::of_decision(decision, issuers, server.anchors.clone()))
            }
        }
    }

    /// Uses a certificate: shows it to the authority, which must believe it.
    pub(super) async fn show(&self, site: &Site, secret: &Secret, material: &Material) -> Result<(), RegisterError> {
        match self {
            Self::Ours => {
                prove(&site.peer(Some(material)), &site.identity, secret, Purpose::Prove, None).await?;
            }
            Self::Est(server) => server.believes(material).await?,
        }
        Ok(())
    }
}

impl Answer {
    fn of_outcome(outcome: Outcome) -> Self {
        let Outcome { status, certificate, request_id, ca, reason, .. } = outcome;
        let certificates = |all: Vec<super::wire::Bytes>| all.into_iter().map(|one| one.0.into()).collect();
        let came = certificates(certificate.into_iter().collect());
        Self { status, request_id, reason, retry_after: None, came, pinned: certificates(ca) }
    }

    fn of_decision(
        decision: Decision,
        issuers: Vec<CertificateDer<'static>>,
        pinned: Vec<CertificateDer<'static>>,
    ) -> Self {
        let nothing = Self {
            status: State::Registered,
            request_id: None,
            reason: None,
            retry_after: None,
            came: Vec::new(),
            pinned,
        };
        match decision {
            Decision::Issued(came) => Self { came: came.into_iter().chain(issuers).collect(), ..nothing },
            // EST does not tell which of the two steps it waits for.
            Decision::Pending(after) => Self { status: State::Submitted, retry_after: Some(after), ..nothing },
            Decision::Refused(reason) => Self { status: State::ValidationRefused, reason: Some(reason), ..nothing },
        }
    }
}
