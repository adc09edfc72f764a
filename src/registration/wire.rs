//! What a component and the authority say to each other: the messages, the context both bind, and the answer's seal.
//!
//! Two requests on one TLS 1.3 connection to the authority's HTTPS port. Binary values travel as standard base64.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use hmac::{Hmac, Mac};
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use super::state::State;
pub use crate::profile::Identity;
use crate::secret::keyed;

/// Version of the exchange; bound into the context.
pub const PROTOCOL: &str = "countersign-proof-1";
/// Path of the first request.
pub const START_PATH: &str = "/countersign/v1/proof/start";
/// Path of the second request.
pub const FINISH_PATH: &str = "/countersign/v1/proof/finish";
/// Path that tells, without any proof, that the authority is up.
pub const STATUS_PATH: &str = "/countersign/v1/status";
/// Path of the revocation list (DER), on the HTTPS port, for whoever asks.
pub const CRL_PATH: &str = "/countersign/v1/crl";
/// Path of a user's login, on the client-authentication port only.
pub const LOGIN_PATH: &str = "/countersign/v1/login";
/// Path on which a user's password is changed, on the client-authentication port only.
pub const PASSWORD_PATH: &str = "/countersign/v1/password";
/// Path on which a component asks what a user may do, on the client-authentication port only.
pub const AUTHORISE_PATH: &str = "/countersign/v1/authorise";
/// The name under which our clients know the authority once its CA is pinned.
pub const AUTHORITY_NAME: &str = "authority.countersign.internal";
/// Domain of the names that listening components get in their certificates.
pub const COMPONENT_DOMAIN: &str = "component.countersign.internal";
/// Label of the TLS channel binding (RFC 9266).
pub const EXPORTER_LABEL: &[u8] = b"EXPORTER-Channel-Binding";
/// Length of the channel binding, in bytes (RFC 9266).
pub const EXPORTER_LENGTH: usize = 32;
/// The reserved component of the wrong-secret probe: it can never prove anything.
pub const PROBE_COMPONENT: &str = "countersign-probe";
/// The longest body either side reads, in bytes.
pub const MAX_BODY: usize = 64 * 1024;

/// Bytes that travel as base64 text.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Bytes(pub Vec<u8>);

impl TryFrom<String> for Bytes {
    type Error = base64::DecodeError;

    fn try_from(text: String) -> Result<Self, Self::Error> {
        STANDARD.decode(text).map(Self)
    }
}

impl From<Bytes> for String {
    fn from(bytes: Bytes) -> Self {
        STANDARD.encode(bytes.0)
    }
}

impl Identity {
    /// The identity of the wrong-secret probe.
    pub fn probe() -> Self {
        Self { name: PROBE_COMPONENT.into(), version: String::new(), group: String::new(), instance: "default".into() }
    }

    /// The DNS name in the certificate of a component that listens: `<instance>.<component>.component.…`, lower case.
    pub fn dns_name(&self) -> String {
        format!("{}.{}.{COMPONENT_DOMAIN}", self.instance, self.name).to_lowercase()
    }
}

/// Why a proof is made.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Purpose {
    /// A component's own process at start or reload; the authority notes which secret it holds.
    Prove,
    /// Somebody looks whether a place holds the secret; nothing is noted of the component.
    Check,
    /// A component's own process asks for its certificate.
    Enrol,
}

impl Purpose {
    /// As it is written on the wire.
    pub fn word(self) -> &'static str {
        match self {
            Self::Prove => "prove",
            Self::Check => "check",
            Self::Enrol => "enrol",
        }
    }
}

/// First request.
#[derive(Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct StartRequest {
    /// Who proves.
    pub component: Identity,
    /// What for.
    pub purpose: Purpose,
    /// SHA-256 of the certificate request's DER, or 32 zeros.
    pub request_hash: Bytes,
    /// OPAQUE's KE1.
    pub ke1: Bytes,
}

/// First answer: one challenge for each secret that is accepted now, the current one first, three at most.
#[derive(Debug, Serialize, Deserialize)]
pub struct StartAnswer {
    /// Names this exchange in the second request; it dies with the connection.
    pub token: String,
    /// The challenges.
    pub challenges: Vec<Challenge>,
}

/// One accepted secret's challenge.
#[derive(Debug, Serialize, Deserialize)]
pub struct Challenge {
    /// The secret id.
    pub id: String,
    /// Version of the stretching with which the record was made.
    pub ksf: u16,
    /// OPAQUE's KE2.
    pub ke2: Bytes,
}

/// Second request.
#[derive(Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct FinishRequest {
    /// The exchange.
    pub token: String,
    /// The secret whose challenge fitted.
    pub secret_id: String,
    /// OPAQUE's KE3.
    pub ke3: Bytes,
    /// The PKCS#10 request, DER, when enrolling.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub request: Option<Bytes>,
    /// What the component had and needs no more, when it enrolled anew.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub gives_up: Option<GivesUp>,
}

/// What a component gives up: nobody shall believe it any more.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct GivesUp {
    /// The certificate that the connection shows.
    pub certificate: bool,
    /// SHA-256 of an earlier request, which is dropped with the certificate that it may have led to.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub request_hash: Option<Bytes>,
}

