//! The accept loop: handshakes beside each other and each with a deadline, a bounded number of connections, and for each
//! connection what is known of it.

use std::collections::HashMap;
use std::net::{IpAddr, SocketAddr};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use axum::Router;
use hyper::Request;
use hyper::body::Incoming;
use hyper::server::conn::http1;
use hyper::service::{Service, service_fn};
use hyper_util::rt::{TokioIo, TokioTimer};
use hyper_util::service::TowerToHyperService;
use rustls::ServerConfig;
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::{Semaphore, watch};
use tokio::time::timeout;
use tokio_rustls::TlsAcceptor;
use tokio_rustls::server::TlsStream;

use super::connection::Connection;
use crate::passport::limits::Source;

/// How long a client may take for its handshake.
const HANDSHAKE: Duration = Duration::from_secs(10);
/// How long a client may take for the head of a request, and stay idle between two.
const HEAD: Duration = Duration::from_secs(30);
/// Connections of one port at once; further ones wait in the system's queue.
const CONNECTIONS: u32 = 512;
/// Connections of one address at once on one port; a further one is closed at once.
const PER_ADDRESS: usize = 64;
/// How long answers under way may still take once the authority shall end.
const LAST_ANSWERS: Duration = Duration::from_secs(3);

/// Serves one port until `stop` says true (or its sender is gone), then lets answers under way be finished.
///
/// `tls` is asked for each connection, so that what changed counts from the next one on. `met` is told of each after its
/// handshake, before anything is answered.
pub async fn serve<F: Future<Output = ()> + Send>(
    listener: TcpListener,
    tls: impl Fn() -> Arc<ServerConfig>,
    met: impl Fn(Arc<Connection>) -> F + Clone + Send + 'static,
    router: Router,
    mut stop: watch::Receiver<bool>,
) {
    let slots = Arc::new(Semaphore::new(CONNECTIONS as usize));
    let addresses = Addresses::default();
    let ended = stop.clone();
    let accept = async {
        while let Ok(slot) = slots.clone().acquire_owned().await {
            let (stream, peer) = accepted(&listener).await;
            let Some(place) = addresses.place(peer.ip()) else { continue };
            let connection = handshake(stream, peer, tls());
            let (met, router, ended) = (met.clone(), router.clone(), ended.clone());
            tokio::spawn(async move {
                if let Some((tls, connection)) = connection.await {
                    met(connection.clone()).await;
                    answer(tls, connection, router, ended).await;
                }
                drop((place, slot));
            });
        }
    };
    tokio::select! {
        () = accept => {}
        () = told(&mut stop) => {}
    }
    drop(listener);
    let _ = timeout(LAST_ANSWERS, slots.acquire_many(CONNECTIONS)).await;
}

/// How many connections each address has now: one alone must not take every place.
#[derive(Default, Clone)]
struct Addresses(Arc<Mutex<HashMap<Source, usize>>>);

/// One connection of an address, until dropped.
struct Place {
    addresses: Addresses,
    source: Source,
}

impl Addresses {
    /// `None` when the address has as many as it may have.
    fn place(&self, address: IpAddr) -> Option<Place> {
        let source = Source::address(address);
        let mut counts = self.lock();
        let count = counts.entry(source).or_default();
        if *count == PER_ADDRESS {
            return None;
        }
        *count += 1;
        Some(Place { addresses: self.clone(), source })
    }

    fn lock(&self) -> MutexGuard<'_, HashMap<Source, usize>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Drop for Place {
    fn drop(&mut self) {
        let mut counts = self.addresses.lock();
        if let Some(count) = counts.get_mut(&self.source) {
            *count -= 1;
            if *count == 0 {
                counts.remove(&self.source);
            }
        }
    }
}

async fn told(stop: &mut watch::Receiver<bool>) {
    // An error means that the sender is gone, and with it whatever served.
    let _ = stop.wait_for(|stop| *stop).await;
}

async fn accepted(listener: &TcpListener) -> (TcpStream, SocketAddr) {
    loop {
        match listener.accept().await {
            Ok(accepted) => return accepted,
            // The system is out of descriptors or memory; there is no event for "there are some again".
            Err(_) => tokio::time::sleep(Duration::from_millis(100)).await,
        }
    }
}

/// A connection's beginning. Clients that break off are their own affair: nothing is reported.
async fn handshake(
    stream: TcpStream,
    peer: SocketAddr,
    tls: Arc<ServerConfig>,
) -> Option<(TlsStream<TcpStream>, Arc<Connection>)> {
    let _ = stream.set_nodelay(true);
    let tls = timeout(HANDSHAKE, TlsAcceptor::from(tls).accept(stream)).await.ok()?.ok()?;
    let connection = Arc::new(Connection::new(peer, tls.get_ref().1));
    Some((tls, connection))
}

/// The rest of it.
async fn answer(
    tls: TlsStream<TcpStream>,
    connection: Arc<Connection>,
    router: Router,
    mut stop: watch::Receiver<bool>,
) {
    let router = TowerToHyperService::new(router);
    let service = service_fn(move |mut request: Request<Incoming>| {
        request.extensions_mut().insert(connection.clone());
        router.call(request)
    });
    let serving = http1::Builder::new()
        .timer(TokioTimer::new())
        .header_read_timeout(HEAD)
        .serve_connection(TokioIo::new(tls), service);
    tokio::pin!(serving);
    tokio::select! {
        _ = serving.as_mut() => {}
        () = told(&mut stop) => {
            serving.as_mut().graceful_shutdown();
            let _ = timeout(LAST_ANSWERS, serving).await;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_address_takes_only_its_share_and_gets_it_back() {
        let addresses = Addresses::default();
        let (one, other) = ("192.0.2.1".parse().expect("an address"), "192.0.2.2".parse().expect("an address"));
        let mut places: Vec<_> = (0..PER_ADDRESS).map(|_| addresses.place(one).expect("a place")).collect();
        assert!(addresses.place(one).is_none());
        assert!(addresses.place(other).is_some());
        places.pop();
        assert!(addresses.place(one).is_some());
        drop(places);
        assert!(addresses.lock().is_empty());
    }
}
