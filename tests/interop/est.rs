//! A running authority with EST on, and other people's programs as its clients.

use std::path::{Path, PathBuf};
use std::process::{Command, Output};
use std::sync::Arc;

use tempfile::TempDir;

use crate::fixture::{Authority, SECRET};

/// The authority, its CA as PEM, and a folder for a client's files.
pub struct Est {
    pub authority: Authority,
    folder: Arc<TempDir>,
}

impl Est {
    /// With both engines known and the secret accepted by EST.
    pub async fn ready() -> Self {
        let authority = Authority::ready().await;
        authority.set_property("am.registration.est.basic", "on").await;
        let folder = Arc::new(tempfile::tempdir().expect("a folder"));
        let est = Self { authority, folder };
        let ca = est.path("ca.pem");
        est.verb(&["certificate", "export", "ca", "--pem", "--out", ca.to_str().expect("text")]).await;
        est
    }

    pub fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    pub fn url(&self, path: &str) -> String {
        format!("https://localhost:{}{path}", self.authority.https_port)
    }

    /// Runs an administrator's verb of the real binary; it must succeed.
    pub async fn verb(&self, arguments: &[&str]) -> String {
        let home = self.authority.home.path().to_str().expect("text").to_owned();
        let arguments: Vec<&str> = ["passport"].iter().chain(arguments).copied().chain(["--home", &home]).collect();
        text(&self.succeeds(env!("CARGO_BIN_EXE_countersign"), &arguments).await)
    }

    /// Runs a program in the client's folder; it must succeed.
    pub async fn succeeds(&self, program: &str, arguments: &[&str]) -> Vec<u8> {
        let output = self.run(program, arguments).await;
        let said = String::from_utf8_lossy(&output.stderr);
        assert!(output.status.success(), "{program} {arguments:?}: {said}");
        output.stdout
    }

    /// Runs a program in the client's folder, however it ends.
    pub async fn run(&self, program: &str, arguments: &[&str]) -> Output {
        let mut command = Command::new(program);
        command.args(arguments).current_dir(self.folder.path()).env("LC_ALL", "C.UTF-8");
        let run = tokio::task::spawn_blocking(move || command.output()).await.expect("run");
        run.unwrap_or_else(|error| panic!("{program} cannot be run ({error}): see tests/run for its package"))
    }

    /// A P-256 key `NAME.key` and a request `NAME.csr` for it, both PEM, with these further arguments of `openssl req`.
    pub async fn request(&self, name: &str, more: &[&str]) {
        let (key, request) = (format!("{name}.key"), format!("{name}.csr"));
        let key: Vec<&str> =
            ["genpkey", "-quiet", "-algorithm", "EC", "-pkeyopt", "ec_paramgen_curve:P-256", "-out", &key].to_vec();
        self.succeeds("openssl", &key).await;
        let key = key[key.len() - 1];
        let arguments = ["req", "-new", "-key", key, "-subj", "/CN=printer", "-out", &request];
        self.succeeds("openssl", &[&arguments[..], more].concat()).await;
    }

    /// What openssl reads off the certificate in this file.
    pub async fn certificate(&self, file: &str) -> String {
        let text_of = ["x509", "-in", file, "-noout", "-text", "-certopt", "no_sigdump,no_pubkey"];
        let shown = text(&self.succeeds("openssl", &text_of).await);
        self.succeeds("openssl", &["verify", "-CAfile", "ca.pem", file]).await;
        shown
    }

    pub fn file(&self, name: &str) -> Vec<u8> {
        std::fs::read(self.path(name)).expect("a file")
    }

    /// A file of the client, closed to others.
    pub fn write(&self, name: &str, content: impl AsRef<[u8]>) {
        countersign::fs::replace(Path::new(&self.path(name)), content.as_ref(), 0o600).expect("written");
    }
}

/// What curl got.
#[derive(Debug)]
pub struct Answer {
    pub status: u16,
    pub headers: String,
    pub body: Vec<u8>,
}

impl Answer {
    pub fn header(&self, name: &str) -> Option<&str> {
        let is_it = |line: &&str| line.split(':').next().is_some_and(|found| found.eq_ignore_ascii_case(name));
        self.headers.lines().find(is_it).and_then(|line| line.split_once(": ")).map(|(_, value)| value.trim())
    }

    pub fn line(&self) -> &str {
        let body = std::str::from_utf8(&self.body).expect("text");
        assert!(body.ends_with('\n') && body.trim_end().lines().count() == 1, "one line: {body:?}");
        body.trim_end()
    }
}

impl Est {
    /// Asks with curl, the secret in a file.
    pub async fn curl(&self, path: &str, user: Option<&str>, more: &[&str]) -> Answer {
        let url = self.url(path);
        let mut arguments = vec!["--silent", "--show-error", "--cacert", "ca.pem", "--dump-header", "head.txt"];
        if let Some(user) = user {
            self.write("curl.conf", format!("user = \"{user}:{SECRET}\"\n"));
            arguments.extend(["--config", "curl.conf"]);
        }
        arguments.extend(more);
        arguments.extend(["--output", "body.bin", "--write-out", "%{http_code}", &url]);
        self.write("body.bin", "");
        let status = text(&self.succeeds("curl", &arguments).await);
        let headers = String::from_utf8(self.file("head.txt")).expect("text");
        Answer { status: status.parse().expect("a status"), headers, body: self.file("body.bin") }
    }

    /// Enrols with curl; the body is in a file, `@NAME`.
    pub async fn enrol(&self, user: &str, body: &str, more: &[&str]) -> Answer {
        let arguments = ["--header", "Content-Type: application/pkcs10", "--data-binary", body];
        self.curl("/.well-known/est/simpleenroll", Some(user), &[&arguments[..], more].concat()).await
    }

    /// Writes the certificate in an answer as PEM, by openssl alone.
    pub async fn unpack(&self, answer: &Answer, file: &str) {
        assert_eq!(answer.status, 200, "{answer:?}");
        self.write("answer.b64", &answer.body);
        self.succeeds("openssl", &["base64", "-d", "-A", "-in", "answer.b64", "-out", "answer.p7"]).await;
        let unpack = ["pkcs7", "-inform", "DER", "-in", "answer.p7", "-print_certs", "-out", file];
        self.succeeds("openssl", &unpack).await;
        let pem = String::from_utf8(self.file(file)).expect("text");
        assert_eq!(pem.matches("BEGIN CERTIFICATE").count(), 1, "exactly one certificate");
    }
}

fn text(bytes: &[u8]) -> String {
    String::from_utf8_lossy(bytes).into_owned()
}

#[test]
fn ours_and_other_peoples_clients_enrol_at_an_authority_on_postgresql_too() {
    crate::postgres::run_again(&["est_curl::", "est_ours::", "est_strongswan::"]);
}
