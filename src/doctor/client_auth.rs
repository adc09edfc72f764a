//! The port for everything after the registration: it lets nobody in without a certificate, and believes the keystore's.

use rustls::AlertDescription;

use super::codes::Code;
use super::finding::{Finding, Verdict};
use super::look::{Manner, Miss};
use super::reach::{Traveller, given, missed};
use crate::registration::tls::Trust;

/// Looks at it, with the keystore's certificate where there is one.
pub async fn look(traveller: &Traveller<'_>) -> Result<(), Finding> {
    let subject = traveller.subject;
    let port = subject.client_auth();
    let identity = traveller.keystore.material();
    let answer = port.look(Manner { trust: Trust::Unpinned, identity, newest: false }).await;
    let answer = match (answer, identity) {
        (Err(Miss::Alert(_)), None) => return Ok(()),
        (Err(Miss::Alert(alert)), Some(_)) => {
            let detail = format!("the authority does not believe it: {}", told(alert));
            return Err(subject.about(Code::UntrustedKeystore, Verdict::Trouble, &subject.site.keystore(), detail));
        }
        (Err(miss), _) => return Err(missed(subject, &port, miss)),
        (Ok(answer), _) => answer,
    };
    if !answer.is_authority {
        let detail = format!("a TLS server that is no PassPort answers there; it said {:?}", answer.line);
        return Err(subject.at(Code::WrongPort, Verdict::Trouble, &port, detail));
    }
    if let Some(file) = subject.repository.as_ref().and_then(|one| one.client_auth_certificate.as_ref()) {
        given(subject, &port, file, &answer.chain)?;
    }
    let wrong = |detail: &str| Err(subject.at(Code::WrongPort, Verdict::Trouble, &port, detail));
    match identity {
        None => wrong("it answers without a client certificate: the two ports may be exchanged"),
        Some(_) if port.number == subject.site.https_port => wrong("both ports are the same"),
        Some(_) => bare(traveller).await,
    }
}

/// The port must not answer whoever shows nothing.
async fn bare(traveller: &Traveller<'_>) -> Result<(), Finding> {
    let subject = traveller.subject;
    let port = subject.client_auth();
    match port.look(Manner { trust: Trust::Unpinned, identity: None, newest: false }).await {
        Ok(_) => {
            let detail = "it answers without a client certificate: the two ports may be exchanged";
            Err(subject.at(Code::WrongPort, Verdict::Trouble, &port, detail))
        }
        Err(_) => Ok(()),
    }
}

fn told(alert: AlertDescription) -> String {
    match alert {
        AlertDescription::CertificateRevoked => "it was revoked".to_owned(),
        AlertDescription::UnknownCA => "it is of another CA".to_owned(),
        AlertDescription::CertificateExpired => "it is not valid by the authority's clock".to_owned(),
        other => format!("{other:?}"),
    }
}
