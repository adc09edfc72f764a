//! The authority's two ports: what is answered on which, and what all answers have in common.

pub mod accept;
pub mod connection;
mod login;
mod proof;
mod revocations;
mod status;
pub(super) mod tls;

use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use axum::extract::Request;
use axum::http::StatusCode;
use axum::http::header::CONTENT_TYPE;
use axum::response::{IntoResponse, Response};
use axum::routing::{get, post};
use serde::Serialize;
use serde::de::DeserializeOwned;
use zeroize::Zeroizing;

use super::Fault;
use super::authority::Authority;
use crate::registration::wire::{CRL_PATH, FINISH_PATH, LOGIN_PATH, MAX_BODY, START_PATH, STATUS_PATH};

/// How long a client may take to send a body.
const BODY_DEADLINE: Duration = Duration::from_secs(10);

/// What the HTTPS port answers.
pub fn https(authority: Arc<Authority>) -> Router {
    Router::new()
        .route(STATUS_PATH, get(status::status))
        .route(START_PATH, post(proof::start))
        .route(FINISH_PATH, post(proof::finish))
        .route(CRL_PATH, get(revocations::list))
        .with_state(authority)
}

/// What the port for client authentication answers.
pub fn client_auth(authority: Arc<Authority>) -> Router {
    Router::new().route(STATUS_PATH, get(status::status)).route(LOGIN_PATH, post(login::login)).with_state(authority)
}

/// An answer that is not the one hoped for.
enum Refusal {
    /// 401 without a body: nothing is said about why.
    Unproved,
    /// A status with one line for people.
    Line(StatusCode, &'static str),
    /// Our own fault; what it is stands in the log alone.
    Internal,
}

impl Refusal {
    const TLS: Self = Self::Line(StatusCode::FORBIDDEN, "a proof needs TLS 1.3");
    const BUSY: Self = Self::Line(StatusCode::TOO_MANY_REQUESTS, "too many failed proofs: try again later");
    const NO_SECRET: Self = Self::Line(StatusCode::SERVICE_UNAVAILABLE, "no shared secret has been set yet");
    const TOO_LONG: Self = Self::Line(StatusCode::PAYLOAD_TOO_LARGE, "the body is longer than 65536 bytes");
    const TOO_SLOW: Self = Self::Line(StatusCode::REQUEST_TIMEOUT, "the body did not come in time");
    const NOT_UNDERSTOOD: Self = Self::Line(StatusCode::BAD_REQUEST, "the body is not what this path takes");

    /// Notes a fault of ours in the log.
    fn internal(authority: &Authority, fault: &Fault) -> Self {
        authority.log.warn(format_args!("a request could not be answered: {fault}"));
        Self::Internal
    }
}

impl IntoResponse for Refusal {
    fn into_response(self) -> Response {
        match self {
            Self::Unproved => StatusCode::UNAUTHORIZED.into_response(),
            Self::Line(status, line) => (status, format!("{line}\n")).into_response(),
            Self::Internal => {
                (StatusCode::INTERNAL_SERVER_ERROR, "an internal error: see PassPort's log\n").into_response()
            }
        }
    }
}

/// Reads a body as JSON, in bounded size and time. What is wrong with it is not told: it may hold a password.
async fn read<T: DeserializeOwned>(request: Request) -> Result<T, Refusal> {
    let body = axum::body::to_bytes(request.into_body(), MAX_BODY);
    let body = tokio::time::timeout(BODY_DEADLINE, body).await.map_err(|_| Refusal::TOO_SLOW)?;
    let body = Zeroizing::new(Vec::from(body.map_err(|_| Refusal::TOO_LONG)?));
    serde_json::from_slice(&body).map_err(|_| Refusal::NOT_UNDERSTOOD)
}

fn json(value: &impl Serialize) -> Response {
    match serde_json::to_vec(value) {
        Ok(body) => ([(CONTENT_TYPE, "application/json")], body).into_response(),
        Err(_) => Refusal::Internal.into_response(),
    }
}
