//! `simpleenroll` and `simplereenroll` (RFC 7030, 4.2).

use std::sync::Arc;

use axum::Extension;
use axum::extract::{Path, Request, State};
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse, Response};

use super::super::connection::Connection;
use super::super::{Refusal, bounded, is_of_type};
use super::credentials::{Credentials, Given, given};
use super::{Label, body, exists, respond};
use crate::passport::Fault;
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
    answered(&authority, take(&authority, &connection, label, request, entry, None).await)
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
    answered(&authority, take(&authority, &connection, label, request, entry, renews).await)
}

/// Why a request was not taken.
enum Trouble {
    Refusal(Refusal),
    Fault(Fault),
}

impl From<Refusal> for Trouble {
    fn from(refusal: Refusal) -> Self {
        Self::Refusal(refusal)
    }
}

impl From<Fault> for Trouble {
    fn from(fault: Fault) -> Self {
        Self::Fault(fault)
    }
}

/// Every client gives up over a status of 500 and above, and asks again over 202: so that is the answer to a fault of
/// ours that passes. The request is idempotent.
fn answered(authority: &Authority, taken: Result<Response, Trouble>) -> Result<Response, Refusal> {
    match taken {
        Ok(response) => Ok(response),
        Err(Trouble::Refusal(refusal)) => Err(refusal),
        Err(Trouble::Fault(fault)) if fault.is_temporary() => {
            authority.log.warn(format_args!("an EST client shall ask again: {fault}"));
            Ok(respond::later())
        }
        Err(Trouble::Fault(fault)) => Err(Refusal::internal(authority, &fault)),
    }
}

async fn take(
    authority: &Authority,
    connection: &Connection,
    label: Label,
    request: Request,
    entry: Entry,
    asker: Option<Asker>,
) -> Result<Response, Trouble> {
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
            Some(holder) => holder,
            None => return Ok(respond::unauthorised()),
        },
    };
    if !is_of_type(&headers, REQUEST_TYPE) {
        return Err(NOT_A_REQUEST.into());
    }
    let der = match body::decode(&body) {
        Ok(der) => der,
        Err(unreadable) => return Ok(respond::line(StatusCode::BAD_REQUEST, &unreadable.to_string())),
    };
    let label = label.as_ref().map(|Path(label)| label.as_str());
    match enrolment::enrol(authority, entry, &asker, label, &der).await? {
        Answer::Standing(standing) => Ok(told(standing, &headers)?),
        Answer::NoComponent => Ok(respond::unauthorised()),
        Answer::OtherLabel => Ok(StatusCode::NOT_FOUND.into_response()),
    }
}

/// Who gave a secret that is accepted; `None` for a wrong one.
async fn checked(
    authority: &Authority,
    connection: &Connection,
    credentials: Credentials,
    entry: Entry,
) -> Result<Option<(Asker, Entry)>, Trouble> {
    let Credentials { name, instance, secret } = credentials;
    let source = connection.source();
    match authority.basic.check(&authority.store, &authority.limits, source, secret).await? {
        Ok(secret_id) => {
            let entry = entry.secret(&secret_id);
            Ok(Some((Asker::Secret { name, instance, secret_id }, entry)))
        }
        Err(Denied::Busy) => Err(Refusal::BUSY.into()),
        Err(Denied::Wrong) => {
            let reason = format!("a wrong secret for {name:?}, or EST with the secret is off");
            authority.audit(entry.result("refused", Some(&reason))).await;
            Ok(None)
        }
    }
}

fn told(standing: Standing, headers: &HeaderMap) -> Result<Response, Fault> {
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
