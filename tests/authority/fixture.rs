//! A real authority in this process: its own home, its own ports, stopped over its admin socket.

use std::path::{Path, PathBuf};
use std::time::Duration;

use countersign::daemon::control;
use countersign::passport::config::Config;
use countersign::passport::init::Storage;
use countersign::passport::{Home, init, serve};
use countersign::registration::admin;
use countersign::registration::material::Material;
use countersign::registration::prove::{Peer, ProofError, Proved, prove};
use countersign::registration::wire::{Identity, Purpose};
use countersign::secret::Secret;
use rcgen::{CertificateParams, KeyPair};
use rustls_pki_types::{CertificateDer, PrivatePkcs8KeyDer};
use serde_json::{Value, json};
use tempfile::TempDir;
use tokio::task::JoinHandle;

pub const HOST: &str = "127.0.0.1";
pub const SECRET: &str = "correct horse battery staple";

pub struct Authority {
    pub home: Home,
    pub https_port: u16,
    pub client_auth_port: u16,
    serving: JoinHandle<std::io::Result<()>>,
    folder: TempDir,
}

/// The home of an authority that ran.
pub struct Stopped {
    home: Home,
    _folder: TempDir,
}

impl Stopped {
    pub fn path(&self) -> &Path {
        self.home.path()
    }
}

pub fn secret(text: &str) -> Secret {
    Secret::new(text.to_owned())
}

pub fn integrator() -> Identity {
    Identity { name: "integrator".into(), version: "2.3".into(), group: "B2Bi".into(), instance: "default".into() }
}

pub fn interchange() -> Identity {
    Identity { name: "interchange".into(), ..integrator() }
}

impl Authority {
    /// Running, without a secret and without components.
    pub async fn bare() -> Self {
        let told = crate::postgres::told().await;
        Self::on(&told.map_or(Storage::Sqlite, |address| Storage::Postgres(secret(&address)))).await
    }

    async fn on(storage: &Storage) -> Self {
        let folder = tempfile::tempdir().expect("a folder");
        let home = Home::new(folder.path().join("passport"));
        let config = Config {
            host: "localhost".into(),
            listen: HOST.parse().expect("an address"),
            https_port: 0,
            client_auth_port: 0,
            domain: "Synchrony".into(),
            node: "1".into(),
        };
        init::init(&home, &config, Some(secret("system password")), storage).await.expect("made");
        Self::serve(home, folder).await
    }

    /// Running, with [`SECRET`] set and both engines' CSDs imported.
    pub async fn ready() -> Self {
        Self::bare().await.made_ready().await
    }

    /// The same with its database in a file of its home, whatever server there is: files can be copied and falsified.
    pub async fn ready_in_a_file() -> Self {
        Self::on(&Storage::Sqlite).await.made_ready().await
    }

    async fn made_ready(self) -> Self {
        self.set_secret(SECRET).await;
        for csd in ["integrator", "interchange"] {
            self.import(csd).await;
        }
        self
    }

    async fn serve(home: Home, folder: TempDir) -> Self {
        let ready = serve::open(&home).await.expect("opened");
        let Config { https_port, client_auth_port, .. } = *ready.config();
        let serving = tokio::spawn(ready.serve());
        Self { home, https_port, client_auth_port, serving, folder }
    }

    /// Stops it and starts it again on the same home.
    pub async fn restart(self) -> Self {
        self.restart_after(|_| ()).await
    }

    /// Stops it for good. Its home stays as long as the returned folder.
    pub async fn stop(self) -> Stopped {
        self.act(json!({ "do": "stop" })).await.expect("stopping");
        self.serving.await.expect("ended").expect("cleanly");
        Stopped { home: self.home, _folder: self.folder }
    }

    /// Stops it, changes something in its home, starts it again.
    pub async fn restart_after(self, change: impl FnOnce(&Home)) -> Self {
        self.act(json!({ "do": "stop" })).await.expect("stopping");
        self.serving.await.expect("ended").expect("cleanly");
        assert!(!self.home.admin_socket().exists());
        change(&self.home);
        Self::serve(self.home, self.folder).await
    }

    pub async fn act(&self, request: Value) -> Result<Value, String> {
        self.with_socket(move |socket| {
            control::ask(&socket, &request, Duration::from_secs(10)).map_err(|error| error.to_string())
        })
        .await
    }

    pub async fn set_secret(&self, text: &'static str) -> String {
        self.with_socket(|socket| admin::set_secret(&socket, &secret(text)).expect("set")).await
    }

