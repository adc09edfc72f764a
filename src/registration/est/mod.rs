//! A client of foreign EST servers (RFC 7030 with RFC 8951): their CA certificates, enrolment by the shared secret over
//! HTTP Basic, re-enrolment with the certificate that is there.
//!
//! The secret goes to nobody but a server that shows a certificate of the CA that was pinned beforehand, and only after
//! the clocks were compared. EST offers no proof of the secret without a request.

pub mod anchors;
mod body;
pub mod cms;
mod error;
mod exchange;

pub use body::certificates;
pub use error::EstError;
pub(super) use exchange::LATEST;

use std::time::Duration;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use hyper::StatusCode;
use hyper::header::HeaderValue;
use rustls_pki_types::CertificateDer;
use tokio::time::Instant;
use zeroize::Zeroizing;

use self::body::{Form, written};
use self::exchange::{Message, Reply, ask};
use super::material::Material;
use super::prove::MAX_CLOCK_DIFFERENCE;
use super::wire::Identity;
use crate::secret::Secret;

/// How long one registration waits for a server that says when to come back; later it is asked anew by the next one.
const PATIENCE: Duration = Duration::from_secs(10);

/// An EST server, and which CA it must show a certificate of.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Server {
    /// Host name or address; the name that its certificate must carry.
    pub host: String,
    /// HTTPS port.
    pub port: u16,
    /// The label in its paths (RFC 7030 section 3.2.2); empty for none.
    pub label: String,
    /// The CA certificates that were pinned.
    pub anchors: Vec<CertificateDer<'static>>,
}

/// Who asks for a certificate.
pub enum Applicant<'a> {
    /// A component that holds the secret: `simpleenroll`.
    Secret(&'a Identity, &'a Secret),
    /// A component that has a certificate: `simplereenroll`.
    Certificate(&'a Material),
}

/// What the server decided.
#[derive(Debug)]
pub enum Decision {
    /// Certificates came; which is whose is still to be found out.
    Issued(Vec<CertificateDer<'static>>),
    /// It is not decided yet. Ask again after so long, with the same request.
    Pending(Duration),
    /// No, and why.
    Refused(String),
}

/// Whether this may stand as a label in a server's paths; an empty one is none.
pub fn is_label(text: &str) -> bool {
    const OPERATIONS: [&str; 6] = ["cacerts", "simpleenroll", "simplereenroll", "fullcmc", "serverkeygen", "csrattrs"];
    let fits = |one: char| one.is_ascii_alphanumeric() || "-_.".contains(one);
    text.len() <= 64 && text.chars().all(fits) && !OPERATIONS.contains(&text) && !matches!(text, "." | "..")
}

impl Server {
    /// `host:port`, for people.
    pub fn address(&self) -> String {
        format!("{}:{}", self.host, self.port)
    }

    fn path(&self, operation: &str) -> String {
        let label = if self.label.is_empty() { String::new() } else { format!("{}/", self.label) };
        format!("/.well-known/est/{label}{operation}")
    }

    /// The server's CA certificates, issuers of what it signs among them (RFC 7030 section 4.1). A server whose clock
    /// differs too much is refused.
    pub async fn ca_certificates(&self) -> Result<Vec<CertificateDer<'static>>, EstError> {
        self.cacerts(None).await
    }

    /// Shows a certificate and asks for something harmless: whether the server believes it.
    pub async fn believes(&self, material: &Material) -> Result<(), EstError> {
        self.cacerts(Some(material)).await.map(drop)
    }

