//! The way from a component to its authority, step by step: the first that does not hold is told, and nothing behind it.

use std::path::Path;

use rustls_pki_types::CertificateDer;

use super::answer::Answer;
use super::client_auth;
use super::clock;
use super::codes::Code;
use super::finding::{Finding, Verdict};
use super::keystore::Keystore;
use super::look::{Manner, Miss, Port};
use super::subject::Subject;
use crate::registration::expected;
use crate::registration::prove::{Peer, ProofError, Proved, prove};
use crate::registration::state::State;
use crate::registration::tls::Trust;
use crate::registration::wire::Purpose;
use crate::secret::Secret;

/// What a component brings on its way.
pub struct Traveller<'a> {
    /// Which.
    pub subject: &'a Subject,
    /// Its keystore.
    pub keystore: &'a Keystore,
    /// What its place holds.
    pub secret: Option<&'a Secret>,
}

/// What was found on the way; warnings, then the trouble that ended it.
pub async fn walk(traveller: &Traveller<'_>) -> Vec<Finding> {
    let mut found = Vec::new();
    let ended = step_by_step(traveller, &mut found).await;
    found.extend(ended.err());
    found
}

async fn step_by_step(traveller: &Traveller<'_>, found: &mut Vec<Finding>) -> Result<(), Finding> {
    let subject = traveller.subject;
    let port = subject.https();
    let ours = subject.authority.takes_proofs();
    let manner = Manner { trust: Trust::Unpinned, identity: None, newest: ours };
    let answer = port.look(manner).await.map_err(|miss| missed(subject, &port, miss))?;
    if ours && !answer.is_authority {
        let line = if answer.line.is_empty() { "nothing".to_owned() } else { format!("{:?}", answer.line) };
        let detail = format!("a TLS server that is no PassPort answers there; it said {line}");
        return Err(subject.at(Code::WrongPort, Verdict::Trouble, &port, detail));
    }
    compare_clocks(subject, &port, &answer, found)?;
    if !ours {
        return Ok(());
    }
    if let Some(file) = subject.repository.as_ref().and_then(|one| one.certificate.as_ref()) {
        given(subject, &port, file, &answer.chain)?;
    }
    let stranger = stranger(traveller, &port).await?;
    let proved = match traveller.secret {
        Some(secret) => Some(proof(traveller, &port, secret, stranger.as_deref()).await?),
        None => None,
    };
    if let Some(why) = stranger {
        return Err(other_ca(traveller, &port, proved.is_some(), &why));
    }
    if let Some(Proved { outcome, .. }) = proved
        && matches!(outcome.status, State::Failed | State::ValidationRefused)
    {
        let reason = outcome.reason.unwrap_or_else(|| outcome.status.to_string());
        return Err(subject.at(Code::IdentityMismatch, Verdict::Trouble, &port, reason));
    }
    client_auth::look(traveller).await
}

fn compare_clocks(subject: &Subject, port: &Port, answer: &Answer, found: &mut Vec<Finding>) -> Result<(), Finding> {
    let Some((code, verdict, detail)) = answer.clock.and_then(clock::judge) else { return Ok(()) };
    let finding = subject.at(code, verdict, port, detail);
    if verdict == Verdict::Trouble {
        return Err(finding);
    }
    found.push(finding);
    Ok(())
}

