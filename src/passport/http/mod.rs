//! The authority's two ports: what is answered on which, and what all answers have in common.

pub mod accept;
mod authorise;
mod caller;
pub mod connection;
pub mod est;
mod login;
mod proof;
mod revocations;
mod status;
pub(super) mod tls;

use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use axum::body::{Body, HttpBody};
use axum::extract::Request;
use axum::http::header::{CONTENT_TYPE, EXPECT};
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse, Response};
use axum::routing::{get, post};
use http_body_util::BodyExt;
use serde::Serialize;
use serde::de::DeserializeOwned;
use zeroize::Zeroizing;

use super::Fault;
use super::authority::Authority;
use super::secrets::random_id;
use crate::registration::wire::{
    AUTHORISE_PATH, CRL_PATH, FINISH_PATH, LOGIN_PATH, MAX_BODY, PASSWORD_PATH, START_PATH, STATUS_PATH,
};

/// What all but EST sends and gets.
const JSON: &str = "application/json";
/// How long a client may take to send a body.
const BODY_DEADLINE: Duration = Duration::from_secs(10);
/// The longest body that is read only to be thrown away, in bytes.
const MAX_DISCARDED: u64 = 16 * 1024 * 1024;

/// What the HTTPS port answers.
pub fn https(authority: Arc<Authority>) -> Router {
    Router::new()
        .route(STATUS_PATH, get(status::status))
        .route(START_PATH, post(proof::start))
        .route(FINISH_PATH, post(proof::finish))
        .route(CRL_PATH, get(revocations::list))
        .merge(est::routes())
        .with_state(authority)
}

/// What the port for client authentication answers.
pub fn client_auth(authority: Arc<Authority>) -> Router {
    Router::new()
        .route(STATUS_PATH, get(status::status))
        .route(LOGIN_PATH, post(login::login))
        .route(PASSWORD_PATH, post(login::password))
        .route(AUTHORISE_PATH, post(authorise::authorise))
        .with_state(authority)
}

/// An answer that is not the one hoped for.
enum Refusal {
    /// 401 without a body: nothing is said about why.
    Unproved,
    /// A status with one line for people.
    Line(StatusCode, &'static str),
    /// Our own fault; what it is stands in the log alone, under this id.
    Internal(String),
}

impl Refusal {
    const TLS: Self = Self::Line(StatusCode::FORBIDDEN, "a proof needs TLS 1.3");
    const BUSY: Self = Self::Line(StatusCode::TOO_MANY_REQUESTS, "too many failed proofs: try again later");
    const NO_SECRET: Self = Self::Line(StatusCode::SERVICE_UNAVAILABLE, "no shared secret has been set yet");
    const TOO_LONG: Self = Self::Line(StatusCode::PAYLOAD_TOO_LARGE, "the body is longer than 65536 bytes");
    const TOO_SLOW: Self = Self::Line(StatusCode::REQUEST_TIMEOUT, "the body did not come in time");
    const NO_JSON: Self =
        Self::Line(StatusCode::UNSUPPORTED_MEDIA_TYPE, "the body's content type must be application/json");
    const NOT_UNDERSTOOD: Self = Self::Line(StatusCode::BAD_REQUEST, "the body is not what this path takes");

    /// Notes a fault of ours in the log, under the id that the answer gives.
    fn internal(authority: &Authority, fault: &Fault) -> Self {
        let id = random_id('e');
        authority.log.warn(format_args!("a request could not be answered ({id}): {fault}"));
        Self::Internal(id)
    }
}

impl IntoResponse for Refusal {
    fn into_response(self) -> Response {
        match self {
            Self::Unproved => StatusCode::UNAUTHORIZED.into_response(),
            Self::Line(status, line) => (status, format!("{line}\n")).into_response(),
            Self::Internal(id) => {
                let line = format!("an internal error: see {id} in PassPort's log\n");
                (StatusCode::INTERNAL_SERVER_ERROR, line).into_response()
            }
        }
    }
}

/// Reads a body, in bounded size and time. Of one that is too long the rest is thrown away before it is refused, since a
/// client that is still sending may never read the answer; unless it waits to be told whether to send at all.
async fn bounded(request: Request) -> Result<Zeroizing<Vec<u8>>, Refusal> {
    let announced = request.body().size_hint().lower();
    let is_waiting = request.headers().contains_key(EXPECT);
    if announced > MAX_DISCARDED || announced > MAX_BODY as u64 && is_waiting {
        return Err(Refusal::TOO_LONG);
    }
    tokio::time::timeout(BODY_DEADLINE, collected(request.into_body())).await.map_err(|_| Refusal::TOO_SLOW)?
}

async fn collected(mut body: Body) -> Result<Zeroizing<Vec<u8>>, Refusal> {
    let mut bytes = Zeroizing::new(Vec::new());
    let mut length = 0;
    while let Some(frame) = body.frame().await {
        let Ok(data) = frame.map_err(|_| Refusal::NOT_UNDERSTOOD)?.into_data() else { continue };
        length += data.len() as u64;
        if length <= MAX_BODY as u64 {
            bytes.extend_from_slice(&data);
        } else if length > MAX_DISCARDED {
            break;
        }
    }
    if length > MAX_BODY as u64 { Err(Refusal::TOO_LONG) } else { Ok(bytes) }
}

/// Whether a body is what it has to be. A client that says nothing of the type is believed; one that sends something else
/// is not.
fn is_of_type(headers: &HeaderMap, expected: &str) -> bool {
    headers.get(CONTENT_TYPE).is_none_or(|value| {
        let kind = value.to_str().unwrap_or_default().split(';').next().unwrap_or_default();
        kind.trim().eq_ignore_ascii_case(expected)
    })
}

/// Reads a body as JSON. What is wrong with it is not told: it may hold a password.
async fn read<T: DeserializeOwned>(request: Request) -> Result<T, Refusal> {
    let is_json = is_of_type(request.headers(), JSON);
    let body = bounded(request).await?;
    if !is_json {
        return Err(Refusal::NO_JSON);
    }
    serde_json::from_slice(&body).map_err(|_| Refusal::NOT_UNDERSTOOD)
}

fn json(value: &impl Serialize) -> Response {
    match serde_json::to_vec(value) {
        Ok(body) => ([(CONTENT_TYPE, JSON)], body).into_response(),
        Err(_) => StatusCode::INTERNAL_SERVER_ERROR.into_response(),
    }
}
