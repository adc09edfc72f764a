//! Logging a user in at the authority, over mutual TLS on the port for client authentication.

use std::error::Error;
use std::net::{IpAddr, SocketAddr};
use std::sync::Arc;
use std::time::Duration;

use reqwest::header::CONTENT_TYPE;
use reqwest::redirect::Policy;
use reqwest::{Body, Client, StatusCode};
use rustls::ClientConfig;
use thiserror::Error;
use zeroize::{Zeroize, Zeroizing};

use super::material::Material;
use super::shown::Shown;
use super::tls::{Trust, client_config};
use super::wire::{AUTHORITY_NAME, LOGIN_PATH, LoginAnswer, LoginRequest};
use crate::secret::Secret;

/// How long a connection may take to come about.
const CONNECT: Duration = Duration::from_secs(2);
/// How long an answer may take, the authority's back-off included.
const ANSWER: Duration = Duration::from_secs(15);
/// How long a connection is kept that nobody uses; the authority gives one up after 30 s.
const IDLE: Duration = Duration::from_secs(20);
/// Connections kept at most.
const KEPT: usize = 8;
/// Longest body of this request, in bytes: the buffer never grows, so no copy of the password stays behind.
const LONGEST: usize = 16 * 1024;

/// The authority's port for client authentication, asked with a component's certificate. Connections are kept and used
/// again.
pub struct Logins {
    client: Client,
    port: u16,
}

/// What the authority says of a user and a password.
#[derive(Debug)]
pub enum Login {
    /// They fit.
    Known(LoginAnswer),
    /// They do not.
    Refused,
    /// They do, and the password must be changed before it is good for anything.
    MustChange,
}

/// Why nothing was said. Each text is one line for people.
#[derive(Debug, Error)]
pub enum LoginError {
    /// Nobody answers, or nobody who is believed.
    #[error("no answer to the login: {0}")]
    Unreachable(String),
    /// Too many logins failed lately.
    #[error("the authority has too many failed logins: try again later")]
    Busy,
    /// Any other answer.
    #[error("the login is answered with HTTP {0}")]
    Answer(u16),
    /// The answer is none, or the request cannot be made.
    #[error("the login cannot be {0}")]
    NotUnderstood(&'static str),
}

impl Logins {
    /// Makes ready to ask at these addresses; nothing is sent yet.
    pub fn open(addresses: &[SocketAddr], port: u16, tls: ClientConfig) -> Result<Self, LoginError> {
        let client = Client::builder()
            .tls_backend_preconfigured(tls)
            .resolve_to_addrs(AUTHORITY_NAME, addresses)
            .redirect(Policy::none())
            .no_proxy()
            .connect_timeout(CONNECT)
            .timeout(ANSWER)
            .pool_idle_timeout(IDLE)
            .pool_max_idle_per_host(KEPT)
            .build()
            .map_err(|error| LoginError::Unreachable(why(&error)))?;
        Ok(Self { client, port })
    }

    /// Asks whether this is the user's password.
    pub async fn login(&self, user: &str, domain: &str, password: &Secret) -> Result<Login, LoginError> {
        let body = body(user, domain, password).ok_or(LoginError::NotUnderstood("written as JSON"))?;
        let url = format!("https://{AUTHORITY_NAME}:{}{LOGIN_PATH}", self.port);
        let asked = self.client.post(url).header(CONTENT_TYPE, "application/json").body(body).send().await;
        let answer = asked.map_err(|error| LoginError::Unreachable(why(&error)))?;
        match answer.status() {
            StatusCode::OK => match answer.json::<LoginAnswer>().await {
                Ok(known) if known.user == user && known.domain == domain => Ok(Login::Known(known)),
                Ok(_) => Err(LoginError::NotUnderstood("believed: its answer is about somebody else")),
                Err(_) => Err(LoginError::NotUnderstood("understood: its answer is none")),
            },
            StatusCode::UNAUTHORIZED => Ok(Login::Refused),
            StatusCode::FORBIDDEN => Ok(Login::MustChange),
            StatusCode::TOO_MANY_REQUESTS => Err(LoginError::Busy),
            other => Err(LoginError::Answer(other.as_u16())),
        }
    }
}

/// How the port is met: as the authority of this CA, showing this certificate or what is `shown` at the time.
pub fn tls(material: &Material, shown: Option<Arc<Shown>>) -> Result<ClientConfig, LoginError> {
    let config = client_config(Trust::Pinned(material.ca().clone()), Some(material));
    let mut config = config.map_err(|error| LoginError::Unreachable(why(&error)))?;
    if let Some(shown) = shown {
        config.client_auth_cert_resolver = shown;
    }
    Ok(config)
}

/// Where a host is: at its given address, else where its name leads.
pub async fn addresses(given: Option<IpAddr>, host: &str, port: u16) -> Result<Vec<SocketAddr>, LoginError> {
    if let Some(address) = given {
        return Ok(vec![SocketAddr::new(address, port)]);
    }
    let found = tokio::net::lookup_host((host, port)).await;
    let unknown = |error| LoginError::Unreachable(format!("the host {host} is not known: {error}"));
    Ok(found.map_err(unknown)?.collect())
}

/// The login as JSON, in a buffer that is wiped when it was sent.
fn body(user: &str, domain: &str, password: &Secret) -> Option<Body> {
    let mut login =
        LoginRequest { user: user.to_owned(), password: password.expose().to_owned(), domain: domain.to_owned() };
    let mut bytes = Zeroizing::new(Vec::with_capacity(LONGEST));
    let written = serde_json::to_writer(&mut *bytes, &login);
    login.password.zeroize();
    written.ok().map(|()| hyper::body::Bytes::from_owner(bytes).into())
}

/// The innermost reason of an error: the outer ones only repeat the address.
fn why(error: &dyn Error) -> String {
    let mut reason = error;
    while let Some(inner) = reason.source() {
        reason = inner;
    }
    reason.to_string()
}