/// Compares what a port shows with the certificate that was given for it.
pub fn given(subject: &Subject, port: &Port, file: &Path, shown: &[CertificateDer<'static>]) -> Result<(), Finding> {
    let file = subject.site.conf.join(file);
    let wrong = |why: String| subject.at(Code::WrongCertificate, Verdict::Trouble, port, why);
    let given = expected::read(&file).map_err(|why| wrong(format!("what it must show, {}, {why}", file.display())))?;
    if expected::fits(shown, &given) {
        return Ok(());
    }
    Err(wrong(format!("it shows neither the certificate in {} nor one that it signed", file.display())))
}

/// Why the server is not the one that was pinned, if it is not.
async fn stranger(traveller: &Traveller<'_>, port: &Port) -> Result<Option<String>, Finding> {
    let subject = traveller.subject;
    let Some(ca) = subject.site.peer(traveller.keystore.material()).ca else { return Ok(None) };
    let manner = Manner { trust: Trust::Pinned(ca), identity: None, newest: true };
    match port.look(manner).await {
        Ok(_) => Ok(None),
        Err(Miss::Untrusted(why)) => Ok(Some(rustls::Error::InvalidCertificate(why).to_string())),
        Err(miss) => Err(missed(subject, port, miss)),
    }
}

/// Proves the secret, over a connection that need not be of the pinned authority: whoever knows the secret is one.
async fn proof(
    traveller: &Traveller<'_>,
    port: &Port,
    secret: &Secret,
    stranger: Option<&str>,
) -> Result<Proved, Finding> {
    let subject = traveller.subject;
    let peer = Peer { host: &port.host, address: port.address, port: port.number, ca: None, material: None };
    let proved = prove(&peer, &subject.site.identity, secret, Purpose::Check, None).await;
    proved.map_err(|error| match (error, stranger) {
        (ProofError::NotAccepted, Some(why)) => other_ca(traveller, port, false, why),
        (error @ ProofError::NotAccepted, None) => {
            subject.at(Code::WrongSecret, Verdict::Trouble, port, error.to_string())
        }
        (ProofError::Unavailable(why), _) if why.contains("no shared secret") => {
            subject.at(Code::AuthorityNotReady, Verdict::Trouble, port, why)
        }
        (error, _) => subject.at(Code::NoAnswer, Verdict::CannotTell, port, error.to_string()),
    })
}

/// The server is of another CA than the pinned one. One that knows the secret is the right authority all the same, so
/// that the keystore is what has to go.
fn other_ca(traveller: &Traveller<'_>, port: &Port, knows_the_secret: bool, why: &str) -> Finding {
    let subject = traveller.subject;
    if knows_the_secret && traveller.keystore.material().is_some() {
        let detail = format!("it is of another CA than the authority at {}, which knows the secret", port.shown());
        subject.about(Code::UntrustedKeystore, Verdict::Trouble, &subject.site.keystore(), detail)
    } else {
        let detail = format!("it is not the authority that was pinned: {why}");
        subject.at(Code::WrongCertificate, Verdict::Trouble, port, detail)
    }
}

/// What a look that came to no answer means.
pub fn missed(subject: &Subject, port: &Port, miss: Miss) -> Finding {
    let (code, verdict, detail) = match miss {
        Miss::Name(why) => (Code::NameNotResolved, Verdict::Trouble, why),
        Miss::Closed(why) => (Code::PortClosed, Verdict::Trouble, why),
        Miss::Plain(said) if said.is_empty() => (Code::WrongPort, Verdict::Trouble, "it speaks no TLS".to_owned()),
        Miss::Plain(said) => (Code::WrongPort, Verdict::Trouble, format!("it speaks no TLS; it said {said:?}")),
        Miss::OldTls(why) => (Code::TlsVersion, Verdict::Trouble, why),
        Miss::Alert(rustls::AlertDescription::CertificateRequired) => (
            Code::WrongPort,
            Verdict::Trouble,
            "it asks for a client certificate: the two ports may be exchanged".to_owned(),
        ),
        Miss::Alert(alert) => (Code::NoAnswer, Verdict::CannotTell, format!("the server ended it: {alert:?}")),
        Miss::Untrusted(why) => {
            (Code::WrongCertificate, Verdict::Trouble, rustls::Error::InvalidCertificate(why).to_string())
        }
        Miss::Late(what) => (Code::NoAnswer, Verdict::CannotTell, format!("{what} did not come in time")),
        Miss::Other(why) => (Code::NoAnswer, Verdict::CannotTell, why),
    };
    subject.at(code, verdict, port, detail)
}
