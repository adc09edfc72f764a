//! The est-ca crate's EST server behind TLS, as a foreign server for tests.
//!
//! `countersign-est-ca FOLDER PORT`: the folder holds `ca.pem`, `ca.key`, `server.pem`, `server.key` and `secret`. Port 0
//! is any free one; the port is the first line on standard output. It serves until its standard input ends.

use std::error::Error;
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use est_ca::auth::{AuthBackend, Principal};
use est_ca::ca::serial::InMemorySerialStore;
use est_ca::ca::{CertProfile, Issuer};
use est_ca::est::server::EstServer;
use hyper::Request;
use hyper::server::conn::Http;
use hyper::service::{Service, service_fn};
use subtle::ConstantTimeEq;
use tokio::net::{TcpListener, TcpStream};
use tokio_rustls::TlsAcceptor;
use tokio_rustls::rustls::pki_types::pem::PemObject;
use tokio_rustls::rustls::pki_types::{CertificateDer, PrivateKeyDer};
use tokio_rustls::rustls::server::WebPkiClientVerifier;
use tokio_rustls::rustls::{RootCertStore, ServerConfig};
use x509_parser::prelude::{FromDer, X509Certificate};

type Failure = Box<dyn Error + Send + Sync>;

/// One secret for every user, who gets a certificate of that name.
struct OneSecret(String);

impl AuthBackend for OneSecret {
    fn verify_bootstrap(&self, user: &str, pass: &str) -> Result<Principal, String> {
        let fits: bool = self.0.as_bytes().ct_eq(pass.as_bytes()).into();
        if fits { Ok(Principal::new(user)) } else { Err(format!("the secret of {user} does not fit")) }
    }
}

#[tokio::main]
async fn main() -> Result<(), Failure> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let [folder, port] = arguments.as_slice() else { return Err("usage: countersign-est-ca FOLDER PORT".into()) };
    let folder = Path::new(folder);
    let acceptor = TlsAcceptor::from(Arc::new(tls(folder)?));
    let router = router(folder)?;
    let listener = TcpListener::bind(("127.0.0.1", port.parse()?)).await?;
    println!("{}", listener.local_addr()?.port());
    std::thread::spawn(|| {
        let _ = std::io::copy(&mut std::io::stdin(), &mut std::io::sink());
        std::process::exit(0);
    });
    loop {
        let (stream, _) = listener.accept().await?;
        let (acceptor, router) = (acceptor.clone(), router.clone());
        tokio::spawn(async move {
            if let Err(error) = serve(acceptor, stream, router).await {
                eprintln!("a connection ended: {error}");
            }
        });
    }
}

/// Serves one connection; who showed a certificate is known to the router.
async fn serve<R, B>(acceptor: TlsAcceptor, stream: TcpStream, router: R) -> Result<(), Failure>
where
    R: Service<Request<hyper::Body>, Response = hyper::Response<B>> + Clone + Send + 'static,
    R::Error: Into<Failure>,
    R::Future: Send,
    B: hyper::body::HttpBody + Send + 'static,
    B::Data: Send,
    B::Error: Into<Failure>,
{
    let tls = acceptor.accept(stream).await?;
    let shown = tls.get_ref().1.peer_certificates().and_then(|chain| chain.first()).and_then(common_name);
    let service = service_fn(move |mut request: Request<hyper::Body>| {
        if let Some(name) = &shown {
            request.extensions_mut().insert(Principal::new(name));
        }
        router.clone().call(request)
    });
    Ok(Http::new().http1_only(true).serve_connection(tls, service).await?)
}

fn router(folder: &Path) -> Result<axum::Router, Failure> {
    let read = |name: &str| std::fs::read_to_string(folder.join(name));
    let profile = CertProfile { validity: Duration::from_secs(24 * 60 * 60), ..CertProfile::default() };
    let serials = Arc::new(InMemorySerialStore::new());
    let issuer = Issuer::from_pem(&read("ca.pem")?, &read("ca.key")?, profile, serials)?;
    let secret = read("secret")?.trim_end().to_owned();
    Ok(EstServer::new(issuer, Arc::new(OneSecret(secret))).router())
}

fn tls(folder: &Path) -> Result<ServerConfig, Failure> {
    let mut roots = RootCertStore::empty();
    roots.add(CertificateDer::from_pem_file(folder.join("ca.pem"))?)?;
    let clients = WebPkiClientVerifier::builder(Arc::new(roots)).allow_unauthenticated().build()?;
    let certificate = CertificateDer::from_pem_file(folder.join("server.pem"))?;
    let key = PrivateKeyDer::from_pem_file(folder.join("server.key"))?;
    Ok(ServerConfig::builder().with_client_cert_verifier(clients).with_single_cert(vec![certificate], key)?)
}

fn common_name(certificate: &CertificateDer<'_>) -> Option<String> {
    let (_, parsed) = X509Certificate::from_der(certificate).ok()?;
    parsed.subject().iter_common_name().next()?.as_str().ok().map(str::to_owned)
}
