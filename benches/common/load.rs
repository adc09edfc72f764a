//! Many clients at once, from many addresses of this host, and what they saw.

use std::net::Ipv4Addr;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, Instant};

use super::process::Used;

/// The addresses that clients come from: a server may limit what it gives one.
const ADDRESSES: usize = 32;

/// What came of one slice of load.
pub struct Slice {
    /// How long each act took.
    pub times: Vec<Duration>,
    /// How long all took together.
    pub total: Duration,
    /// What the server's process spent meanwhile.
    pub server: Duration,
}

/// The address of a client.
pub fn address(client: usize) -> Ipv4Addr {
    Ipv4Addr::new(127, 0, 1, u8::try_from(1 + client % ADDRESSES).expect("small"))
}

/// Has `clients` do the acts 0 to `count`, each the next one as soon as it is done with one. The process `server` is
/// watched meanwhile.
pub async fn drive<F>(
    server: u32,
    clients: usize,
    count: usize,
    act: impl Fn(usize, Ipv4Addr) -> F + Send + Sync + 'static,
) -> Slice
where
    F: Future<Output = ()> + Send,
{
    let (next, act) = (Arc::new(AtomicUsize::new(0)), Arc::new(act));
    let (used, begun) = (Used::by(server), Instant::now());
    let client = |client| {
        let (next, act) = (next.clone(), act.clone());
        tokio::spawn(async move {
            let mut times = Vec::new();
            loop {
                let number = next.fetch_add(1, Ordering::Relaxed);
                if number >= count {
                    break times;
                }
                let begun = Instant::now();
                act(number, address(client)).await;
                times.push(begun.elapsed());
            }
        })
    };
    let clients: Vec<_> = (0..clients).map(client).collect();
    let times = futures_util::future::join_all(clients).await;
    let total = begun.elapsed();
    let times = times.into_iter().flat_map(|times| times.expect("a client ended")).collect();
    Slice { times, total, server: used.since() }
}

impl Slice {
    pub fn rate(&self) -> f64 {
        count(self.times.len()) / self.total.as_secs_f64()
    }
}

/// A number of things as a figure.
pub fn count(count: usize) -> f64 {
    f64::from(u32::try_from(count).expect("a count"))
}
