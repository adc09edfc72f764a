//! Enrolment over Secure Transport (RFC 7030 with the corrections of RFC 8951), for clients that we did not write: one
//! style of answers that all of them can read, and every form of request that they send.

pub mod body;
mod credentials;
mod enrol;
mod respond;

use std::sync::Arc;

use axum::Router;
use axum::extract::{Path, State};
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse, Response};
use axum::routing::{get, post};

use super::Refusal;
use crate::passport::authority::Authority;
use crate::passport::{Fault, components};

/// The longest label that is looked up, in bytes.
const MAX_LABEL: usize = 256;

/// The paths, each with and without a label: a component's name (RFC 7030, 3.2.2).
pub(super) fn routes() -> Router<Arc<Authority>> {
    let operations = || {
        Router::new()
            .route("/cacerts", get(cacerts))
            .route("/csrattrs", get(csrattrs))
            .route("/simpleenroll", post(enrol::enrol))
            .route("/simplereenroll", post(enrol::reenrol))
    };
    Router::new().nest("/.well-known/est", operations()).nest("/.well-known/est/{label}", operations())
}

/// The label of a request, if its path has one.
type Label = Option<Path<String>>;

async fn cacerts(
    State(authority): State<Arc<Authority>>,
    label: Label,
    headers: HeaderMap,
) -> Result<Response, Refusal> {
    let internal = |fault: Fault| Refusal::internal(&authority, &fault);
    if !exists(&authority, label.as_ref()).await.map_err(internal)? {
        return Ok(StatusCode::NOT_FOUND.into_response());
    }
    respond::certificate(authority.ca.certificate(), &headers).map_err(internal)
}

/// Nothing that a request must hold (RFC 7030, 4.5.2).
async fn csrattrs(State(authority): State<Arc<Authority>>, label: Label) -> Result<StatusCode, Refusal> {
    let exists = exists(&authority, label.as_ref()).await.map_err(|fault| Refusal::internal(&authority, &fault))?;
    Ok(if exists { StatusCode::NO_CONTENT } else { StatusCode::NOT_FOUND })
}

/// Whether there is such a label.
async fn exists(authority: &Authority, label: Option<&Path<String>>) -> Result<bool, Fault> {
    match label {
        None => Ok(true),
        Some(Path(label)) if label.len() > MAX_LABEL => Ok(false),
        Some(Path(label)) => components::is_name(&authority.store, label).await,
    }
}
