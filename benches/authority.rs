//! What the authority carries: enrolments and proofs over a full handshake each, against the handshake alone and against
//! a server that stores nothing; its start; its memory; and how little the number of components matters. Prints figures
//! and judges nothing.
//!
//! `cargo bench --bench authority` runs everything as processes over the loopback interface. Clients and servers share
//! the cores: read the ratios. They are taken within a round, whose slices follow each other at once, and the table shows
//! the median of the rounds. `COUNTERSIGN_BENCH_SHARE=0.05` makes every count that part of itself.
//!
//! Requests are signed before they are measured. What an enrolment is answered with is durable: store and audit.

#![expect(clippy::expect_used, reason = "a bench that cannot run says why and stops")]

#[path = "common/authority.rs"]
mod authority;
#[path = "common/client.rs"]
mod client;
#[path = "common/est_ca.rs"]
mod est_ca;
#[path = "common/figures.rs"]
mod figures;
#[path = "common/load.rs"]
mod load;
#[path = "common/process.rs"]
mod process;
#[path = "common/proof.rs"]
mod proof;

use std::fs::File;
use std::os::unix::fs::FileExt;
use std::path::Path;
use std::sync::Arc;
use std::time::{Duration, Instant};

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use countersign::passport::{Home, csd};
use countersign::registration::wire::{Identity, STATUS_PATH};
use rcgen::{CertificateParams, DnType, KeyPair};
use sqlx::Connection;
use sqlx::sqlite::{SqliteConnectOptions, SqliteConnection};
use tokio::runtime::Runtime;

use authority::{Authority, CSD, SECRET, credentials};
use client::{Target, message};
use est_ca::EstCa;
use figures::{median, milliseconds};
use load::{Slice, count, drive};
use process::resident;

const CLIENTS: usize = 64;
const ROUNDS: usize = 9;
/// Acts of a slice.
const SLICE: usize = 2000;
/// Enrolments that the memory is looked at after.
const ENROLMENTS: usize = 100_000;
/// Components in the store: instances of one, the hardest case.
const FEW: usize = 1000;
const MANY: usize = 1_000_000;
/// Enrolments one by one in a round, to compare the two stores.
const ONE_BY_ONE: usize = 300;
const STARTS: usize = 15;
const FLUSHES: usize = 200;

fn main() {
    let share = std::env::var("COUNTERSIGN_BENCH_SHARE").map_or(1.0, |share| share.parse().expect("a number"));
    let scaled = |count: usize| scaled(count, share);
    let folder = tempfile::tempdir().expect("a temporary folder");
    let runtime = Runtime::new().expect("a runtime");
    flushes(folder.path());
    starts(&folder.path().join("starts"), scaled(STARTS).max(3));

    let few = Server::new(&runtime, &folder.path().join("few"), FEW);
    let est_ca = EstCa::run(&folder.path().join("est-ca"));
    let idle = resident(few.authority.pid());
    println!();
    let mut enrolled = rounds(&runtime, &few, est_ca.as_ref(), scaled(SLICE));
    drop(est_ca);

    println!("\n{:>10}  resident memory, MB", "enrolments");
    println!("{:>10}  {idle:.1}", 0);
    println!("{enrolled:>10}  {:.1}", resident(few.authority.pid()));
    let all = scaled(ENROLMENTS);
    for goal in [all / 2, all] {
        let mut rates = Vec::new();
        while enrolled < goal {
            let slice = runtime.block_on(few.enrol(CLIENTS, (goal - enrolled).min(SLICE)));
            enrolled += slice.times.len();
            rates.push(slice.rate());
        }
        if !rates.is_empty() {
            println!("{enrolled:>10}  {:.1} ({:.0} enrolments/s)", resident(few.authority.pid()), median(&rates));
        }
    }

    let many = Server::new(&runtime, &folder.path().join("many"), scaled(MANY));
    println!();
    stores(&runtime, [&few, &many], scaled(ONE_BY_ONE), scaled(SLICE));
}

/// An authority with this many instances of one component in its store.
struct Server {
    authority: Authority,
    target: Target,
    instances: usize,
    key: KeyPair,
    identity: Identity,
}

impl Server {
    fn new(runtime: &Runtime, path: &Path, instances: usize) -> Self {
        Authority::init(path);
        let identity = csd::read(CSD).expect("a CSD").identity;
        runtime.block_on(fill(&Home::new(path), &identity, instances)).expect("filled");
        let authority = Authority::run(path).0;
        authority.set_up();
        let key = KeyPair::generate().expect("a key");
        let server = Self { target: Target::new(authority.port()), authority, instances, key, identity };
        // The secret is stretched once, on either side.
        runtime.block_on(async {
            server.enrol(1, 1).await;
            server.prove(1).await;
        });
        server
    }

