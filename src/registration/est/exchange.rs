//! One request to an EST server, on a connection of its own that only the pinned CA's server can answer.

use std::io;
use std::sync::Arc;
use std::time::Duration;

use http_body_util::{BodyExt, Full, Limited};
use hyper::body::Bytes;
use hyper::client::conn::http1::handshake;
use hyper::header::{
    AUTHORIZATION, CONNECTION, CONTENT_TYPE, DATE, HOST, HeaderMap, HeaderName, HeaderValue, RETRY_AFTER, USER_AGENT,
};
use hyper::{Method, Request, StatusCode};
use hyper_util::rt::TokioIo;
use rustls_pki_types::ServerName;
use tokio::net::TcpStream;
use tokio_rustls::TlsConnector;
use tokio_rustls::client::TlsStream;

use super::{EstError, Server};
use crate::registration::material::Material;
use crate::registration::prove::difference_to_now;
use crate::registration::tls::{Trust, client_config};

/// How long one request may take.
const DEADLINE: Duration = Duration::from_secs(30);
/// The longest answer that is read, in bytes.
const LONGEST: usize = 256 * 1024;
/// How much of an answer's text people see, in characters.
const SHOWN: usize = 200;
/// How long a server is left alone that does not say when to come back.
const UNSAID: Duration = Duration::from_mins(1);
/// The longest time to come back after that is believed.
pub(in crate::registration) const LATEST: Duration = Duration::from_hours(24);

/// What is sent besides the path.
pub(super) enum Message {
    /// GET.
    Nothing,
    /// POST of a certificate request, with the value of `Authorization` where there is one.
    Request(String, Option<HeaderValue>),
}

/// What came back.
pub(super) struct Reply {
    pub status: StatusCode,
    /// The server's clock less ours, in seconds.
    pub clock: Option<i64>,
    /// When to come back.
    pub retry_after: Duration,
    pub body: Bytes,
}

impl Reply {
    /// The answer's text as one line for people: printable, and not too long.
    pub fn line(&self) -> String {
        let text = String::from_utf8_lossy(&self.body);
        let words: Vec<&str> = text.split_whitespace().collect();
        let line: String = words.join(" ").chars().filter(|one| !one.is_control()).take(SHOWN).collect();
        if line.is_empty() { "without a reason".to_owned() } else { line }
    }
}

/// Asks one operation, showing a certificate where there is one.
pub(super) async fn ask(
    server: &Server,
    operation: &str,
    message: Message,
    identity: Option<&Material>,
) -> Result<Reply, EstError> {
    let exchange = async {
        let tls = connect(server, identity).await?;
        send(server, operation, message, tls).await
    };
    let late = || EstError::Unreachable(server.address(), format!("no answer within {} s", DEADLINE.as_secs()));
    tokio::time::timeout(DEADLINE, exchange).await.map_err(|_| late())?
}

async fn connect(server: &Server, identity: Option<&Material>) -> Result<TlsStream<TcpStream>, EstError> {
    let unreachable = |error: io::Error| EstError::Unreachable(server.address(), error.to_string());
    let config = client_config(Trust::Anchors(server.anchors.clone()), identity)
        .map_err(|error| EstError::Setting(format!("the pinned CA or the certificate cannot be used: {error}")))?;
    let name = ServerName::try_from(server.host.clone())
        .map_err(|_| EstError::Setting(format!("{} is no host name", server.host)))?;
    let stream = TcpStream::connect((server.host.as_str(), server.port)).await.map_err(unreachable)?;
    let _ = stream.set_nodelay(true);
    TlsConnector::from(Arc::new(config)).connect(name, stream).await.map_err(|error| match error.kind() {
        io::ErrorKind::InvalidData => EstError::Untrusted(server.address(), error.to_string()),
        _ => unreachable(error),
    })
}

