//! The component's side of the proof: two requests on one TLS 1.3 connection (see `wire`), bound to the connection.

use std::net::IpAddr;
use std::time::Duration;

use http_body_util::{BodyExt, Full, Limited};
use hyper::body::Bytes as Body;
use hyper::client::conn::http1::{SendRequest, handshake};
use hyper::header::{CONTENT_TYPE, DATE, HOST};
use hyper::{Method, Request, StatusCode};
use hyper_util::rt::TokioIo;
use opaque_ke::{ClientLogin, ClientLoginFinishParameters, CredentialResponse, Identifiers};
use rustls_pki_types::{CertificateDer, ServerName};
use serde::Serialize;
use serde::de::DeserializeOwned;
use thiserror::Error;
use tokio::net::TcpStream;
use tokio_rustls::TlsConnector;

use super::material::Material;
use super::opaque::{KSF_VERSION, Suite, rng};
use super::tls::{Trust, client_config};
use super::wire::{
    AUTHORITY_NAME, Bytes, EXPORTER_LABEL, EXPORTER_LENGTH, FINISH_PATH, FinishAnswer, FinishRequest, GivesUp,
    Identity, MAX_BODY, Outcome, Purpose, START_PATH, StartAnswer, StartRequest, context, request_hash, seal_holds,
};
use crate::secret::Secret;

/// How long one proof may take, the authority's back-off and its wait for a signature included.
const DEADLINE: Duration = Duration::from_secs(30);
/// From this difference of clocks on, in seconds, people are told.
pub const NOTABLE_CLOCK_DIFFERENCE: i64 = 60;
/// From this difference of clocks on, in seconds, nothing is submitted.
pub const MAX_CLOCK_DIFFERENCE: i64 = 300;

/// Where the authority is, and what a component knows of it.
pub struct Peer<'a> {
    /// Host name or address.
    pub host: &'a str,
    /// Where to connect to, if the host's name resolves nowhere.
    pub address: Option<IpAddr>,
    /// HTTPS port.
    pub port: u16,
    /// The CA pinned earlier, if any.
    pub ca: Option<CertificateDer<'static>>,
    /// The component's certificate, if it has one.
    pub material: Option<&'a Material>,
}

/// What a successful proof gave.
pub struct Proved {
    /// Which of the authority's secrets it was.
    pub secret_id: String,
    /// What the authority decided.
    pub outcome: Outcome,
    /// The authority's clock less ours, in seconds.
    pub clock_difference: i64,
}

/// Why a proof did not succeed. Each text is one line for people.
#[derive(Debug, Error)]
pub enum ProofError {
    /// The secret is not the one that is set at the authority.
    #[error("the authority does not accept this secret")]
    NotAccepted,
    /// Nobody answers there.
    #[error("the authority at {0} cannot be reached: {1}")]
    Unreachable(String, String),
    /// The server is not the authority that this component was registered with.
    #[error("the server at {0} is not the authority that was pinned: {1}")]
    Untrusted(String, String),
    /// The clocks differ too much; positive when the authority is ahead.
    #[error("the authority's clock differs by {0} s: synchronise the clocks (up to 300 s is accepted)")]
    Clock(i64),
    /// Too many proofs at once, or no secret is set yet.
    #[error("the authority cannot check a secret now: {0}")]
    Unavailable(String),
    /// Anything that the protocol does not know.
    #[error("the exchange with the authority failed: {0}")]
    Protocol(String),
}

/// Proves the secret and, with a request, asks for a certificate.
pub async fn prove(
    peer: &Peer<'_>,
    identity: &Identity,
    secret: &Secret,
    purpose: Purpose,
    request: Option<&[u8]>,
) -> Result<Proved, ProofError> {
    exchange(peer, identity, secret, Asked { purpose, request, gives_up: None }).await
}

/// Proves the secret and gives up what a component had before it enrolled anew. Returns what that came to, one line
/// for people each.
pub async fn give_up(
    peer: &Peer<'_>,
    identity: &Identity,
    secret: &Secret,
    gives_up: GivesUp,
) -> Result<Vec<String>, ProofError> {
    let asked = Asked { purpose: Purpose::Enrol, request: None, gives_up: Some(gives_up) };
    exchange(peer, identity, secret, asked).await.map(|proved| proved.outcome.given_up)
}

/// What a proof is made for.
struct Asked<'a> {
    purpose: Purpose,
    request: Option<&'a [u8]>,
    gives_up: Option<GivesUp>,
}

