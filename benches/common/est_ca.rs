//! The EST server of the est-ca crate, which stores nothing, in a process of its own.

use std::io::{BufRead, BufReader};
use std::path::Path;
use std::process::{Child, Command, Stdio};

use rcgen::{BasicConstraints, CertificateParams, CertifiedIssuer, DnType, ExtendedKeyUsagePurpose, IsCa, KeyPair};

use super::authority::SECRET;

/// As `tests/run` builds it.
const PROGRAM: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/target/est-ca/release/countersign-est-ca");
const BUILD: &str =
    "CARGO_TARGET_DIR=target/est-ca cargo build --release --locked --manifest-path tests/est-ca/Cargo.toml";

/// A running one.
pub struct EstCa {
    pub port: u16,
    process: Child,
}

impl EstCa {
    /// Runs it with keys of its own, kept in this folder; `None`, and one line that says why, when it was not built.
    pub fn run(folder: &Path) -> Option<Self> {
        if !Path::new(PROGRAM).exists() {
            println!("est-ca is left out: build it with `{BUILD}`");
            return None;
        }
        let key = KeyPair::generate().expect("a key");
        let mut params = CertificateParams::default();
        params.distinguished_name.push(DnType::CommonName, "est-ca");
        params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
        let ca = CertifiedIssuer::self_signed(params, key).expect("a CA");
        let server_key = KeyPair::generate().expect("a key");
        let mut params = CertificateParams::new(["localhost".to_owned()]).expect("params");
        params.extended_key_usages = vec![ExtendedKeyUsagePurpose::ServerAuth];
        let server = params.signed_by(&server_key, &ca).expect("signed");
        std::fs::create_dir(folder).expect("a folder");
        for (name, text) in [
            ("ca.pem", ca.pem()),
            ("ca.key", ca.key().serialize_pem()),
            ("server.pem", server.pem()),
            ("server.key", server_key.serialize_pem()),
            ("secret", SECRET.to_owned()),
        ] {
            std::fs::write(folder.join(name), text).expect("written");
        }
        let mut process = Command::new(PROGRAM)
            .arg(folder)
            .arg("0")
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .expect("it runs");
        let mut line = String::new();
        BufReader::new(process.stdout.take().expect("its output")).read_line(&mut line).expect("a line");
        Some(Self { port: line.trim().parse().expect("a port"), process })
    }

    pub fn pid(&self) -> u32 {
        self.process.id()
    }
}

impl Drop for EstCa {
    fn drop(&mut self) {
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}