async fn send(
    server: &Server,
    operation: &str,
    message: Message,
    tls: TlsStream<TcpStream>,
) -> Result<Reply, EstError> {
    let broken = |error: hyper::Error| EstError::Unreachable(server.address(), innermost(&error));
    let (mut sender, driver) = handshake(TokioIo::new(tls)).await.map_err(broken)?;
    tokio::spawn(driver);
    let request = request(server, operation, message)
        .map_err(|error| EstError::Setting(format!("authority.label or the secret cannot be sent: {error}")))?;
    // The connection's task takes a request only once it has been polled.
    sender.ready().await.map_err(broken)?;
    let answer = sender.send_request(request).await.map_err(broken)?;
    let (head, body) = answer.into_parts();
    let body = Limited::new(body, LONGEST).collect().await.map_err(|error| {
        EstError::Answer(server.address(), format!("{} and its body was not read: {error}", head.status))
    })?;
    let clock = text(&head.headers, &DATE).and_then(difference_to_now);
    let retry_after = text(&head.headers, &RETRY_AFTER).and_then(|text| until(text, clock)).unwrap_or(UNSAID);
    Ok(Reply { status: head.status, clock, retry_after, body: body.to_bytes() })
}

fn request(server: &Server, operation: &str, message: Message) -> Result<Request<Full<Bytes>>, hyper::http::Error> {
    let request = Request::builder()
        .uri(server.path(operation))
        .header(HOST, server.address())
        .header(USER_AGENT, concat!("countersign/", env!("CARGO_PKG_VERSION")))
        .header(CONNECTION, "close");
    match message {
        Message::Nothing => request.method(Method::GET).body(Full::default()),
        Message::Request(body, authorization) => {
            let mut request = request
                .method(Method::POST)
                .header(CONTENT_TYPE, "application/pkcs10")
                .header(HeaderName::from_static("content-transfer-encoding"), "base64");
            if let Some(value) = authorization {
                request = request.header(AUTHORIZATION, value);
            }
            request.body(Full::new(Bytes::from(body)))
        }
    }
}

fn text<'a>(headers: &'a HeaderMap, name: &HeaderName) -> Option<&'a str> {
    headers.get(name)?.to_str().ok().map(str::trim)
}

/// `Retry-After` (RFC 9110 section 10.2.3): seconds, or a date by the server's own clock. Never less than a second.
fn until(text: &str, clock: Option<i64>) -> Option<Duration> {
    let seconds = match text.parse::<u64>() {
        Ok(seconds) => seconds,
        Err(_) => u64::try_from(difference_to_now(text)? - clock.unwrap_or_default()).unwrap_or_default(),
    };
    Some(Duration::from_secs(seconds).clamp(Duration::from_secs(1), LATEST))
}

fn innermost(error: &dyn std::error::Error) -> String {
    let mut reason = error;
    while let Some(inner) = reason.source() {
        reason = inner;
    }
    reason.to_string()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn when_to_come_back_is_read_as_seconds_and_as_a_date() {
        assert_eq!(until("2", None), Some(Duration::from_secs(2)));
        assert_eq!(until("0", None), Some(Duration::from_secs(1)));
        assert_eq!(until("99999999", None), Some(LATEST));
        assert_eq!(until("soon", None), None);
        let date = |ahead: i64| {
            let zoned =
                (jiff::Timestamp::now() + jiff::SignedDuration::from_secs(ahead)).to_zoned(jiff::tz::TimeZone::UTC);
            zoned.strftime("%a, %d %b %Y %H:%M:%S GMT").to_string()
        };
        let near = |wanted: u64, got: Option<Duration>| got.is_some_and(|got| got.as_secs().abs_diff(wanted) <= 1);
        assert!(near(120, until(&date(120), None)));
        assert!(near(60, until(&date(120), Some(60))), "by the server's clock");
        assert_eq!(until(&date(-120), None), Some(Duration::from_secs(1)));
    }

    #[test]
    fn an_answers_text_is_one_printable_line() {
        let line = |body: &'static [u8]| {
            let body = Bytes::from_static(body);
            Reply { status: StatusCode::FORBIDDEN, clock: None, retry_after: UNSAID, body }.line()
        };
        assert_eq!(line(b"no such\r\n user\x1b[31m\n"), "no such user[31m");
        assert_eq!(line(b"  \n"), "without a reason");
        assert_eq!(line(&[b'a'; 1000]).len(), SHOWN);
    }
}
