//! A home, certificates of one CA, and both engines' parts of the exchange, in this process.

use std::fs::create_dir_all;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use countersign::b2bi::delivery::Delivery;
use countersign::b2bi::exchange::{Client, Server};
use countersign::b2bi::intake::Intake;
use countersign::b2bi::maps::{self, Runner};
use countersign::b2bi::{Home, Log, Tables};
use countersign::fs::watch::Watch;
use countersign::registration::material::Material;
use rcgen::{BasicConstraints, CertificateParams, CertifiedIssuer, DnType, ExtendedKeyUsagePurpose, IsCa, KeyPair};
use tempfile::TempDir;
use tokio::task::JoinHandle;

/// How long anything may take.
const PATIENCE: Duration = Duration::from_mins(1);
/// The largest document, in bytes.
pub const LIMIT: usize = 64 * 1024;

/// A CA of registered components.
pub struct Ca(CertifiedIssuer<'static, KeyPair>);

impl Ca {
    pub fn new() -> Self {
        let mut params = CertificateParams::default();
        params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
        params.distinguished_name.push(DnType::CommonName, "Test CA");
        let key = KeyPair::generate().expect("a key");
        Self(CertifiedIssuer::self_signed(params, key).expect("a CA"))
    }

    /// A component's key and chain, as its keystore would hold them.
    pub fn component(&self, name: &str) -> Material {
        let mut params = CertificateParams::new(vec![server_name(name)]).expect("a name");
        params.distinguished_name.push(DnType::CommonName, format!("{name}/default"));
        params.extended_key_usages = vec![ExtendedKeyUsagePurpose::ClientAuth, ExtendedKeyUsagePurpose::ServerAuth];
        let key = KeyPair::generate().expect("a key");
        let leaf = params.signed_by(&key, &self.0).expect("signed");
        Material {
            key: key.serialize_der().try_into().expect("a key"),
            chain: vec![leaf.der().clone(), self.0.der().clone()],
        }
    }
}

/// The DNS name of a listening component.
pub fn server_name(component: &str) -> String {
    format!("default.{component}.component.countersign.internal")
}

/// A home with deployed maps.
pub struct Bench {
    dir: TempDir,
    pub ca: Ca,
    pub home: Home,
    pub tables: Tables,
}

impl Bench {
    pub async fn new() -> Self {
        let dir = tempfile::tempdir().expect("a folder");
        let home = Home::new(dir.path()).expect("a home");
        for folder in [home.inbox(), home.outbox(), home.rejected(), home.maps(), home.run()] {
            create_dir_all(folder).expect("made");
        }
        create_dir_all(dir.path().join("data")).expect("made");
        create_dir_all(dir.path().join("logs")).expect("made");
        let tables = Tables::open(&home.database()).await.expect("opened");
        Self { dir, ca: Ca::new(), home, tables }
    }

    /// With these maps, deployed.
    pub async fn with_maps(maps: &[(&str, &str)]) -> Self {
        let bench = Self::new().await;
        for (name, content) in maps {
            bench.deploy(name, content).await;
        }
        bench
    }

    pub async fn deploy(&self, name: &str, content: &str) {
        std::fs::write(self.home.maps().join(format!("{name}.jq")), content).expect("written");
        maps::deploy(&self.tables, &self.home.maps(), &runner()).await.expect("deployed");
    }

    pub fn log(&self) -> Log {
        Log::new(self.dir.path().join("logs/test.log"), false)
    }

    pub fn delivery(&self) -> Delivery {
        Delivery::new(self.home.clone(), self.tables.clone(), runner(), self.log())
    }

    /// The integration engine's side of the exchange, with a certificate for `name`.
    pub async fn integrator(&self, name: &str) -> JoinHandle<()> {
        let listener = Server::bind(0).await.expect("a port");
        let (material, delivery) = (self.ca.component(name), Arc::new(self.delivery()));
        let client = "interchange/default".to_owned();
        let server = Server::new(listener, &material, client, LIMIT, delivery, self.log()).expect("a server");
        let address = server.address().expect("an address");
        let endpoint = self.home.endpoint();
        countersign::fs::replace(&endpoint, address.to_string().as_bytes(), 0o600).expect("written");
        tokio::spawn(server.run())
    }

    /// A way to it, with this certificate.
    pub fn client(&self, material: &Material) -> Client {
        Client::new(material, server_name("integrator"), self.home.endpoint()).expect("a client")
    }

    /// The trading engine's side.
    pub fn interchange(&self) -> JoinHandle<std::io::Result<()>> {
        let client = self.client(&self.ca.component("interchange"));
        let intake = Intake::new(self.home.clone(), self.tables.clone(), client, LIMIT, self.log());
        tokio::spawn(intake.run())
    }

    /// Puts a document in, as its writer should: under a hidden name first.
    pub fn put_in(&self, name: &str, content: &str) {
        countersign::fs::replace(&self.home.inbox().join(name), content.as_bytes(), 0o600).expect("put in");
    }

    pub fn log_text(&self) -> String {
        std::fs::read_to_string(self.dir.path().join("logs/test.log")).unwrap_or_default()
    }
}

/// The real program runs the maps.
pub fn runner() -> Runner {
    Runner::with_program(PathBuf::from(env!("CARGO_BIN_EXE_countersign")), Duration::from_secs(20))
}

/// Waits until something stands at a path, and returns it.
pub async fn appears(path: &Path) -> Vec<u8> {
    until(path, Path::exists).await;
    std::fs::read(path).expect("read")
}

/// Waits until nothing stands at a path.
pub async fn disappears(path: &Path) {
    until(path, |path| !path.exists()).await;
}

async fn until(path: &Path, holds: impl Fn(&Path) -> bool) {
    let mut watch = Watch::new(&[path.parent().expect("a folder")]).expect("watching");
    let wait = async {
        while !holds(path) {
            watch.next().await.expect("changes");
        }
    };
    tokio::time::timeout(PATIENCE, wait).await.unwrap_or_else(|_| panic!("nothing happened to {}", path.display()));
}
