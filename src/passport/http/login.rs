//! Login of users, and their change of a password. The TLS handshake has proved a component's certificate before anything
//! is read here.

use std::sync::Arc;

use axum::Extension;
use axum::extract::{Request, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};

use super::caller::caller;
use super::connection::Connection;
use super::{Refusal, json, read};
use crate::passport::audit::Entry;
use crate::passport::authority::Authority;
use crate::passport::limits::{Attempt, Kind, Source};
use crate::passport::users::Change;
use crate::registration::wire::{LoginAnswer, LoginRequest, PasswordRequest};
use crate::secret::Secret;

/// Longest user name and domain, in bytes.
const MAX_NAME: usize = 256;
const BUSY: Refusal = Refusal::Line(StatusCode::TOO_MANY_REQUESTS, "too many failed logins: try again later");
const MUST_CHANGE: Refusal = Refusal::Line(StatusCode::FORBIDDEN, "the password must be changed first");

/// `POST /countersign/v1/login`.
pub async fn login(
    State(authority): State<Arc<Authority>>,
    Extension(connection): Extension<Arc<Connection>>,
    request: Request,
) -> Result<Response, Refusal> {
    let LoginRequest { user, password, domain } = read(request).await?;
    let password = Secret::new(password);
    let attempts = Attempts::admit(&authority, &connection, &user, &domain).await?;
    let answer = authority.users.login(&authority.store, &user, &domain, password).await;
    let known = attempts.ended(&authority, answer, Option::is_some)?;
    let result = if known.is_some() { "ok" } else { "refused" };
    let reason = match &known {
        Some(known) if known.must_change => format!("user {user:?} of {domain:?} must change the password first"),
        _ => format!("user {user:?} of {domain:?}"),
    };
    let entry = Entry::new(connection.who(), "login").serial(connection.serial().unwrap_or_default());
    authority.audit(entry.result(result, Some(&reason))).await;
    match known {
        None => Err(Refusal::Unproved),
        Some(known) if known.must_change => Err(MUST_CHANGE),
        Some(known) => Ok(json(&LoginAnswer { user, domain, roles: known.roles })),
    }
}

/// `POST /countersign/v1/password`.
pub async fn password(
    State(authority): State<Arc<Authority>>,
    Extension(connection): Extension<Arc<Connection>>,
    request: Request,
) -> Result<Response, Refusal> {
    let PasswordRequest { user, domain, password, new_password } = read(request).await?;
    let passwords = [Secret::new(password), Secret::new(new_password)];
    let attempts = Attempts::admit(&authority, &connection, &user, &domain).await?;
    let who = connection.who();
    let changed = authority.users.change(&authority.store, who.clone(), &user, &domain, passwords).await;
    let refused = match attempts.ended(&authority, changed, |change| *change != Change::Unproved)? {
        Change::Done => return Ok(StatusCode::NO_CONTENT.into_response()),
        Change::Unproved => Refusal::Unproved,
        Change::Refused(rule) => Refusal::Line(StatusCode::FORBIDDEN, rule),
    };
    let entry = Entry::new(who, "password change").serial(connection.serial().unwrap_or_default());
    authority.audit(entry.result("refused", Some(&format!("user {user:?} of {domain:?}")))).await;
    Err(refused)
}

/// An attempt of the asking component and one at the user: both are slowed down by failures.
struct Attempts([Attempt; 2]);

impl Attempts {
    /// Waits until both may go on. Refused for a component whose certificate was revoked since the handshake.
    async fn admit(authority: &Authority, connection: &Connection, user: &str, domain: &str) -> Result<Self, Refusal> {
        if user.len() > MAX_NAME || domain.len() > MAX_NAME {
            return Err(Refusal::NOT_UNDERSTOOD);
        }
        caller(authority, connection).await?;
        let source = authority.limits.admit(connection.source(), Kind::Login).await.map_err(|_| BUSY)?;
        if let Ok(person) = authority.limits.admit(Source::user(user, domain), Kind::Login).await {
            Ok(Self([source, person]))
        } else {
            source.withdrawn();
            Err(BUSY)
        }
    }

    /// Ends both; a fault of ours counts for nobody.
    fn ended<T>(
        self,
        authority: &Authority,
        answer: Result<T, crate::passport::Fault>,
        holds: impl FnOnce(&T) -> bool,
    ) -> Result<T, Refusal> {
        match answer {
            Ok(answer) => {
                if holds(&answer) {
                    self.0.into_iter().for_each(Attempt::succeeded);
                }
                Ok(answer)
            }
            Err(fault) => {
                self.0.into_iter().for_each(Attempt::withdrawn);
                Err(Refusal::internal(authority, &fault))
            }
        }
    }
}
