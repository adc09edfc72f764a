//! Login of users. The TLS handshake has proved a component's certificate before anything is read here.

use std::sync::Arc;

use axum::Extension;
use axum::extract::{Request, State};
use axum::response::Response;

use super::connection::Connection;
use super::{Refusal, json, read};
use crate::passport::Fault;
use crate::passport::audit::Entry;
use crate::passport::authority::Authority;
use crate::passport::store::query_scalar;
use crate::registration::wire::LoginRequest;
use crate::secret::Secret;

/// Longest user name and domain, in bytes.
const MAX_NAME: usize = 256;

pub async fn login(
    State(authority): State<Arc<Authority>>,
    Extension(connection): Extension<Arc<Connection>>,
    request: Request,
) -> Result<Response, Refusal> {
    let LoginRequest { user, password, domain } = read(request).await?;
    let password = Secret::new(password);
    if user.len() > MAX_NAME || domain.len() > MAX_NAME {
        return Err(Refusal::NOT_UNDERSTOOD);
    }
    let answer = checked(&authority, &connection, &user, &domain, password)
        .await
        .map_err(|fault| Refusal::internal(&authority, &fault))?;
    let serial = connection.serial().unwrap_or_default();
    let entry = Entry::new(connection.who(), "login").serial(serial);
    let reason = format!("user {user:?} of {domain:?}");
    let result = if answer.is_some() { "ok" } else { "refused" };
    authority.audit(entry.result(result, Some(&reason))).await;
    answer.map(|answer| json(&answer)).ok_or(Refusal::Unproved)
}

async fn checked(
    authority: &Authority,
    connection: &Connection,
    user: &str,
    domain: &str,
    password: Secret,
) -> Result<Option<crate::registration::wire::LoginAnswer>, Fault> {
    // A connection that was open when its certificate was revoked must not go on.
    let revoked: Option<i64> = query_scalar("SELECT revoked FROM certificates WHERE serial = $1")
        .bind(connection.serial())
        .fetch_optional(authority.store.reader())
        .await?
        .flatten();
    if revoked.is_some() { Ok(None) } else { authority.users.login(&authority.store, user, domain, password).await }
}