    /// Enrolments of instances from all over the store, each with a request that was never sent before.
    async fn enrol(&self, clients: usize, count: usize) -> Slice {
        let messages: Vec<Vec<u8>> = (0..count).map(|number| self.enrolment(number)).collect();
        ask(&self.target, self.authority.pid(), clients, messages).await
    }

    fn enrolment(&self, number: usize) -> Vec<u8> {
        let mut params = CertificateParams::default();
        params.distinguished_name.push(DnType::CommonName, format!("client {number}"));
        // Signatures over the same differ, so no two requests are the same.
        let request = STANDARD.encode(params.serialize_request(&self.key).expect("a request").der());
        let headers = "content-type: application/pkcs10\r\nconnection: close\r\n";
        let headers = credentials(&self.instance(number), SECRET) + headers;
        message("POST /.well-known/est/simpleenroll", &headers, request.as_bytes())
    }

    /// Spread over the store, whatever order that has.
    fn instance(&self, number: usize) -> String {
        format!("i{}", number * 7919 % self.instances)
    }

    async fn status(&self, count: usize) -> Slice {
        get(&self.target, self.authority.pid(), STATUS_PATH, count).await
    }

    async fn prove(&self, count: usize) -> Slice {
        let components = (0..count).map(|number| Identity { instance: self.instance(number), ..self.identity.clone() });
        let components: Arc<Vec<Identity>> = Arc::new(components.collect());
        let target = self.target.clone();
        drive(self.authority.pid(), CLIENTS, count, move |number, from| {
            let (target, components) = (target.clone(), components.clone());
            async move { proof::prove(&target, from, &components[number]).await }
        })
        .await
    }
}

/// Puts components into the store of an authority that does not run.
async fn fill(home: &Home, identity: &Identity, instances: usize) -> sqlx::Result<()> {
    let options = SqliteConnectOptions::new().filename(home.database());
    let mut store = SqliteConnection::connect_with(&options).await?;
    sqlx::query(
        r#"WITH RECURSIVE numbers (number) AS (SELECT 0 UNION ALL SELECT number + 1 FROM numbers WHERE number + 1 < $4)
           INSERT INTO components (name, version, "group", instance, listens, added)
           SELECT $1, $2, $3, 'i' || number, 1, 0 FROM numbers"#,
    )
    .bind(&identity.name)
    .bind(&identity.version)
    .bind(&identity.group)
    .bind(i64::try_from(instances).expect("a count"))
    .execute(&mut store)
    .await?;
    store.close().await
}

/// These messages, each over a connection of its own, answered with 200.
async fn ask(target: &Target, server: u32, clients: usize, messages: Vec<Vec<u8>>) -> Slice {
    let (target, messages) = (target.clone(), Arc::new(messages));
    drive(server, clients, messages.len(), move |number, from| {
        let (target, messages) = (target.clone(), messages.clone());
        async move {
            let status = target.ask(from, &messages[number]).await.expect("answered");
            assert_eq!(status, 200);
        }
    })
    .await
}

async fn get(target: &Target, server: u32, path: &str, count: usize) -> Slice {
    let messages = vec![message(&format!("GET {path}"), "connection: close\r\n", b""); count];
    ask(target, server, CLIENTS, messages).await
}

/// One row of the table.
#[derive(Default)]
struct Series {
    rates: Vec<f64>,
    times: Vec<Duration>,
    /// What the server spent on each, in microseconds.
    spent: Vec<f64>,
}

impl Series {
    fn add(&mut self, slice: Slice) {
        self.rates.push(slice.rate());
        self.spent.push(slice.server.as_secs_f64() * 1e6 / count(slice.times.len()));
        self.times.extend(slice.times);
    }

    /// The median of what it reached of another's rate in the same round.
    fn of(&self, other: &Self) -> f64 {
        let ratios: Vec<f64> = self.rates.iter().zip(&other.rates).map(|(own, other)| own / other).collect();
        median(&ratios)
    }

    fn percentile(&self, percent: usize) -> f64 {
        let mut times = self.times.clone();
        times.sort_unstable();
        milliseconds(times[(times.len() * percent / 100).min(times.len() - 1)])
    }

    fn row(&self, what: &str, ratios: &[Option<f64>]) {
        let (rate, spent) = (median(&self.rates), median(&self.spent));
        print!("{rate:>8.0}  {:>8.2}  {:>8.2}  {spent:>9.0}", self.percentile(50), self.percentile(99));
        for ratio in ratios {
            match ratio {
                Some(ratio) => print!("  {ratio:>9.2}"),
                None => print!("  {:>9}", "-"),
            }
        }
        println!("  {what}");
    }
}

