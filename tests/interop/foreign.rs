//! A foreign EST server for tests: its CA, a component that registers there, and a server that answers by a script.

use std::sync::{Arc, Mutex};

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use countersign::keystore::Kind;
use countersign::registration::est::Server;
use countersign::registration::signer::Signer;
use countersign::registration::site::Site;
use countersign::registration::wire::Identity;
use countersign::secret::Secret;
use rcgen::{
    BasicConstraints, CertificateParams, CertificateSigningRequestParams, CertifiedIssuer, DnType,
    ExtendedKeyUsagePurpose, IsCa, KeyPair,
};
use rustls::ServerConfig;
use rustls_pki_types::{CertificateDer, CertificateSigningRequestDer, PrivatePkcs8KeyDer};
use tempfile::TempDir;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use tokio_rustls::TlsAcceptor;

/// The CA of a foreign server, and the server's own certificate for `localhost`.
pub struct Pki {
    pub ca: CertifiedIssuer<'static, KeyPair>,
    pub server: CertificateDer<'static>,
    pub server_key: KeyPair,
}

impl Pki {
    pub fn new() -> Self {
        let mut params = CertificateParams::default();
        params.distinguished_name.push(DnType::CommonName, "Foreign CA");
        params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
        let ca = CertifiedIssuer::self_signed(params, KeyPair::generate().expect("a key")).expect("a CA");
        let server_key = KeyPair::generate().expect("a key");
        let mut params = CertificateParams::new(["localhost".to_owned()]).expect("params");
        params.extended_key_usages = vec![ExtendedKeyUsagePurpose::ServerAuth];
        let server = params.signed_by(&server_key, &ca).expect("signed").der().clone();
        Self { ca, server, server_key }
    }

    /// The certificate for a request, with whatever the caller changes.
    pub fn sign(&self, request: &[u8], change: impl FnOnce(&mut CertificateParams)) -> CertificateDer<'static> {
        let der = CertificateSigningRequestDer::from(request.to_vec());
        let mut request = CertificateSigningRequestParams::from_der(&der).expect("a request");
        request.params.extended_key_usages = vec![ExtendedKeyUsagePurpose::ClientAuth];
        change(&mut request.params);
        request.signed_by(&self.ca).expect("signed").der().clone()
    }

    fn tls(&self) -> Arc<ServerConfig> {
        let key = PrivatePkcs8KeyDer::from(self.server_key.serialize_der()).into();
        let provider = countersign::registration::tls::provider();
        let config = ServerConfig::builder_with_provider(provider).with_safe_default_protocol_versions();
        let config = config.expect("versions").with_no_client_auth();
        Arc::new(config.with_single_cert(vec![self.server.clone()], key).expect("a configuration"))
    }
}

/// A component that registers with a foreign server.
pub struct Component {
    pub folder: TempDir,
    pub site: Site,
    pub signer: Signer,
}

impl Component {
    pub fn new(port: u16, pinned: &CertificateDer<'static>) -> Self {
        let folder = tempfile::tempdir().expect("a folder");
        let identity = Identity {
            name: "integrator".into(),
            version: "2.3".into(),
            group: "B2Bi".into(),
            instance: "default".into(),
        };
        let site = Site {
            conf: folder.path().to_path_buf(),
            repository: "integrator".into(),
            host: "localhost".into(),
            address: None,
            https_port: port,
            client_auth_port: 6666,
            kind: Kind::Jks,
            identity,
        };
        let anchors = vec![pinned.clone()];
        let signer = Signer::Est(Server { host: "localhost".into(), port, label: String::new(), anchors });
        Self { folder, site, signer }
    }

    /// The names of all its files, sorted.
    pub fn files(&self) -> Vec<String> {
        let entries = std::fs::read_dir(self.folder.path()).expect("listed");
        let mut names: Vec<String> =
            entries.map(|entry| entry.expect("read").file_name().to_string_lossy().into_owned()).collect();
        names.sort();
        names
    }
}

pub fn secret(text: &str) -> Secret {
    Secret::new(text.to_owned())
}

