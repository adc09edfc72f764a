//! Forward authentication: a web server asks whether a request may pass, and for whom it is.

use std::net::{IpAddr, SocketAddr};
use std::sync::Arc;

use axum::http::header::{CACHE_CONTROL, RETRY_AFTER, WWW_AUTHENTICATE};
use axum::http::{HeaderMap, HeaderName, HeaderValue, StatusCode, Uri};
use axum::response::{IntoResponse, Response};

use super::Log;
use super::basic::{credentials, list, value};
use super::cache::{Cache, Said};
use super::limits::Limits;
use super::repository::{Repository, Standing};
use super::set::Set;
use crate::registration::login::{Login, LoginError};
use crate::registration::wire::LoginAnswer;
use crate::secret::Secret;

const CLASS: &str = "Login";
const USER: HeaderName = HeaderName::from_static("x-countersign-user");
const DOMAIN: HeaderName = HeaderName::from_static("x-countersign-domain");
const ROLES: HeaderName = HeaderName::from_static("x-countersign-roles");
const REQUIRED: HeaderName = HeaderName::from_static("x-required-role");
const FORWARDED: HeaderName = HeaderName::from_static("x-forwarded-for");

/// What answers web servers.
pub struct Door {
    /// The repositories.
    pub set: Set,
    /// Logins of a moment ago.
    pub cache: Cache,
    /// Sources that failed.
    pub limits: Limits,
    /// Where it listens.
    pub address: SocketAddr,
    /// What tells of it.
    pub log: Log,
}

impl Door {
    /// Answers one request, which came from this peer, for the repository with this name or the first one.
    pub async fn answer(&self, name: Option<&str>, peer: SocketAddr, headers: &HeaderMap, uri: &Uri) -> Response {
        let now = self.set.now();
        let found = match name {
            Some(name) => now.iter().find(|one| one.name == name),
            None => now.first(),
        };
        let Some(repository) = found else {
            return line(StatusCode::NOT_FOUND, "there is no such repository");
        };
        let Standing::Serves(_) = repository.standing() else { return unserved(repository) };
        let Some((user, password)) = credentials(headers) else { return challenge(repository) };
        let source = source(peer.ip(), headers);
        let said = match self.said(repository, &user, &password, source).await {
            Ok(said) => said,
            Err(response) => return *response,
        };
        match said {
            Said::Refused => challenge(repository),
            Said::MustChange => line(StatusCode::FORBIDDEN, "the password must be changed first"),
            Said::Known(known) => match missing(&known, headers, uri) {
                Some(role) => {
                    line(StatusCode::FORBIDDEN, &format!("the user has not the role {}", role.escape_debug()))
                }
                None => passes(&known),
            },
        }
    }

    /// What PassPort says, or said a moment ago.
    async fn said(
        &self,
        repository: &Repository,
        user: &str,
        password: &Secret,
        source: IpAddr,
    ) -> Result<Said, Box<Response>> {
        let key = self.cache.key(&repository.name, user, password);
        if let Some(said) = self.cache.said(&key) {
            return Ok(said);
        }
        if let Some(seconds) = self.limits.wait(source) {
            return Err(Box::new(busy("too many failed logins from there", seconds)));
        }
        let _turn = self.cache.turn(&key).await;
        if let Some(said) = self.cache.said(&key) {
            return Ok(said);
        }
        let Standing::Serves(logins) = repository.standing() else { return Err(Box::new(unserved(repository))) };
        let about = format!("{}: user {user:?} from {source}", repository.name);
        let said = match logins.login(user, &repository.domain, password).await {
            Ok(Login::Known(known)) => Said::Known(Arc::new(known)),
            Ok(Login::Refused) => Said::Refused,
            Ok(Login::MustChange) => Said::MustChange,
            Err(error) => return Err(Box::new(self.unsaid(repository, &error, &about))),
        };
        match &said {
            Said::Known(_) => {
                self.limits.succeeded(source);
                self.log.info(CLASS, &format!("{about}: accepted"));
            }
            Said::Refused => {
                self.limits.failed(source);
                self.log.warn(CLASS, &format!("{about}: refused"));
            }
            Said::MustChange => self.log.info(CLASS, &format!("{about}: must change the password first")),
        }
        self.cache.keep(key, said.clone());
        Ok(said)
    }

    fn unsaid(&self, repository: &Repository, error: &LoginError, about: &str) -> Response {
        self.log.warn(CLASS, &format!("{about}: {error}"));
        match error {
            LoginError::Unreachable(why) => {
                repository.is_away(why);
                unserved(repository)
            }
            LoginError::Busy => busy("PassPort has too many failed logins", 1),
            LoginError::Answer(_) | LoginError::NotUnderstood(_) => {
                line(StatusCode::SERVICE_UNAVAILABLE, &error.to_string())
            }
        }
    }
}

/// Whose failures count together: the peer; behind a web server on this host, whom that one says it speaks for.
fn source(peer: IpAddr, headers: &HeaderMap) -> IpAddr {
    let peer = peer.to_canonical();
    if !peer.is_loopback() {
        return peer;
    }
    // The last one was added by the web server itself; those before it are what the client says.
    let last = headers.get_all(FORWARDED).iter().next_back().and_then(|value| value.to_str().ok());
    let last = last.and_then(|all| all.rsplit(',').next()).and_then(|last| last.trim().parse().ok());
    last.unwrap_or(peer)
}