/// The two servers beside each other; how many enrolments ours has given.
fn rounds(runtime: &Runtime, server: &Server, est_ca: Option<&EstCa>, slice: usize) -> usize {
    let [mut trivial, mut enrolments, mut proofs, mut their_trivial, mut theirs] = [(); 5].map(|()| Series::default());
    for _ in 0..ROUNDS {
        // Signed outside of the slices, which follow each other at once.
        let requests: Vec<_> = (0..slice).map(|number| server.enrolment(number)).collect();
        runtime.block_on(async {
            trivial.add(server.status(slice).await);
            enrolments.add(ask(&server.target, server.authority.pid(), CLIENTS, requests.clone()).await);
            if let Some(est_ca) = est_ca {
                let target = Target::new(est_ca.port);
                theirs.add(ask(&target, est_ca.pid(), CLIENTS, requests).await);
                their_trivial.add(get(&target, est_ca.pid(), "/.well-known/est/cacerts", slice).await);
            }
            proofs.add(server.prove(slice).await);
        });
    }
    println!("{CLIENTS} clients at once, a connection and a full handshake each; {ROUNDS} rounds of {slice}");
    println!(
        "{:>8}  {:>8}  {:>8}  {:>9}  {:>9}  {:>9}",
        "per s", "p50, ms", "p99, ms", "server us", "of status", "of est-ca"
    );
    trivial.row("status: handshake and a trivial reply", &[None, None]);
    let of_theirs = est_ca.map(|_| enrolments.of(&theirs));
    enrolments.row("EST enrolment, durable (goals: 0.6 and 1.0)", &[Some(enrolments.of(&trivial)), of_theirs]);
    proofs.row("proof of the secret by OPAQUE, durable", &[Some(proofs.of(&trivial)), None]);
    if est_ca.is_some() {
        theirs.row("EST enrolment by est-ca, nothing stored", &[Some(theirs.of(&trivial)), None]);
        their_trivial.row("CA certificate from est-ca", &[Some(their_trivial.of(&trivial)), None]);
    }
    enrolments.times.len()
}

/// The same enrolments from two stores, one by one and many at once, in turn.
fn stores(runtime: &Runtime, servers: [&Server; 2], one_by_one: usize, slice: usize) {
    let mut single = [(); 2].map(|()| Series::default());
    let mut crowd = [(); 2].map(|()| Series::default());
    for _ in 0..ROUNDS {
        for (at, server) in servers.into_iter().enumerate() {
            single[at].add(runtime.block_on(server.enrol(1, one_by_one)));
            crowd[at].add(runtime.block_on(server.enrol(CLIENTS, slice)));
        }
    }
    println!("{:>10}  {:>14}  {:>14}  enrolments", "components", "p50 alone, ms", format!("p50 of {CLIENTS}, ms"));
    for (at, server) in servers.into_iter().enumerate() {
        println!("{:>10}  {:>14.2}  {:>14.2}", server.instances, single[at].percentile(50), crowd[at].percentile(50));
    }
    let ratio = |[few, many]: &[Series; 2]| many.percentile(50) / few.percentile(50);
    println!("{:>10}  {:>14.2}  {:>14.2}  (goal: at most 1.2)", "ratio", ratio(&single), ratio(&crowd));
}

/// From the command to ready, with nothing to make anew.
fn starts(path: &Path, runs: usize) {
    drop(Authority::new(path));
    let times: Vec<Duration> = (0..runs).map(|_| Authority::run(path).1).collect();
    println!("{:>8.1} ms  from the command to ready (median of {runs}; goal: 30)", milliseconds(median(&times)));
}

/// What it costs this disk to make 4 KiB durable.
fn flushes(folder: &Path) {
    let file = File::create(folder.join("flushed")).expect("a file");
    let flush = |number: u64| {
        let begun = Instant::now();
        file.write_all_at(&[1; 4096], number * 4096).expect("written");
        file.sync_data().expect("flushed");
        begun.elapsed()
    };
    let mut times: Vec<Duration> = (0..FLUSHES).map(|number| flush(number as u64)).collect();
    times.sort_unstable();
    let [middle, late] = [50, 99].map(|percent| milliseconds(times[FLUSHES * percent / 100]));
    println!("{middle:>8.2} ms  one flush of this disk (p99: {late:.2})");
}

#[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "counts are small and not negative")]
fn scaled(whole: usize, share: f64) -> usize {
    ((count(whole) * share) as usize).max(1)
}
