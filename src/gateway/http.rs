//! The port that web servers ask.

use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use axum::extract::{Extension, Path, State};
use axum::http::{HeaderMap, StatusCode, Uri};
use axum::response::{IntoResponse, Json, Response};
use axum::routing::{any, get};
use hyper::server::conn::http1;
use hyper_util::rt::{TokioIo, TokioTimer};
use hyper_util::service::TowerToHyperService;
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::Semaphore;

use super::auth::Door;

/// How long a client may take for the head of a request, and stay idle between two.
const HEAD: Duration = Duration::from_secs(30);
/// The longest head of a request, in bytes.
const LONGEST_HEAD: usize = 16 * 1024;
/// How long one request may take, PassPort's answer included.
const REQUEST: Duration = Duration::from_secs(20);
/// How long it waits when the system has no connection to give.
const RELIEF: Duration = Duration::from_millis(100);

#[derive(Clone, Copy)]
struct Peer(SocketAddr);

/// Answers until the task is dropped, so many connections at once.
pub async fn serve(listener: TcpListener, door: Arc<Door>, connections: usize) {
    let router = Router::new()
        .route("/auth", any(first))
        .route("/auth/{name}", any(named))
        .route("/status", get(status))
        .with_state(door);
    let slots = Arc::new(Semaphore::new(connections));
    while let Ok(slot) = slots.clone().acquire_owned().await {
        let Ok((stream, peer)) = listener.accept().await else {
            // The system is out of descriptors or memory; there is no event for "there are some again".
            tokio::time::sleep(RELIEF).await;
            continue;
        };
        let router = router.clone().layer(Extension(Peer(peer)));
        tokio::spawn(async move {
            connection(stream, router).await;
            drop(slot);
        });
    }
}

async fn connection(stream: TcpStream, router: Router) {
    let _ = stream.set_nodelay(true);
    let serving = http1::Builder::new()
        .timer(TokioTimer::new())
        .header_read_timeout(HEAD)
        .max_buf_size(LONGEST_HEAD)
        .serve_connection(TokioIo::new(stream), TowerToHyperService::new(router));
    // A client that broke off has nobody left to be told.
    let _ = serving.await;
}

async fn first(State(door): State<Arc<Door>>, peer: Extension<Peer>, headers: HeaderMap, uri: Uri) -> Response {
    answered(&door, None, peer.0.0, &headers, &uri).await
}

async fn named(
    State(door): State<Arc<Door>>,
    peer: Extension<Peer>,
    Path(name): Path<String>,
    headers: HeaderMap,
    uri: Uri,
) -> Response {
    answered(&door, Some(&name), peer.0.0, &headers, &uri).await
}

async fn answered(door: &Door, name: Option<&str>, peer: SocketAddr, headers: &HeaderMap, uri: &Uri) -> Response {
    let answer = tokio::time::timeout(REQUEST, door.answer(name, peer, headers, uri)).await;
    answer.unwrap_or_else(|_| (StatusCode::SERVICE_UNAVAILABLE, "PassPort did not answer in time\n").into_response())
}

/// For this host alone: it tells names of repositories.
async fn status(State(door): State<Arc<Door>>, peer: Extension<Peer>) -> Response {
    if peer.0.0.ip().to_canonical().is_loopback() {
        Json(door.status()).into_response()
    } else {
        StatusCode::NOT_FOUND.into_response()
    }
}
