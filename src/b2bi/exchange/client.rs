//! The trading engine's side: offers documents to the integration engine, and to nobody else.

use std::io;
use std::net::{Ipv4Addr, SocketAddr};
use std::path::PathBuf;
use std::sync::Arc;

use rustls_pki_types::ServerName;
use tokio::io::AsyncWriteExt;
use tokio::net::TcpStream;
use tokio_rustls::TlsConnector;
use tokio_rustls::client::TlsStream;

use super::frame::{in_time, receive, send, send_bytes};
use super::{ALPN, ANSWER, Answer, Offer};
use crate::b2bi::documents::Name;
use crate::registration::material::Material;
use crate::registration::shown::Shown;
use crate::registration::tls::{Trust, client_config};

/// A way to the integration engine. It connects when it is needed.
pub struct Client {
    connector: TlsConnector,
    server: ServerName<'static>,
    shown: Arc<Shown>,
    endpoint: PathBuf,
    stream: Option<TlsStream<TcpStream>>,
}

impl Client {
    /// Connects to the address in the file `endpoint`, with this certificate; the server must have one of the same CA
    /// for the DNS name `server`.
    pub fn new(material: &Material, server: String, endpoint: PathBuf) -> Result<Self, rustls::Error> {
        let server = ServerName::try_from(server).map_err(|error| rustls::Error::General(error.to_string()))?;
        Self::with(Trust::Pinned(material.ca().clone()), material, server, endpoint)
    }

    /// As [`Client::new`], where certificates name no host: the server must have one with this common name.
    pub fn named(material: &Material, common_name: String, endpoint: PathBuf) -> Result<Self, rustls::Error> {
        let trust = Trust::Component(material.ca().clone(), common_name);
        Self::with(trust, material, ServerName::IpAddress(Ipv4Addr::LOCALHOST.into()), endpoint)
    }

    fn with(
        trust: Trust,
        material: &Material,
        server: ServerName<'static>,
        endpoint: PathBuf,
    ) -> Result<Self, rustls::Error> {
        let mut config = client_config(trust, Some(material))?;
        config.alpn_protocols = vec![ALPN.to_vec()];
        let shown = Shown::new(material)?;
        config.client_auth_cert_resolver = shown.clone();
        Ok(Self { connector: TlsConnector::from(Arc::new(config)), server, shown, endpoint, stream: None })
    }

    /// The certificate that it shows.
    pub fn shown(&self) -> Arc<Shown> {
        self.shown.clone()
    }

    /// Sends one document. An error means that nobody knows what became of it: send it again later.
    pub async fn send(&mut self, name: &Name, sha256: &str, content: &[u8]) -> io::Result<Answer> {
        let mut stream = match self.stream.take() {
            Some(open) => open,
            None => self.connect().await?,
        };
        let offer = Offer { name: name.as_str().to_owned(), length: content.len() as u64, sha256: sha256.to_owned() };
        send(&mut stream, &offer).await?;
        send_bytes(&mut stream, content).await?;
        let answer = receive(&mut stream, ANSWER).await?;
        let answer = answer.ok_or_else(|| io::Error::new(io::ErrorKind::UnexpectedEof, "no answer came"))?;
        self.stream = Some(stream);
        Ok(answer)
    }

    /// Ends the connection; the next document makes a new one.
    pub async fn close(&mut self) {
        if let Some(mut stream) = self.stream.take() {
            let _ = in_time(stream.shutdown()).await;
        }
    }

    async fn connect(&self) -> io::Result<TlsStream<TcpStream>> {
        let text = std::fs::read_to_string(&self.endpoint)?;
        let address: SocketAddr = text
            .trim()
            .parse()
            .ok()
            .filter(|address: &SocketAddr| address.ip().is_loopback())
            .ok_or_else(|| io::Error::new(io::ErrorKind::InvalidData, "its endpoint is no loopback address"))?;
        let stream = in_time(TcpStream::connect(address)).await?;
        stream.set_nodelay(true)?;
        in_time(self.connector.connect(self.server.clone(), stream)).await
    }
}