    async fn cacerts(&self, identity: Option<&Material>) -> Result<Vec<CertificateDer<'static>>, EstError> {
        const OPERATION: &str = "cacerts";
        let reply = ask(self, OPERATION, Message::Nothing, identity).await?;
        if let Some(difference) = reply.clock.filter(|difference| difference.abs() > MAX_CLOCK_DIFFERENCE) {
            return Err(EstError::Clock(difference));
        }
        match reply.status {
            StatusCode::OK => self.read(&reply),
            status => Err(self.unexpected(OPERATION, status, &reply)),
        }
    }

    /// Asks for a certificate, and again while the server wants that soon.
    pub async fn enrol(&self, applicant: &Applicant<'_>, request: &[u8]) -> Result<Decision, EstError> {
        let last = Instant::now() + PATIENCE;
        loop {
            match self.submit(applicant, request).await? {
                Decision::Pending(after) if Instant::now() + after <= last => tokio::time::sleep(after).await,
                decision => return Ok(decision),
            }
        }
    }

    /// Submits a request in the form that most servers take, and once more in the other one when that is refused.
    async fn submit(&self, applicant: &Applicant<'_>, request: &[u8]) -> Result<Decision, EstError> {
        let reply = self.send(applicant, request, Form::Wrapped).await?;
        let reply = match reply.status {
            StatusCode::BAD_REQUEST => self.send(applicant, request, Form::Single).await?,
            _ => reply,
        };
        match reply.status {
            StatusCode::OK => self.read(&reply).map(Decision::Issued),
            StatusCode::ACCEPTED => Ok(Decision::Pending(reply.retry_after)),
            StatusCode::FORBIDDEN => Ok(Decision::Refused(reply.line())),
            StatusCode::UNAUTHORIZED => Err(EstError::NotAccepted(self.address(), applicant.credentials())),
            status => Err(self.unexpected(applicant.operation(), status, &reply)),
        }
    }

    async fn send(&self, applicant: &Applicant<'_>, request: &[u8], form: Form) -> Result<Reply, EstError> {
        let message = Message::Request(written(request, form), applicant.authorization()?);
        ask(self, applicant.operation(), message, applicant.material()).await
    }

    fn read(&self, reply: &Reply) -> Result<Vec<CertificateDer<'static>>, EstError> {
        certificates(&reply.body).map_err(|damaged| EstError::Damaged(self.address(), damaged))
    }

    fn unexpected(&self, operation: &str, status: StatusCode, reply: &Reply) -> EstError {
        let said = match status {
            StatusCode::NOT_FOUND => format!("404: it knows no {}: check authority.label", self.path(operation)),
            status => format!("{} to {operation}: {}", status.as_u16(), reply.line()),
        };
        EstError::Answer(self.address(), said)
    }
}

impl Applicant<'_> {
    fn operation(&self) -> &'static str {
        match self {
            Self::Secret(..) => "simpleenroll",
            Self::Certificate(_) => "simplereenroll",
        }
    }

    fn material(&self) -> Option<&Material> {
        match self {
            Self::Secret(..) => None,
            Self::Certificate(material) => Some(material),
        }
    }

    fn credentials(&self) -> String {
        match self {
            Self::Secret(identity, _) => format!("this secret for the user {}", user(identity)),
            Self::Certificate(_) => "the certificate of this component".to_owned(),
        }
    }

    /// HTTP Basic (RFC 7617): the user is `name/instance`, the password the secret.
    fn authorization(&self) -> Result<Option<HeaderValue>, EstError> {
        let Self::Secret(identity, secret) = self else { return Ok(None) };
        let pair = Zeroizing::new(format!("{}:{}", user(identity), secret.expose()));
        let value = Zeroizing::new(format!("Basic {}", STANDARD.encode(pair.as_bytes())));
        let mut value = HeaderValue::from_str(&value)
            .map_err(|_| EstError::Setting("the secret cannot be sent over HTTP Basic".to_owned()))?;
        value.set_sensitive(true);
        Ok(Some(value))
    }
}

fn user(identity: &Identity) -> String {
    format!("{}/{}", identity.name, identity.instance)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn value(tag: u8, content: &[u8]) -> Vec<u8> {
        let length = content.len();
        let head = match length {
            0..0x80 => vec![tag, u8::try_from(length).expect("short")],
            _ => [&[tag, 0x84][..], &u32::try_from(length).expect("fits").to_be_bytes()].concat(),
        };
        [head, content.to_vec()].concat()
    }

    /// An answer with these certificates, as a server writes it.
    pub fn certs_only(certificates: &[&[u8]]) -> Vec<u8> {
        let data = value(0x30, &value(0x06, &[0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x07, 0x01]));
        let set = value(0xa0, &certificates.concat());
        let parts = [value(0x02, &[1]), value(0x31, &[]), data, set, value(0x31, &[])].concat();
        let signed = value(0xa0, &value(0x30, &parts));
        let kind = value(0x06, &[0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x07, 0x02]);
        value(0x30, &[kind, signed].concat())
    }

    #[test]
    fn paths_carry_the_label_and_users_their_instance() {
        let mut server = Server { host: "h".into(), port: 443, label: String::new(), anchors: Vec::new() };
        assert_eq!(server.path("cacerts"), "/.well-known/est/cacerts");
        server.label = "b2bi".into();
        assert_eq!(server.path("cacerts"), "/.well-known/est/b2bi/cacerts");
        let identity = Identity { name: "a".into(), version: "1".into(), group: "g".into(), instance: "i".into() };
        let secret = Secret::new("pass:word".into());
        let value = Applicant::Secret(&identity, &secret).authorization().expect("fits").expect("there");
        assert_eq!(value.to_str().expect("text"), format!("Basic {}", STANDARD.encode("a/i:pass:word")));
        assert!(!format!("{value:?}").contains("Basic"), "it is never shown");
    }
}
