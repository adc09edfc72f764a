//! `simpleenroll` and `simplereenroll` (RFC 7030, 4.2).

use std::sync::Arc;

use axum::Extension;
use axum::extract::{Path, Request, State};
use axum::http::header::CONTENT_TYPE;
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse, Response};

use super::super::connection::Connection;
use super::super::{Refusal, bounded};
use super::credentials::{Credentials, Given, given};
use super::{Label, body, exists, respond};
use crate::passport::audit::Entry;
use crate::passport::authority::Authority;
use crate::passport::basic::Denied;
use crate::passport::enrolment::{self, Answer, Asker};
use crate::passport::requests::Standing;
use crate::registration::state::State as Status;

/// What requests are sent as (RFC 7030, 4.2.1).
const REQUEST_TYPE: &str = "application/pkcs10";
const NOT_A_REQUEST: Refusal =
    Refusal::Line(StatusCode::UNSUPPORTED_MEDIA_TYPE, "the body's content type must be application/pkcs10");

/// `POST simpleenroll`: with the secret.
pub async fn enrol(
    State(authority): State<Arc<Authority>>,
    Extension(connection): Extension<Arc<Connection>>,
    label: Label,
    request: Request,
) -> Result<Response, Refusal> {
    let entry = Entry::new(connection.who(), "EST enrol");
    take(&authority, &connection, label, request, entry, None).await
}

/// `POST simplereenroll`: with the certificate to renew, or with the secret.
pub async fn reenrol(
    State(authority): State<Arc<Authority>>,
    Extension(connection): Extension<Arc<Connection>>,
    label: Label,
    request: Request,
) -> Result<Response, Refusal> {
    let entry = Entry::new(connection.who(), "EST renew");
    let renews = connection.serial().map(|serial| Asker::Certificate(serial.to_owned()));
    take(&authority, &connection, label, request, entry, renews).await
}

async fn take(
    authority: &Authority,
    connection: &Connection,
    label: Label,
    request: Request,
    entry: Entry,
    asker: Option<Asker>,
) -> Result<Response, Refusal> {
    let internal = |fault| Refusal::internal(authority, &fault);
    let headers = request.headers().clone();
    // Read to its end before any answer, so that the client's next request finds the connection in order.
    let body = bounded(request).await?;
    if !exists(authority, label.as_ref()).await? {
        return Ok(StatusCode::NOT_FOUND.into_response());
    }
    let (asker, entry) = match (asker, given(&headers)) {
        (Some(asker), _) => (asker, entry),
        (None, Given::Nothing | Given::Unusable) => return Ok(respond::unauthorised()),
        (None, Given::Credentials(credentials)) => match checked(authority, connection, credentials, entry).await? {
            Ok(holder) => holder,
            Err(answer) => return Ok(answer),
        },
    };
    if !is_request(&headers) {
        return Err(NOT_A_REQUEST);
    }
    let der = match body::decode(&body) {
        Ok(der) => der,
        Err(unreadable) => return Ok(respond::line(StatusCode::BAD_REQUEST, &unreadable.to_string())),
    };
    let label = label.as_ref().map(|Path(label)| label.as_str());
    match enrolment::enrol(authority, entry, &asker, label, &der).await.map_err(internal)? {
        Answer::Standing(standing) => told(standing, &headers).map_err(internal),
        Answer::NoComponent => Ok(respond::unauthorised()),
        Answer::OtherLabel => Ok(StatusCode::NOT_FOUND.into_response()),
    }
}

/// Who gave a secret that is accepted, else the answer.
async fn checked(
    authority: &Authority,
    connection: &Connection,
    credentials: Credentials,
    entry: Entry,
) -> Result<Result<(Asker, Entry), Response>, Refusal> {
    let Credentials { name, instance, secret } = credentials;
    let source = connection.source();
    let checked = authority.basic.check(&authority.store, &authority.limits, source, secret).await;
    match checked.map_err(|fault| Refusal::internal(authority, &fault))? {
        Ok(secret_id) => {
            let entry = entry.secret(&secret_id);
            Ok(Ok((Asker::Secret { name, instance, secret_id }, entry)))
        }
        Err(Denied::Busy) => Err(Refusal::BUSY),
        Err(Denied::Wrong) => {
            let reason = format!("a wrong secret for {name:?}, or EST with the secret is off");
            authority.audit(entry.result("refused", Some(&reason))).await;
            Ok(Err(respond::unauthorised()))
        }
    }
}

/// A client that says nothing of the type is believed; one that sends something else is not.
fn is_request(headers: &HeaderMap) -> bool {
    headers.get(CONTENT_TYPE).is_none_or(|value| {
        let kind = value.to_str().unwrap_or_default().split(';').next().unwrap_or_default();
        kind.trim().eq_ignore_ascii_case(REQUEST_TYPE)
    })
}

fn told(standing: Standing, headers: &HeaderMap) -> Result<Response, crate::passport::Fault> {
    match (standing.status, standing.certificate) {
        (Status::Registered, Some(certificate)) => respond::certificate(&certificate, headers),
        (status, _) if status.is_pending() => Ok(respond::pending(standing.id.as_deref(), &status)),
        (status, _) => {
            let reason = standing.reason.unwrap_or_else(|| status.to_string());
            // What was never taken in is no request that we can read; what was is refused.
            let is_unreadable = standing.id.is_none() && status == Status::ValidationRefused;
            let status = if is_unreadable { StatusCode::BAD_REQUEST } else { StatusCode::FORBIDDEN };
            Ok(respond::line(status, &reason))
        }
    }
}
