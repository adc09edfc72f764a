//! Enrolments by EST with the secret, alone and while others flood the authority with wrong secrets. Prints figures and
//! judges nothing.
//!
//! `cargo bench --bench est_flood` runs an authority of its own on free ports. Every request has a connection, a full
//! handshake and a certificate request of its own. The flood comes from other addresses of this host (127.0.0.x), each
//! wrong secret a new one, as fast as it is answered. Load and authority share the cores: read the ratio.

#![expect(clippy::expect_used, reason = "a bench that cannot run says why and stops")]

#[path = "common/authority.rs"]
#[expect(dead_code, reason = "other benches use more of it")]
mod authority;
#[path = "common/client.rs"]
#[expect(dead_code, reason = "other benches use more of it")]
mod client;

use std::net::Ipv4Addr;
use std::sync::atomic::{AtomicBool, AtomicU32, Ordering};
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use countersign::secret::generate_password;
use rcgen::{CertificateParams, DnType, KeyPair};

use authority::{Authority, SECRET, credentials};
use client::message;

const OK: u16 = 200;
const WRONG: u16 = 401;
const BUSY: u16 = 429;
/// Good clients at once, all from 127.0.0.1.
const CLIENTS: usize = 8;
/// Flooding clients at once, and the addresses they come from.
const FLOODERS: usize = 64;
const ADDRESSES: u8 = 32;
const ROUNDS: usize = 3;
const ROUND: Duration = Duration::from_secs(5);

fn main() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let authority = Authority::new(&folder.path().join("passport"));
    let runtime = tokio::runtime::Runtime::new().expect("a runtime");
    let target = Arc::new(Target {
        server: client::Target::new(authority.port()),
        key: KeyPair::generate().expect("a key"),
        number: AtomicU32::new(0),
    });
    // Verified once, and the source known.
    runtime.block_on(enrol_for(&target, Duration::from_secs(1)));
    println!("{:>8}  {:>8}  {:>8}  {:>8}  {:>6}  flood", "", "alone/s", "flood/s", "p99, ms", "ratio");
    for round in 1..=ROUNDS {
        let alone = runtime.block_on(enrol_for(&target, ROUND));
        let flood = Flood::start(&runtime, &target);
        let flooded = runtime.block_on(enrol_for(&target, ROUND));
        let answers = flood.stop();
        let (before, during) = (rate(alone.len()), rate(flooded.len()));
        let p99 = percentile(flooded, 99).as_secs_f64() * 1e3;
        println!("{round:>8}  {before:>8.0}  {during:>8.0}  {p99:>8.1}  {:>6.2}  {answers}", during / before);
    }
}

fn rate(count: usize) -> f64 {
    f64::from(u32::try_from(count).expect("a count")) / ROUND.as_secs_f64()
}

fn percentile(mut times: Vec<Duration>, percent: usize) -> Duration {
    times.sort();
    times.get(times.len() * percent / 100).copied().unwrap_or_default()
}

/// What all clients share.
struct Target {
    server: client::Target,
    key: KeyPair,
    number: AtomicU32,
}

impl Target {
    /// A request that was never sent before.
    fn request(&self) -> String {
        let mut params = CertificateParams::default();
        let number = self.number.fetch_add(1, Ordering::Relaxed);
        params.distinguished_name.push(DnType::CommonName, format!("client {number}"));
        STANDARD.encode(params.serialize_request(&self.key).expect("a request").der())
    }

    /// One enrolment on a connection of its own; the status of its answer.
    async fn enrol(&self, from: Ipv4Addr, secret: &str) -> std::io::Result<u16> {
        let headers = "content-type: application/pkcs10\r\nconnection: close\r\n";
        let headers = credentials("default", secret) + headers;
        let message = message("POST /.well-known/est/simpleenroll", &headers, self.request().as_bytes());
        self.server.ask(from, &message).await
    }
}

/// Enrols with the secret for this long; how long each took.
async fn enrol_for(target: &Arc<Target>, time: Duration) -> Vec<Duration> {
    let end = Instant::now() + time;
    let client = || {
        let target = target.clone();
        tokio::spawn(async move {
            let mut times = Vec::new();
            while Instant::now() < end {
                let begun = Instant::now();
                let status = target.enrol(Ipv4Addr::LOCALHOST, SECRET).await.expect("answered");
                assert_eq!(status, OK);
                times.push(begun.elapsed());
            }
            times
        })
    };
    let clients: Vec<_> = (0..CLIENTS).map(|_| client()).collect();
    let times = futures_util::future::join_all(clients).await;
    times.into_iter().flat_map(|times| times.expect("ended")).collect()
}

/// Wrong secrets from many addresses.
struct Flood {
    is_over: Arc<AtomicBool>,
    answers: Arc<Mutex<Vec<Option<u16>>>>,
    begun: Instant,
}

impl Flood {
    fn start(runtime: &tokio::runtime::Runtime, target: &Arc<Target>) -> Self {
        let flood = Self { is_over: Arc::default(), answers: Arc::default(), begun: Instant::now() };
        for number in 0..FLOODERS {
            let last = 2 + u8::try_from(number % usize::from(ADDRESSES)).expect("small");
            let (target, is_over, answers) = (target.clone(), flood.is_over.clone(), flood.answers.clone());
            runtime.spawn(async move {
                while !is_over.load(Ordering::Relaxed) {
                    let status = target.enrol(Ipv4Addr::new(127, 0, 0, last), &generate_wrong()).await.ok();
                    answers.lock().expect("whole").push(status);
                }
            });
        }
        flood
    }

    /// Ends it; what it was answered, a second.
    fn stop(self) -> String {
        self.is_over.store(true, Ordering::Relaxed);
        let answers = self.answers.lock().expect("whole");
        let seconds = self.begun.elapsed().as_secs_f64();
        let of = |status: Option<u16>| {
            let count = answers.iter().filter(|answer| **answer == status).count();
            f64::from(u32::try_from(count).expect("a count")) / seconds
        };
        let (wrong, busy) = (of(Some(WRONG)), of(Some(BUSY)));
        format!("401: {wrong:.0}/s, 429: {busy:.0}/s, broken off: {:.0}/s", of(None))
    }
}

fn generate_wrong() -> String {
    generate_password().expose().to_owned()
}
