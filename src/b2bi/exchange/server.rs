//! The integration engine's side: takes documents from the trading engine, and from nobody else.

use std::io;
use std::net::{Ipv4Addr, SocketAddr};
use std::sync::Arc;
use std::time::Duration;

use thiserror::Error;
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::Semaphore;
use tokio_rustls::TlsAcceptor;
use tokio_rustls::server::TlsStream;

use super::frame::{in_time, receive, receive_bytes, send};
use super::{ALPN, Answer, Offer, PATIENCE};
use crate::b2bi::delivery::Delivery;
use crate::b2bi::documents::Name;
use crate::b2bi::settings::MAX_LIMIT;
use crate::b2bi::sha256;
use crate::daemon::log::Log;
use crate::registration::material::Material;
use crate::registration::shown::Shown;
use crate::registration::tls::{ClientAuth, common_name, server_config};

/// Connections at once; the trading engine needs one.
const MAX_CONNECTIONS: usize = 8;
/// How long it waits when the system has no connection to give.
const RELIEF: Duration = Duration::from_millis(100);
const CLASS: &str = "Exchange";

/// The listening side.
pub struct Server {
    listener: TcpListener,
    acceptor: TlsAcceptor,
    shown: Arc<Shown>,
    client: String,
    limit: usize,
    delivery: Arc<Delivery>,
    log: Log,
}

/// Why it cannot listen.
#[derive(Debug, Error)]
pub enum ServerError {
    /// The port is in use, or not allowed.
    #[error("port {0} on the loopback address cannot be used: {1}")]
    Port(u16, io::Error),
    /// The certificate cannot be used.
    #[error("the engine's certificate cannot be used: {0}")]
    Certificate(#[from] rustls::Error),
}

impl Server {
    /// Takes the port on the loopback address; 0 is any free one.
    pub async fn bind(port: u16) -> Result<TcpListener, ServerError> {
        TcpListener::bind((Ipv4Addr::LOCALHOST, port)).await.map_err(|error| ServerError::Port(port, error))
    }

    /// Serves on `listener` with the engine's certificate. A client must have a certificate of the same CA whose common
    /// name is `client`; a document may have up to `limit` bytes.
    pub fn new(
        listener: TcpListener,
        material: &Material,
        client: String,
        limit: usize,
        delivery: Arc<Delivery>,
        log: Log,
    ) -> Result<Self, ServerError> {
        let mut config = server_config(material, material.ca(), Vec::new(), ClientAuth::Required)?;
        config.alpn_protocols = vec![ALPN.to_vec()];
        let shown = Shown::new(material)?;
        config.cert_resolver = shown.clone();
        Ok(Self { listener, acceptor: TlsAcceptor::from(Arc::new(config)), shown, client, limit, delivery, log })
    }

    /// The certificate that it shows.
    pub fn shown(&self) -> Arc<Shown> {
        self.shown.clone()
    }

    /// Where it listens.
    pub fn address(&self) -> io::Result<SocketAddr> {
        self.listener.local_addr()
    }

    /// Takes documents until the task is dropped.
    pub async fn run(self) {
        let places = Arc::new(Semaphore::new(MAX_CONNECTIONS));
        let server = Arc::new(self);
        let mut connections = tokio::task::JoinSet::new();
        loop {
            let Ok(place) = places.clone().acquire_owned().await else { return };
            let Ok((stream, peer)) = server.listener.accept().await else {
                // The system is out of descriptors or memory; there is no event for "there are some again".
                tokio::time::sleep(RELIEF).await;
                continue;
            };
            while connections.try_join_next().is_some() {}
            let server = server.clone();
            connections.spawn(async move {
                if let Err(error) = server.connection(stream).await {
                    server.log.warn(CLASS, &format!("the connection from {peer} was closed: {error}"));
                }
                drop(place);
            });
        }
    }

    async fn connection(&self, stream: TcpStream) -> io::Result<()> {
        stream.set_nodelay(true)?;
        let mut stream = in_time(self.acceptor.accept(stream)).await?;
        self.check_client(&stream)?;
        while let Some(offer) = receive::<Offer>(&mut stream, PATIENCE).await? {
            let answer = self.document(&mut stream, &offer).await?;
            send(&mut stream, &answer).await?;
        }
        Ok(())
    }

    async fn document(&self, stream: &mut TlsStream<TcpStream>, offer: &Offer) -> io::Result<Answer> {
        let refuse = |text: &'static str| Err(io::Error::new(io::ErrorKind::InvalidData, text));
        let Some(length) = usize::try_from(offer.length).ok().filter(|length| *length <= MAX_LIMIT) else {
            return refuse("the offered document is too large");
        };
        let Some(name) = Name::parse(&offer.name) else {
            return refuse("the offered document's name cannot be a file's name");
        };
        let content = receive_bytes(stream, length).await?;
        if sha256(&content) != offer.sha256 {
            return refuse("a document came damaged");
        }
        // The engines may have been started with different settings.
        if length > self.limit {
            let reason = format!("it is larger than {} MiB", self.limit / 1024 / 1024);
            return Ok(Answer::Rejected { reason });
        }
        Ok(self.delivery.deliver(&name, &content).await)
    }

    fn check_client(&self, stream: &TlsStream<TcpStream>) -> io::Result<()> {
        let refuse = |text: String| Err(io::Error::new(io::ErrorKind::PermissionDenied, text));
        let session = stream.get_ref().1;
        if session.protocol_version() != Some(rustls::ProtocolVersion::TLSv1_3) {
            return refuse("the client does not speak TLS 1.3".to_owned());
        }
        if session.alpn_protocol() != Some(ALPN) {
            return refuse("the client speaks another protocol".to_owned());
        }
        match session.peer_certificates().and_then(|chain| chain.first()).and_then(common_name) {
            Some(name) if name == self.client => Ok(()),
            Some(name) => refuse(format!("the client's certificate is for {name}, not for {}", self.client)),
            None => refuse("the client's certificate names nobody".to_owned()),
        }
    }
}
