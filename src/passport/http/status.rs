//! Whether the authority is up: no proof, no certificate needed.

use axum::response::Response;

use super::json;
use crate::registration::wire::StatusAnswer;

pub async fn status() -> Response {
    json(&StatusAnswer { product: "passport".into(), version: env!("CARGO_PKG_VERSION").into() })
}
