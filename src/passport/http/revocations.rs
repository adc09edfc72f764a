//! The revocation list, for whoever asks: it is public, and signed.

use std::sync::Arc;

use axum::extract::State;
use axum::http::header::CONTENT_TYPE;
use axum::response::{IntoResponse, Response};

use super::Refusal;
use crate::passport::authority::Authority;

/// RFC 5280, 4.2.1.13; RFC 2585, 4.2.
const TYPE: &str = "application/pkix-crl";

pub async fn list(State(authority): State<Arc<Authority>>) -> Result<Response, Refusal> {
    let list = authority.revocation_list().await.map_err(|fault| Refusal::internal(&authority, &fault))?;
    Ok(([(CONTENT_TYPE, TYPE)], list.to_vec()).into_response())
}