/// One request as it came.
#[derive(Debug, Clone)]
pub struct Came {
    pub line: String,
    pub head: String,
    pub body: String,
}

impl Came {
    /// The request for a certificate, DER, whatever its lines.
    pub fn request(&self) -> Vec<u8> {
        STANDARD.decode(self.body.split_whitespace().collect::<String>()).expect("base64")
    }
}

/// A server that answers every request by a script, each on its own connection.
pub struct Scripted {
    pub port: u16,
    pub came: Arc<Mutex<Vec<Came>>>,
}

impl Scripted {
    /// `answer` gets the request and how many POST came before it; `/cacerts` is answered with the CA by itself.
    pub async fn start(pki: &Arc<Pki>, answer: impl Fn(&Came, usize) -> String + Send + Sync + 'static) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("bound");
        let port = listener.local_addr().expect("an address").port();
        let came = Arc::new(Mutex::new(Vec::new()));
        let (log, pki) = (came.clone(), pki.clone());
        tokio::spawn(async move {
            let acceptor = TlsAcceptor::from(pki.tls());
            while let Ok((stream, _)) = listener.accept().await {
                let Ok(mut tls) = acceptor.accept(stream).await else { continue };
                let Some(request) = read(&mut tls).await else { continue };
                let before =
                    log.lock().expect("locked").iter().filter(|one: &&Came| one.line.starts_with("POST")).count();
                log.lock().expect("locked").push(request.clone());
                let said = answer(&request, before);
                let is_cacerts = request.line.starts_with("GET") && said.is_empty();
                let said = if is_cacerts { issued(&[pki.ca.der()]) } else { said };
                let _ = tls.write_all(said.as_bytes()).await;
                let _ = tls.shutdown().await;
            }
        });
        Self { port, came }
    }

    pub fn posts(&self) -> Vec<Came> {
        let came = self.came.lock().expect("locked");
        came.iter().filter(|one| one.line.starts_with("POST")).cloned().collect()
    }
}

async fn read(tls: &mut tokio_rustls::server::TlsStream<TcpStream>) -> Option<Came> {
    let mut bytes = Vec::new();
    loop {
        let text = String::from_utf8_lossy(&bytes).into_owned();
        if let Some((head, body)) = text.split_once("\r\n\r\n") {
            let length =
                head.to_lowercase().lines().find_map(|line| line.strip_prefix("content-length: ")?.parse().ok());
            if body.len() >= length.unwrap_or(0) {
                let line = head.lines().next()?.to_owned();
                return Some(Came { line, head: head.to_owned(), body: body.to_owned() });
            }
        }
        if tls.read_buf(&mut bytes).await.ok()? == 0 {
            return None;
        }
    }
}

/// An answer with these headers and this body.
pub fn answer(status: &str, headers: &str, body: &str) -> String {
    format!("HTTP/1.1 {status}\r\n{headers}Content-Length: {}\r\nConnection: close\r\n\r\n{body}", body.len())
}

/// An answer with these certificates (RFC 7030 section 4.2.3).
pub fn issued(certificates: &[&CertificateDer<'_>]) -> String {
    let body = STANDARD.encode(certs_only(certificates)) + "\n";
    answer("200 OK", "Content-Type: application/pkcs7-mime; smime-type=certs-only\r\n", &body)
}

fn certs_only(certificates: &[&CertificateDer<'_>]) -> Vec<u8> {
    const DATA: &[u8] = &[0x06, 9, 0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 1, 7, 1];
    const SIGNED: &[u8] = &[0x06, 9, 0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 1, 7, 2];
    let value = |tag: u8, parts: &[&[u8]]| {
        let content = parts.concat();
        let length = u32::try_from(content.len()).expect("fits").to_be_bytes();
        [&[tag, 0x84], &length[..], &content].concat()
    };
    let all: Vec<&[u8]> = certificates.iter().map(AsRef::as_ref).collect();
    let signed = [&[2, 1, 1, 0x31, 0][..], &value(0x30, &[DATA]), &value(0xa0, &all), &[0x31, 0]].concat();
    value(0x30, &[SIGNED, &value(0xa0, &[&value(0x30, &[&signed])])])
}