    /// Tries to set a secret where there is one already; the error is the authority's.
    pub async fn try_set(&self, text: &'static str) -> Result<String, String> {
        self.admin(|socket| admin::set_secret(socket, &secret(text))).await
    }

    /// Imports a shipped CSD; whether the component was new.
    pub async fn import(&self, component: &str) -> bool {
        let path = format!("{}/installer-assets/csd/{component}.xml", env!("CARGO_MANIFEST_DIR"));
        let csd = std::fs::read_to_string(path).expect("a CSD");
        let answer = self.act(json!({ "do": "component-import", "csd": csd })).await.expect("imported");
        assert_eq!(answer["identity"]["name"], json!(component));
        answer["new"] == json!(true)
    }

    /// Does an administrator's act; the error is the authority's.
    pub async fn admin<T: Send + 'static>(
        &self,
        act: impl FnOnce(&Path) -> std::io::Result<T> + Send + 'static,
    ) -> Result<T, String> {
        self.with_socket(move |socket| act(&socket).map_err(|error| error.to_string())).await
    }

    async fn with_socket<T: Send + 'static>(&self, act: impl FnOnce(PathBuf) -> T + Send + 'static) -> T {
        let socket = self.home.admin_socket();
        tokio::task::spawn_blocking(move || act(socket)).await.expect("acted")
    }

    /// Runs a verb of the binary on it, which must end with this code; all that it says.
    pub async fn verb(&self, arguments: &[&str], code: i32) -> String {
        let mut command = tokio::process::Command::new(env!("CARGO_BIN_EXE_countersign"));
        command.arg("passport").args(arguments).arg("--home").arg(self.home.path()).arg("--json");
        let output = command.output().await.expect("run");
        let said = String::from_utf8_lossy(&[output.stdout, output.stderr].concat()).into_owned();
        assert_eq!(output.status.code(), Some(code), "{arguments:?}: {said}");
        said
    }

    pub async fn set_property(&self, name: &str, value: &str) {
        self.act(json!({ "do": "property-set", "name": name, "value": value })).await.expect("set");
    }

    pub async fn audit(&self) -> Vec<String> {
        let answer = self.act(json!({ "do": "audit" })).await.expect("told");
        answer["lines"].as_array().expect("lines").iter().map(|line| line.as_str().expect("text").into()).collect()
    }

    /// Waits until the audit has a line with this text; the last part of a failed proof is written after its answer.
    pub async fn audited(&self, text: &str) {
        let looking = async { while !self.audit().await.iter().any(|line| line.contains(text)) {} };
        tokio::time::timeout(Duration::from_secs(20), looking).await.expect("an audit line");
    }

    pub fn peer<'a>(&self, material: Option<&'a Material>) -> Peer<'a> {
        let ca = material.map(|material| material.ca().clone());
        Peer { host: HOST, address: None, port: self.https_port, ca, material }
    }

    pub async fn prove(&self, who: &Identity, text: &str, purpose: Purpose) -> Result<Proved, ProofError> {
        prove(&self.peer(None), who, &secret(text), purpose, None).await
    }

    pub async fn enrol(&self, who: &Identity, request: &[u8]) -> Result<Proved, ProofError> {
        prove(&self.peer(None), who, &secret(SECRET), Purpose::Enrol, Some(request)).await
    }

    /// A component that has its certificate.
    pub async fn enrolled(&self, who: &Identity) -> Material {
        self.enrolled_over(who, None).await
    }

    /// The same over a connection that shows a certificate.
    pub async fn enrolled_over(&self, who: &Identity, shown: Option<&Material>) -> Material {
        let (key, request) = request();
        let proved = prove(&self.peer(shown), who, &secret(SECRET), Purpose::Enrol, Some(&request)).await;
        let outcome = proved.expect("enrolled").outcome;
        let chain = [outcome.certificate.expect("a certificate")].into_iter().chain(outcome.ca);
        Material {
            key: PrivatePkcs8KeyDer::from(key.serialize_der()).into(),
            chain: chain.map(|certificate| CertificateDer::from(certificate.0)).collect(),
        }
    }
}

/// A key pair and a request (DER) that asks for more than any component gets.
pub fn request() -> (KeyPair, Vec<u8>) {
    let key = KeyPair::generate().expect("a key");
    let params = CertificateParams::new(vec!["localhost".to_owned()]).expect("params");
    let request = params.serialize_request(&key).expect("a request").der().to_vec();
    (key, request)
}
