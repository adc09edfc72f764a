//! The answer of a port to the question for its status.

use rustls_pki_types::CertificateDer;

use crate::registration::prove::difference_to_now;
use crate::registration::wire::StatusAnswer;

/// What came back over TLS.
#[derive(Debug)]
pub struct Answer {
    /// The server's certificates, its own first.
    pub chain: Vec<CertificateDer<'static>>,
    /// Whether the authority of ours says that it is one.
    pub is_authority: bool,
    /// The server's clock less ours, in seconds.
    pub clock: Option<i64>,
    /// The first line.
    pub line: String,
}

impl Answer {
    /// Reads it as HTTP/1.
    pub fn read(bytes: &[u8], chain: Vec<CertificateDer<'static>>) -> Self {
        let text = String::from_utf8_lossy(bytes);
        let (head, body) = text.split_once("\r\n\r\n").unwrap_or((&text, ""));
        let mut lines = head.lines();
        let line = lines.next().unwrap_or_default().trim().to_owned();
        let mut headers = lines.filter_map(|line| line.split_once(':'));
        let date = headers.find(|(name, _)| name.trim().eq_ignore_ascii_case("date"));
        let is_authority = serde_json::from_str(body).is_ok_and(|status: StatusAnswer| status.product == "passport");
        Self { chain, is_authority, clock: date.and_then(|(_, date)| difference_to_now(date.trim())), line }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_authority_is_told_from_others_and_its_date_is_read() {
        let read = |text: &str| Answer::read(text.as_bytes(), Vec::new());
        let ours = read(
            "HTTP/1.1 200 OK\r\ndate: Thu, 01 Jan 2015 00:00:00 GMT\r\n\r\n{\"product\":\"passport\",\"version\":\"1\"}",
        );
        assert!(ours.is_authority && ours.clock.is_some_and(|clock| clock < -300_000_000));
        let other = read("HTTP/1.0 404 Not Found\r\nServer: x\r\n\r\n<html>");
        assert!(!other.is_authority && other.clock.is_none());
        assert_eq!(other.line, "HTTP/1.0 404 Not Found");
        assert_eq!(read("").line, "");
    }
}
