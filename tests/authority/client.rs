//! A bare HTTPS client that can do what the components' own client never would.

use std::sync::Arc;

use countersign::registration::material::Material;
use countersign::registration::tls::{Trust, client_config, provider};
use countersign::registration::wire::{AUTHORITY_NAME, EXPORTER_LABEL, EXPORTER_LENGTH};
use http_body_util::{BodyExt, Full};
use hyper::body::Bytes;
use hyper::client::conn::http1::{SendRequest, handshake};
use hyper::{Request, StatusCode};
use hyper_util::rt::TokioIo;
use rustls::ClientConfig;
use serde::Serialize;
use tokio::net::TcpStream;
use tokio_rustls::TlsConnector;
use tokio_rustls::client::TlsStream;

use crate::fixture::HOST;

pub struct Client {
    sender: SendRequest<Full<Bytes>>,
    pub exporter: [u8; EXPORTER_LENGTH],
}

impl Client {
    pub async fn connect(port: u16, material: Option<&Material>) -> std::io::Result<Self> {
        let trust = material.map_or(Trust::Unpinned, |material| Trust::Pinned(material.ca().clone()));
        Self::connect_with(port, client_config(trust, material).expect("a configuration")).await
    }

    /// Over TLS 1.2 and nothing newer.
    pub async fn connect_old(port: u16, ca: &Material) -> std::io::Result<Self> {
        let mut roots = rustls::RootCertStore::empty();
        roots.add(ca.ca().clone()).expect("a root");
        let config = ClientConfig::builder_with_provider(provider())
            .with_protocol_versions(&[&rustls::version::TLS12])
            .expect("TLS 1.2")
            .with_root_certificates(roots)
            .with_no_client_auth();
        Self::connect_with(port, config).await
    }

    /// A connection on which a test writes what it wants.
    pub async fn stream(port: u16) -> TlsStream<TcpStream> {
        let config = client_config(Trust::Unpinned, None).expect("a configuration");
        Self::handshake(port, config).await.expect("connected")
    }

    async fn handshake(port: u16, config: ClientConfig) -> std::io::Result<TlsStream<TcpStream>> {
        let stream = TcpStream::connect((HOST, port)).await?;
        let name = AUTHORITY_NAME.try_into().expect("a name");
        TlsConnector::from(Arc::new(config)).connect(name, stream).await
    }

    async fn connect_with(port: u16, config: ClientConfig) -> std::io::Result<Self> {
        let tls = Self::handshake(port, config).await?;
        let exporter =
            tls.get_ref().1.export_keying_material([0; EXPORTER_LENGTH], EXPORTER_LABEL, Some(b"")).expect("exported");
        let (sender, driver) = handshake(TokioIo::new(tls)).await.map_err(std::io::Error::other)?;
        tokio::spawn(driver);
        Ok(Self { sender, exporter })
    }

    pub async fn post(&mut self, path: &str, message: &impl Serialize) -> (StatusCode, Bytes) {
        self.try_post(path, message).await.expect("answered")
    }

    /// The answer's status, kind and body.
    pub async fn get(&mut self, path: &str) -> (StatusCode, String, Bytes) {
        let request = Request::get(path).header("host", "authority").body(Full::default()).expect("a request");
        let (head, body) = self.sender.send_request(request).await.expect("answered").into_parts();
        let kind = head.headers.get("content-type").and_then(|kind| kind.to_str().ok()).unwrap_or_default().to_owned();
        (head.status, kind, body.collect().await.expect("a body").to_bytes())
    }

    pub async fn try_post(
        &mut self,
        path: &str,
        message: &impl Serialize,
    ) -> Result<(StatusCode, Bytes), hyper::Error> {
        self.send(path, None, serde_json::to_vec(message).expect("JSON")).await
    }

    /// Posts bytes, of the content type that is named.
    pub async fn send(
        &mut self,
        path: &str,
        kind: Option<&str>,
        body: Vec<u8>,
    ) -> Result<(StatusCode, Bytes), hyper::Error> {
        let request = Request::post(path).header("host", "authority");
        let request = kind.into_iter().fold(request, |request, kind| request.header("content-type", kind));
        let request = request.body(Full::new(Bytes::from(body))).expect("a request");
        let answer = self.sender.send_request(request).await?;
        let (head, body) = answer.into_parts();
        assert!(head.headers.contains_key("date"));
        Ok((head.status, body.collect().await?.to_bytes()))
    }
}