async fn exchange(
    peer: &Peer<'_>,
    identity: &Identity,
    secret: &Secret,
    asked: Asked<'_>,
) -> Result<Proved, ProofError> {
    let exchange = async { Connection::open(peer).await?.prove(identity, secret, asked).await };
    tokio::time::timeout(DEADLINE, exchange)
        .await
        .map_err(|_| ProofError::Unreachable(peer.address(), format!("no answer within {} s", DEADLINE.as_secs())))?
}

/// Sends a forged KE3 for the reserved component and returns the authority's status: 401 is the right one.
pub async fn forge(peer: &Peer<'_>) -> Result<u16, ProofError> {
    let mut connection = Connection::open(peer).await?;
    let login = ClientLogin::<Suite>::start(&mut rng(), b"not the secret").map_err(protocol)?;
    let answer = connection.start(&Identity::probe(), Purpose::Check, &[0; 32], &login.message.serialize()).await?;
    let Some(challenge) = answer.challenges.first() else {
        return Err(ProofError::Protocol("no challenge came".into()));
    };
    let finish = FinishRequest {
        token: answer.token,
        secret_id: challenge.id.clone(),
        ke3: Bytes(vec![0x5a; 64]),
        request: None,
        gives_up: None,
    };
    Ok(connection.post(FINISH_PATH, &finish).await?.0.as_u16())
}

/// The difference of the authority's clock to ours, in seconds, positive when it is ahead.
pub async fn clock_difference(peer: &Peer<'_>) -> Result<i64, ProofError> {
    let mut connection = Connection::open(peer).await?;
    connection.get(super::wire::STATUS_PATH).await?;
    connection.clock.ok_or_else(|| ProofError::Protocol("the authority sent no Date".into()))
}

impl Peer<'_> {
    fn address(&self) -> String {
        format!("{}:{}", self.host, self.port)
    }
}

/// One TLS 1.3 connection and its channel binding.
struct Connection {
    sender: SendRequest<Full<Body>>,
    exporter: [u8; EXPORTER_LENGTH],
    host: String,
    clock: Option<i64>,
}

impl Connection {
    async fn open(peer: &Peer<'_>) -> Result<Self, ProofError> {
        let unreachable = |error: String| ProofError::Unreachable(peer.address(), error);
        let trust = peer.ca.clone().map_or(Trust::Unpinned, Trust::Pinned);
        let config = client_config(trust, peer.material).map_err(protocol)?;
        let stream = match peer.address {
            Some(address) => TcpStream::connect((address, peer.port)).await,
            None => TcpStream::connect((peer.host, peer.port)).await,
        }
        .map_err(|error| unreachable(error.to_string()))?;
        let _ = stream.set_nodelay(true);
        let name = ServerName::try_from(AUTHORITY_NAME).map_err(protocol)?;
        let tls = TlsConnector::from(std::sync::Arc::new(config)).connect(name, stream).await.map_err(|error| {
            if peer.ca.is_some() && error.kind() == std::io::ErrorKind::InvalidData {
                ProofError::Untrusted(peer.address(), error.to_string())
            } else {
                unreachable(error.to_string())
            }
        })?;
        let session = tls.get_ref().1;
        if session.protocol_version() != Some(rustls::ProtocolVersion::TLSv1_3) {
            return Err(ProofError::Protocol("the authority does not speak TLS 1.3".into()));
        }
        let exporter =
            session.export_keying_material([0; EXPORTER_LENGTH], EXPORTER_LABEL, Some(b"")).map_err(protocol)?;
        let (sender, driver) = handshake(TokioIo::new(tls)).await.map_err(protocol)?;
        tokio::spawn(driver);
        Ok(Self { sender, exporter, host: peer.address(), clock: None })
    }

    async fn prove(&mut self, identity: &Identity, secret: &Secret, asked: Asked<'_>) -> Result<Proved, ProofError> {
        let Asked { purpose, request, gives_up } = asked;
        let hash = request_hash(request);
        let plain = secret.expose().as_bytes();
        let login = ClientLogin::<Suite>::start(&mut rng(), plain).map_err(protocol)?;
        let answer = self.start(identity, purpose, &hash, &login.message.serialize()).await?;
        self.check_clock()?;
        for challenge in answer.challenges.iter().take(3).filter(|challenge| challenge.ksf == KSF_VERSION) {
            let Ok(ke2) = CredentialResponse::deserialize(&challenge.ke2.0) else { continue };
            let bound = context(purpose, &challenge.id, identity, &self.exporter, &hash);
            let parameters = ClientLoginFinishParameters::new(Some(&bound), Identifiers::default(), None);
            let state = login.state.clone();
            let Ok(finished) = state.finish(&mut rng(), plain, ke2, parameters) else { continue };
            let finish = FinishRequest {
                token: answer.token,
                secret_id: challenge.id.clone(),
                ke3: Bytes(finished.message.serialize().to_vec()),
                request: request.map(|der| Bytes(der.to_vec())),
                gives_up,
            };
            let outcome = self.finish(&finish, &finished.session_key).await?;
            let clock_difference = self.clock.unwrap_or_default();
            return Ok(Proved { secret_id: challenge.id.clone(), outcome, clock_difference });
        }
        Err(ProofError::NotAccepted)
    }

