//! Our EST client against the server of the est-ca crate, which is built in a workspace of its own.

use std::io::{BufRead, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::Duration;

use countersign::keystore::{self, KeyEntry};
use countersign::registration::enrol::{RegisterError, register};
use countersign::registration::est::EstError;
use countersign::registration::material::Material;
use countersign::registration::renew::{Renewal, renew, use_renewed};
use countersign::registration::state::State;
use rcgen::{CertificateParams, DnType, ExtendedKeyUsagePurpose, KeyPair, date_time_ymd};
use rustls_pki_types::CertificateDer;
use tempfile::TempDir;
use x509_parser::prelude::{FromDer, X509Certificate};

use crate::foreign::{Component, Pki, secret};

/// What the server takes.
pub const SECRET: &str = "foreign shared secret";

/// The server as a process, with a CA of its own.
pub struct EstCa {
    pub pki: Pki,
    pub port: u16,
    process: Child,
    _folder: TempDir,
}

impl EstCa {
    pub fn start() -> Self {
        let pki = Pki::new();
        let folder = tempfile::tempdir().expect("a folder");
        for (name, text) in [
            ("ca.pem", pki.ca.pem()),
            ("ca.key", pki.ca.key().serialize_pem()),
            ("server.pem", pem(&pki.server)),
            ("server.key", pki.server_key.serialize_pem()),
            ("secret", format!("{SECRET}\n")),
        ] {
            std::fs::write(folder.path().join(name), text).expect("written");
        }
        let mut process = Command::new(built())
            .arg(folder.path())
            .arg("0")
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .expect("started");
        let mut line = String::new();
        BufReader::new(process.stdout.take().expect("an output")).read_line(&mut line).expect("a line");
        let port = line.trim().parse().expect("a port");
        Self { pki, port, process, _folder: folder }
    }

    fn component(&self) -> Component {
        Component::new(self.port, self.pki.ca.der())
    }
}

impl Drop for EstCa {
    fn drop(&mut self) {
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

/// Builds the server, in a target folder below ours. Its dependencies must not enter our lock file.
fn built() -> PathBuf {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let target = root.join("target/est-ca");
    let built = Command::new(std::env::var("CARGO").unwrap_or_else(|_| "cargo".into()))
        .args(["build", "--release", "--locked", "--quiet", "--manifest-path"])
        .arg(root.join("tests/est-ca/Cargo.toml"))
        .env("CARGO_TARGET_DIR", &target)
        .status()
        .expect("cargo starts");
    assert!(built.success(), "tests/est-ca does not build: it needs libssl-dev and pkg-config");
    target.join("release/countersign-est-ca")
}

pub fn pem(certificate: &CertificateDer<'_>) -> String {
    use base64::Engine;
    let text = base64::engine::general_purpose::STANDARD.encode(certificate);
    format!("-----BEGIN CERTIFICATE-----\n{text}\n-----END CERTIFICATE-----\n")
}

fn subject(material: &Material) -> String {
    X509Certificate::from_der(material.leaf()).expect("read").1.subject().to_string()
}

#[tokio::test]
async fn a_component_registers_with_a_server_that_takes_single_lines_only() {
    let server = EstCa::start();
    let component = server.component();

    let refused = register(&component.site, &component.signer, &secret("another secret")).await.expect("answered");
    assert_eq!(refused.state, State::ValidationRefused);
    assert_eq!(refused.reason.as_deref(), Some("the secret of integrator/default does not fit"));
    let registered = register(&component.site, &component.signer, &secret(SECRET)).await.expect("answered");
    assert_eq!(registered.state, State::Registered);
    let material = component.site.material().expect("opens").expect("there");
    assert_eq!(subject(&material), "CN=integrator/default");
    assert_eq!(material.ca(), server.pki.ca.der());
    assert_eq!(component.files().len(), 3, "{:?}", component.files());

    let stranger = Component::new(server.port, Pki::new().ca.der());
    let error = register(&stranger.site, &stranger.signer, &secret(SECRET)).await.expect_err("not pinned");
    assert!(matches!(error, RegisterError::Est(EstError::Untrusted(..))), "{error}");
}

#[tokio::test]
async fn a_certificate_is_renewed_over_mutual_tls_and_the_old_one_kept_until_the_new_was_used() {
    let server = EstCa::start();
    let component = server.component();
    let (site, signer) = (&component.site, &component.signer);
    // Of a year, 30 days are left.
    let key = KeyPair::generate().expect("a key");
    let mut params = CertificateParams::default();
    params.distinguished_name = rcgen::DistinguishedName::new();
    params.distinguished_name.push(DnType::OrganizationName, "Elsewhere");
    params.distinguished_name.push(DnType::CommonName, "integrator/default");
    params.extended_key_usages = vec![ExtendedKeyUsagePurpose::ClientAuth];
    let days_from_now = |days: i64| {
        let seconds = jiff::Timestamp::now().as_second() + days * 24 * 60 * 60;
        date_time_ymd(1970, 1, 1) + Duration::from_secs(u64::try_from(seconds).expect("after 1970"))
    };
    params.not_before = days_from_now(-335);
    params.not_after = days_from_now(30);
    let leaf = params.signed_by(&key, &server.pki.ca).expect("signed");
    let entry = KeyEntry {
        alias: "integrator".into(),
        created: jiff::Timestamp::now(),
        key: key.serialize_der().into(),
        chain: vec![leaf.der().to_vec(), server.pki.ca.der().to_vec()],
    };
    keystore::store(&site.keystore(), &entry, &secret("keystore password")).expect("stored");

    let renewed = renew(site, signer, &secret("not even used")).await.expect("renewed");
    let Renewal::Renewed(old) = renewed else { panic!("{renewed:?}") };
    let material = site.material().expect("opens").expect("there");
    assert_ne!(material.leaf(), leaf.der());
    assert_eq!(subject(&material), "CN=integrator/default");
    let kept = keystore::open(&old.join(site.keystore().file_name().expect("a name"))).expect("opens").expect("there");
    assert_eq!(kept.keys[0].key, entry.key);
    assert_ne!(material.key.secret_der(), entry.key.as_slice(), "a new key pair");
    // As an interruption just before the end leaves it.
    for leftover in ["next.key", "next.csrid"] {
        std::fs::write(format!("{}.{leftover}", site.keystore().display()), "left").expect("written");
    }
    assert!(matches!(renew(site, signer, &secret("x")).await, Ok(Renewal::NotDue)));

    assert!(use_renewed(site, signer, &secret("x")).await.expect("believed"));
    assert!(!old.exists() && site.old().is_none());
    assert_eq!(component.files().len(), 3, "{:?}", component.files());
    assert!(!use_renewed(site, signer, &secret("x")).await.expect("nothing to do"));
}