/// The first role that is asked for and that the user has not.
fn missing(known: &LoginAnswer, headers: &HeaderMap, uri: &Uri) -> Option<String> {
    let pairs = uri.query().unwrap_or_default().split('&').filter_map(|pair| pair.strip_prefix("role="));
    let asked = pairs.map(decoded);
    let named = headers.get_all(REQUIRED).iter().map(|value| String::from_utf8_lossy(value.as_bytes()).into_owned());
    let all = asked.chain(named).collect::<Vec<_>>();
    let mut roles = all.iter().flat_map(|all| all.split(',')).map(str::trim).filter(|role| !role.is_empty());
    roles.find(|role| !known.roles.iter().any(|held| held == role)).map(str::to_owned)
}

/// A value of a query, without its percent signs (RFC 3986, section 2.1). What is no text becomes a role that nobody has.
fn decoded(text: &str) -> String {
    let mut bytes = Vec::with_capacity(text.len());
    let mut rest = text.as_bytes();
    while let Some((first, after)) = rest.split_first() {
        if let (b'%', Some(byte)) = (first, after.get(..2).and_then(byte)) {
            bytes.push(byte);
            rest = &after[2..];
        } else {
            bytes.push(if *first == b'+' { b' ' } else { *first });
            rest = after;
        }
    }
    String::from_utf8(bytes).unwrap_or_else(|_| "\u{fffd}".to_owned())
}

/// Two hexadecimal digits.
fn byte(digits: &[u8]) -> Option<u8> {
    let digit = |digit: &u8| char::from(*digit).to_digit(16).and_then(|digit| u8::try_from(digit).ok());
    let (high, low) = (digit(digits.first()?)?, digit(digits.get(1)?)?);
    Some(high << 4 | low)
}

fn passes(known: &LoginAnswer) -> Response {
    let (Some(user), Some(domain), Some(roles)) = (value(&known.user), value(&known.domain), list(&known.roles)) else {
        return line(StatusCode::FORBIDDEN, "the user's name or roles cannot stand in a header");
    };
    let headers =
        [(USER, user), (DOMAIN, domain), (ROLES, roles), (CACHE_CONTROL, HeaderValue::from_static("no-store"))];
    (StatusCode::OK, headers, "").into_response()
}

fn challenge(repository: &Repository) -> Response {
    let realm: String = repository
        .name
        .chars()
        .map(|c| if c.is_ascii_graphic() && c != '"' && c != '\\' || c == ' ' { c } else { '_' })
        .collect();
    let value = HeaderValue::try_from(format!("Basic realm=\"{realm}\", charset=\"UTF-8\""));
    let value = value.unwrap_or_else(|_| HeaderValue::from_static("Basic realm=\"PassPort\", charset=\"UTF-8\""));
    ([(WWW_AUTHENTICATE, value)], line(StatusCode::UNAUTHORIZED, "user and password are needed")).into_response()
}

fn unserved(repository: &Repository) -> Response {
    let why = repository.failure().map_or_else(|| "try again".to_owned(), |failure| failure.to_string());
    ([(RETRY_AFTER, HeaderValue::from_static("5"))], line(StatusCode::SERVICE_UNAVAILABLE, &why)).into_response()
}

fn busy(why: &str, seconds: u64) -> Response {
    ([(RETRY_AFTER, HeaderValue::from(seconds))], line(StatusCode::TOO_MANY_REQUESTS, why)).into_response()
}

fn line(status: StatusCode, text: &str) -> Response {
    (status, [(CACHE_CONTROL, HeaderValue::from_static("no-store"))], format!("{text}\n")).into_response()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_a_web_server_on_this_host_is_believed_whom_it_speaks_for() {
        let mut headers = HeaderMap::new();
        headers.append(FORWARDED, HeaderValue::from_static("198.51.100.9"));
        headers.append(FORWARDED, HeaderValue::from_static("203.0.113.1, 192.0.2.7"));
        let (here, there) = (IpAddr::from([127, 0, 0, 1]), IpAddr::from([192, 0, 2, 1]));
        assert_eq!(source(here, &headers), IpAddr::from([192, 0, 2, 7]));
        assert_eq!(source(there, &headers), there);
        assert_eq!(source(here, &HeaderMap::new()), here);
    }

    #[test]
    fn every_role_that_is_asked_for_must_be_held() {
        let roles = vec!["api-gateway:User".to_owned(), "a b".to_owned()];
        let known = LoginAnswer { user: "ada".into(), domain: "S".into(), roles };
        let lacks = |query: &str, header: &'static str| {
            let mut headers = HeaderMap::new();
            headers.append(REQUIRED, HeaderValue::from_static(header));
            missing(&known, &headers, &format!("/auth?{query}").parse().expect("a URI"))
        };
        assert_eq!(lacks("", ""), None);
        assert_eq!(lacks("role=api-gateway%3AUser&x=y&role=a+b", "api-gateway:User, a b"), None);
        assert_eq!(lacks("role=api-gateway:Administration", ""), Some("api-gateway:Administration".into()));
        assert_eq!(lacks("role=a+b", "c"), Some("c".into()));
        assert_eq!(lacks("role=%ff", ""), Some("\u{fffd}".into()));
        assert_eq!(lacks("role=%zz", ""), Some("%zz".into()));
    }
}
