//! `common/conf/b2bi.toml`: what both engines share.

use std::io;
use std::path::Path;
use std::time::Duration;

use serde::Deserialize;

use super::failure::Failure;
use super::integration::Connection;
use crate::registration::est;
use crate::registration::signer::Signer;

const MIB: usize = 1024 * 1024;
/// The most that the largest document may be set to, in bytes.
pub const MAX_LIMIT: usize = 64 * MIB;
/// The most that a map's deadline may be set to, in seconds.
const MAX_DEADLINE: u64 = 60;

/// The settings, checked.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Settings {
    /// Port on which the integration engine takes documents; 0 is any free one.
    pub exchange_port: u16,
    /// The largest document, in bytes.
    pub document_limit: usize,
    /// How long a map may work on one document.
    pub map_deadline: Duration,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields, default)]
struct Raw {
    exchange_port: u16,
    document_limit: usize,
    map_deadline: u64,
    authority: Option<Signs>,
}

/// Who signs the engines' certificates.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Signs {
    kind: Kind,
    #[serde(default)]
    label: String,
    #[serde(default)]
    certificate: String,
}

#[derive(Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
enum Kind {
    Embedded,
    Est,
}

impl Default for Raw {
    fn default() -> Self {
        Self { exchange_port: 0, document_limit: 16, map_deadline: 5, authority: None }
    }
}

impl Settings {
    /// Reads and checks the file; what is missing, the file too, has its default.
    pub fn read(path: &Path) -> Result<Self, Failure> {
        let Some(text) = text(path)? else { return Ok(Self::checked(&Raw::default())) };
        Self::parse(&text).map_err(|why| Failure::Refused(format!("{}:{why}", path.display())))
    }

    fn parse(text: &str) -> Result<Self, String> {
        let raw = Raw::parse(text)?;
        if !(1..=MAX_LIMIT / MIB).contains(&raw.document_limit) {
            return Err(format!(" document_limit must be 1 to {} MiB", MAX_LIMIT / MIB));
        }
        if !(1..=MAX_DEADLINE).contains(&raw.map_deadline) {
            return Err(format!(" map_deadline must be 1 to {MAX_DEADLINE} seconds"));
        }
        Ok(Self::checked(&raw))
    }

    fn checked(raw: &Raw) -> Self {
        Self {
            exchange_port: raw.exchange_port,
            document_limit: raw.document_limit * MIB,
            map_deadline: Duration::from_secs(raw.map_deadline),
        }
    }
}

/// Who signs, as the file says; `connection` is where that is.
pub fn signer(path: &Path, connection: &Connection) -> Result<Signer, Failure> {
    let refused = |why: &str| Failure::Refused(format!("{}:{why}", path.display()));
    let raw = text(path)?.map_or_else(|| Ok(Raw::default()), |text| Raw::parse(&text)).map_err(|why| refused(&why))?;
    let Some(signs) = raw.authority.filter(|signs| signs.kind == Kind::Est) else { return Ok(Signer::Ours) };
    if !est::is_label(&signs.label) {
        return Err(refused(" authority.label must be letters, digits, dots, dashes and underscores"));
    }
    let anchors = est::anchors::read(signs.certificate.as_bytes());
    let anchors = anchors.map_err(|why| refused(&format!(" authority.certificate {why}")))?;
    let (host, port) = (connection.host.clone(), connection.https_port);
    Ok(Signer::Est(est::Server { host, port, label: signs.label, anchors }))
}

fn text(path: &Path) -> Result<Option<String>, Failure> {
    match std::fs::read_to_string(path) {
        Ok(text) => Ok(Some(text)),
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
        Err(error) => Err(Failure::CannotTell(format!("{} cannot be read: {error}", path.display()))),
    }
}

impl Raw {
    /// The error is the line and what is wrong there.
    fn parse(text: &str) -> Result<Self, String> {
        toml::from_str(text).map_err(|error| {
            let line = error.span().map_or(1, |span| 1 + text[..span.start].matches('\n').count());
            format!("{line}: {}", error.message())
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_shipped_settings_are_the_defaults() {
        assert_eq!(Settings::parse(&shipped("embedded", "")), Ok(Settings::checked(&Raw::default())));
    }

    /// What Install lays down.
    fn shipped(kind: &str, certificate: &str) -> String {
        include_str!("../../installer-assets/b2bi/common/conf/b2bi.toml")
            .replace("{authority_kind}", kind)
            .replace("{authority_label}", "b2bi")
            .replace("{authority_certificate}", certificate)
    }

    #[test]
    fn the_authority_is_ours_unless_the_file_names_an_est_server_and_its_ca() {
        let dir = tempfile::tempdir().expect("a folder");
        let path = dir.path().join("b2bi.toml");
        let connection =
            Connection { host: "ca.example".into(), https_port: 443, client_auth_port: 2, domain: "S".into() };
        let of = |text: &str| {
            std::fs::write(&path, text).expect("written");
            signer(&path, &connection)
        };
        assert_eq!(of("").expect("read"), Signer::Ours);
        assert_eq!(of(&shipped("embedded", "")).expect("read"), Signer::Ours);
        let error = of(&shipped("est", "")).expect_err("no CA").to_string();
        assert!(error.contains("authority.certificate holds no certificate"), "{error}");

        let mut params = rcgen::CertificateParams::default();
        params.is_ca = rcgen::IsCa::Ca(rcgen::BasicConstraints::Unconstrained);
        let ca = params.self_signed(&rcgen::KeyPair::generate().expect("a key")).expect("signed");
        let anchors = vec![ca.der().clone()];
        let text = shipped("est", &est::anchors::to_pem(&anchors));
        let server = est::Server { host: "ca.example".into(), port: 443, label: "b2bi".into(), anchors };
        assert_eq!(of(&text).expect("read"), Signer::Est(server));
        assert!(of(&text.replace("\"b2bi\"", "\"../x\"")).is_err());
    }

    #[test]
    fn a_mistake_is_named_with_its_line() {
        let unknown = Settings::parse("exchange_port = 0\nexchang = 1\n").expect_err("unknown");
        assert!(unknown.starts_with("2: "), "{unknown}");
        assert!(Settings::parse("document_limit = 0").expect_err("too small").contains("document_limit"));
        assert!(Settings::parse("map_deadline = 3600").expect_err("too long").contains("map_deadline"));
    }
}
