//! What a user may do: asked by a component, of its own CSD alone.

use std::sync::Arc;

use axum::Extension;
use axum::extract::{Request, State};
use axum::http::StatusCode;
use axum::response::Response;

use super::caller::caller;
use super::connection::Connection;
use super::{Refusal, json, read};
use crate::passport::audit::Entry;
use crate::passport::authority::Authority;
use crate::passport::components::Component;
use crate::passport::{Fault, descriptors, users};
use crate::registration::wire::{AuthoriseAnswer, AuthoriseRequest};

const NOT_ITS_OWN: Refusal = Refusal::Line(StatusCode::FORBIDDEN, "a component asks for itself alone");
/// Longest value that is even looked at, in bytes.
const MAX_VALUE: usize = 256;

/// `POST /countersign/v1/authorise`.
pub async fn authorise(
    State(authority): State<Arc<Authority>>,
    Extension(connection): Extension<Arc<Connection>>,
    request: Request,
) -> Result<Response, Refusal> {
    let asked: AuthoriseRequest = read(request).await?;
    let AuthoriseRequest { user, domain, component, resource, action } = &asked;
    if [user, domain, component, resource, action].iter().any(|value| value.len() > MAX_VALUE) {
        return Err(Refusal::NOT_UNDERSTOOD);
    }
    let caller = caller(&authority, &connection).await?;
    let is_own = *component == caller.identity.name;
    let allowed =
        is_own && allowed(&authority, &caller, &asked).await.map_err(|fault| Refusal::internal(&authority, &fault))?;
    let result = if allowed { "ok" } else { "refused" };
    let reason = format!("user {user:?} of {domain:?}: {action:?} on {resource:?} of {component:?}");
    let entry = Entry::new(connection.who(), "authorise").component(&caller.identity);
    authority.audit(entry.result(result, Some(&reason))).await;
    if is_own { Ok(json(&AuthoriseAnswer { allowed })) } else { Err(NOT_ITS_OWN) }
}

async fn allowed(authority: &Authority, caller: &Component, asked: &AuthoriseRequest) -> Result<bool, Fault> {
    let roles = users::roles(&authority.store, &asked.user, &asked.domain).await?;
    let access = descriptors::access(&authority.store, &caller.identity).await?;
    let own = users::of_component(&roles, &caller.identity.name);
    Ok(access.allows(own, &asked.resource, &asked.action))
}