    async fn start(
        &mut self,
        identity: &Identity,
        purpose: Purpose,
        hash: &[u8; 32],
        ke1: &[u8],
    ) -> Result<StartAnswer, ProofError> {
        let start = StartRequest {
            component: identity.clone(),
            purpose,
            request_hash: Bytes(hash.to_vec()),
            ke1: Bytes(ke1.to_vec()),
        };
        let (status, body) = self.post(START_PATH, &start).await?;
        expect_ok(status, &body)?;
        parse(&body)
    }

    async fn finish(&mut self, finish: &FinishRequest, session_key: &[u8]) -> Result<Outcome, ProofError> {
        let (status, body) = self.post(FINISH_PATH, finish).await?;
        expect_ok(status, &body)?;
        let answer: FinishAnswer = parse(&body)?;
        if !seal_holds(session_key, &answer.outcome, &answer.mac.0) {
            return Err(ProofError::Protocol("the answer is not sealed by the authority".into()));
        }
        parse(answer.outcome.as_bytes())
    }

    fn check_clock(&self) -> Result<(), ProofError> {
        match self.clock {
            Some(difference) if difference.abs() > MAX_CLOCK_DIFFERENCE => Err(ProofError::Clock(difference)),
            _ => Ok(()),
        }
    }

    async fn post(&mut self, path: &str, message: &impl Serialize) -> Result<(StatusCode, Body), ProofError> {
        let body = serde_json::to_vec(message).map_err(protocol)?;
        self.send(Method::POST, path, body).await
    }

    async fn get(&mut self, path: &str) -> Result<(StatusCode, Body), ProofError> {
        self.send(Method::GET, path, Vec::new()).await
    }

    async fn send(&mut self, method: Method, path: &str, body: Vec<u8>) -> Result<(StatusCode, Body), ProofError> {
        let request = Request::builder()
            .method(method)
            .uri(path)
            .header(HOST, &self.host)
            .header(CONTENT_TYPE, "application/json")
            .body(Full::new(Body::from(body)))
            .map_err(protocol)?;
        // The connection's task takes a request only once it has been polled.
        self.sender.ready().await.map_err(protocol)?;
        let answer = self.sender.send_request(request).await.map_err(protocol)?;
        let date = answer.headers().get(DATE).and_then(|value| value.to_str().ok());
        self.clock = date.and_then(difference_to_now).or(self.clock);
        let status = answer.status();
        let body = Limited::new(answer.into_body(), MAX_BODY).collect().await.map_err(protocol)?.to_bytes();
        Ok((status, body))
    }
}

/// A point in time as HTTP writes it, less our clock, in seconds.
pub(crate) fn difference_to_now(date: &str) -> Option<i64> {
    let theirs = jiff::fmt::rfc2822::parse(date).ok()?.timestamp().as_second();
    Some(theirs - jiff::Timestamp::now().as_second())
}

fn expect_ok(status: StatusCode, body: &Body) -> Result<(), ProofError> {
    let said = || String::from_utf8_lossy(&body[..body.len().min(200)]).trim().to_owned();
    match status {
        StatusCode::OK => Ok(()),
        StatusCode::UNAUTHORIZED => Err(ProofError::NotAccepted),
        StatusCode::TOO_MANY_REQUESTS => Err(ProofError::Unavailable("too many failed proofs wait".into())),
        StatusCode::SERVICE_UNAVAILABLE => Err(ProofError::Unavailable(said())),
        other => Err(ProofError::Protocol(format!("HTTP {other} {}", said()))),
    }
}

fn parse<T: DeserializeOwned>(body: &[u8]) -> Result<T, ProofError> {
    serde_json::from_slice(body).map_err(|error| ProofError::Protocol(format!("an answer cannot be read: {error}")))
}

fn protocol(error: impl std::fmt::Display) -> ProofError {
    ProofError::Protocol(error.to_string())
}