/// Second answer: the outcome as JSON text, and an HMAC-SHA-256 over exactly that text (see [`seal`]).
#[derive(Debug, Serialize, Deserialize)]
pub struct FinishAnswer {
    /// An [`Outcome`] as JSON.
    pub outcome: String,
    /// Its seal.
    pub mac: Bytes,
}

/// What the authority decided.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Outcome {
    /// State of the registration. For proofs without a request: `Registered` when the component has a certificate,
    /// else `New`.
    pub status: State,
    /// The certificate, DER, once signed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub certificate: Option<Bytes>,
    /// The authority's number of the request.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub request_id: Option<String>,
    /// The CA certificates, DER, the issuer first. They are pinned from here.
    pub ca: Vec<Bytes>,
    /// Why it was refused or failed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reason: Option<String>,
    /// What was given up, one line for people each.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub given_up: Vec<String>,
}

/// What `GET` [`STATUS_PATH`] answers.
#[derive(Debug, Serialize, Deserialize)]
pub struct StatusAnswer {
    /// Always `passport`.
    pub product: String,
    /// Version of the program.
    pub version: String,
}

/// What [`LOGIN_PATH`] takes.
#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct LoginRequest {
    /// User name.
    pub user: String,
    /// The password; wiped by the reader.
    pub password: String,
    /// Domain, such as `Synchrony`.
    pub domain: String,
}

/// What [`PASSWORD_PATH`] takes; it answers 204, 401, or 403 with one line why the new password cannot be used.
#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PasswordRequest {
    /// User name.
    pub user: String,
    /// Domain.
    pub domain: String,
    /// The password; wiped by the reader.
    pub password: String,
    /// The password from now on; wiped by the reader.
    pub new_password: String,
}

/// What [`AUTHORISE_PATH`] takes.
#[derive(Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct AuthoriseRequest {
    /// User name.
    pub user: String,
    /// Domain.
    pub domain: String,
    /// The component's name: the asking one, since a component asks for itself alone.
    pub component: String,
    /// A resource of its CSD.
    pub resource: String,
    /// An action of that resource.
    pub action: String,
}

/// What [`AUTHORISE_PATH`] answers.
#[derive(Debug, Serialize, Deserialize)]
pub struct AuthoriseAnswer {
    /// Whether one of the user's roles allows it. Unknown users, resources and actions are not allowed.
    pub allowed: bool,
}

/// What [`LOGIN_PATH`] answers with 200; 401 has no body; 403 says that the password must be changed first.
#[derive(Debug, Serialize, Deserialize)]
pub struct LoginAnswer {
    /// User name.
    pub user: String,
    /// Domain.
    pub domain: String,
    /// Roles granted.
    pub roles: Vec<String>,
}

/// SHA-256 of a request, or 32 zeros where there is none.
pub fn request_hash(request: Option<&[u8]>) -> [u8; 32] {
    request.map_or([0; 32], |der| Sha256::digest(der).into())
}

/// What both sides bind into the exchange: every part with its length before it.
pub fn context(
    purpose: Purpose,
    secret_id: &str,
    component: &Identity,
    exporter: &[u8; EXPORTER_LENGTH],
    request_hash: &[u8; 32],
) -> Vec<u8> {
    let parts: [&[u8]; 9] = [
        PROTOCOL.as_bytes(),
        purpose.word().as_bytes(),
        secret_id.as_bytes(),
        component.name.as_bytes(),
        component.version.as_bytes(),
        component.group.as_bytes(),
        component.instance.as_bytes(),
        exporter,
        request_hash,
    ];
    let mut bytes = Vec::new();
    for part in parts {
        bytes.extend(u32::try_from(part.len()).unwrap_or(u32::MAX).to_be_bytes());
        bytes.extend(part);
    }
    bytes
}

/// HMAC-SHA-256 over the outcome's text, under a key derived from the session key of the exchange.
pub fn seal(session_key: &[u8], outcome: &str) -> Vec<u8> {
    let derived = over(session_key, b"countersign outcome key").finalize().into_bytes();
    over(&derived, outcome.as_bytes()).finalize().into_bytes().to_vec()
}

/// Checks [`seal`] in constant time.
pub fn seal_holds(session_key: &[u8], outcome: &str, mac: &[u8]) -> bool {
    let derived = over(session_key, b"countersign outcome key").finalize().into_bytes();
    over(&derived, outcome.as_bytes()).verify_slice(mac).is_ok()
}

fn over(key: &[u8], data: &[u8]) -> Hmac<Sha256> {
    let mut mac = keyed(key);
    mac.update(data);
    mac
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_part_of_the_context_can_move_into_its_neighbour() {
        let one = Identity { name: "ab".into(), version: "c".into(), group: "g".into(), instance: "i".into() };
        let two = Identity { name: "a".into(), version: "bc".into(), ..one.clone() };
        let of = |who| context(Purpose::Prove, "s1", who, &[1; 32], &[0; 32]);
        assert_ne!(of(&one), of(&two));
    }

    #[test]
    fn a_seal_holds_for_its_own_text_and_key_alone() {
        let mac = seal(b"key", "text");
        assert!(seal_holds(b"key", "text", &mac));
        assert!(!seal_holds(b"key", "texT", &mac));
        assert!(!seal_holds(b"kez", "text", &mac));
    }
}
