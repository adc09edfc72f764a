//! Clients that prove the secret without pause, each reading its own place as it stands, beside logins.

use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::time::SystemTime;

use countersign::estate::Estate;
use countersign::estate::home::components;
use countersign::forms::Format;
use countersign::registration::prove::ProofError;
use countersign::registration::site::Site;
use countersign::registration::wire::Purpose;
use countersign::secret::Secret;
use countersign::verify::{self, Verdict};

use crate::estate::TestEstate;

/// Every place of the embedded estate: file, format, key.
pub const PLACES: [(&str, &str, &str); 2] = [
    ("b2bi/Integrator/conf/passport-access.properties", "properties", "passport.shared.secret"),
    ("b2bi/Interchange/conf/passport-access.xml", "xml", "sharedSecret"),
];

/// What a place holds.
pub fn place(estate: &TestEstate, (file, format, key): (&str, &str, &str)) -> Secret {
    let text = std::fs::read(estate.path(file)).expect("the place");
    let format: Format = format.parse().expect("a format");
    format.read(&text, key).expect("readable").expect("a secret")
}

/// How many prove at once.
pub const CLIENTS: usize = 4;
/// Proofs of each client, and logins, before and after the change.
pub const ROUNDS: usize = 2;
/// One proof that was refused.
#[derive(Debug)]
pub struct Refused {
    /// Which place the client read.
    pub place: usize,
    /// When it began to.
    pub began: SystemTime,
    /// When it was refused.
    pub ended: SystemTime,
}

/// What the clients saw.
#[derive(Debug, Default)]
pub struct Seen {
    /// Proofs that were accepted.
    pub proofs: usize,
    /// Logins that succeeded.
    pub logins: usize,
    /// Proofs that were refused.
    pub refused: Vec<Refused>,
    /// Anything else that went wrong.
    pub failed: Vec<String>,
}

/// Changes the secret while the clients go on; every one has proved before it begins and proves after it ended. The
/// change is given how to wait until one of them was refused.
pub fn under_proofs(estate: &TestEstate, change: impl FnOnce(&dyn Fn())) -> Seen {
    let stop = AtomicBool::new(false);
    let rounds: [AtomicUsize; CLIENTS + 1] = std::array::from_fn(|_| AtomicUsize::new(0));
    let refused = AtomicBool::new(false);
    let (tell, told) = std::sync::mpsc::channel();
    std::thread::scope(|scope| {
        let (stop, refused, rounds) = (&stop, &refused, &rounds);
        let mut workers = Vec::new();
        for (number, count) in rounds.iter().enumerate() {
            let tell = tell.clone();
            workers.push(scope.spawn(move || {
                let mut seen = Seen::default();
                while !stop.load(Ordering::Relaxed) {
                    if number < CLIENTS {
                        prove(estate, number % PLACES.len(), &mut seen);
                    } else {
                        login(estate, &mut seen);
                    }
                    refused.fetch_or(!seen.refused.is_empty(), Ordering::Relaxed);
                    count.fetch_add(1, Ordering::Relaxed);
                    // Nobody listens once all have gone round often enough.
                    let _ = tell.send(());
                }
                seen
            }));
        }
        let all_went_round = |times: usize| {
            let from = rounds.each_ref().map(|count| count.load(Ordering::Relaxed));
            while rounds.iter().zip(&from).any(|(now, from)| now.load(Ordering::Relaxed) < from + times) {
                told.recv().expect("a client goes on");
            }
        };
        all_went_round(ROUNDS);
        change(&|| {
            while !refused.load(Ordering::Relaxed) {
                told.recv().expect("a client goes on");
            }
        });
        all_went_round(ROUNDS);
        stop.store(true, Ordering::Relaxed);
        let mut all = Seen::default();
        for seen in workers.into_iter().map(|worker| worker.join().expect("it ends")) {
            all.proofs += seen.proofs;
            all.logins += seen.logins;
            all.refused.extend(seen.refused);
            all.failed.extend(seen.failed);
        }
        all
    })
}

/// Reads a place and proves what it holds.
pub fn prove(estate: &TestEstate, number: usize, seen: &mut Seen) {
    let began = SystemTime::now();
    let secret = place(estate, PLACES[number]);
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().expect("a runtime");
    match runtime.block_on(site(estate, number).prove(&secret, Purpose::Check)) {
        Ok(_) => seen.proofs += 1,
        Err(ProofError::NotAccepted) => {
            seen.refused.push(Refused { place: number, began, ended: SystemTime::now() });
        }
        Err(error) => seen.failed.push(error.to_string()),
    }
}

/// The component whose place this is.
fn site(estate: &TestEstate, number: usize) -> Site {
    let dir = estate.path("");
    let known = Estate::read(&dir).expect("readable").expect("an estate");
    let mut holders = components(&dir, &known.components).into_iter().filter(|one| one.component.holds_secret);
    holders.nth(number).and_then(|holder| holder.sites(&known.authority).pop()).expect("a component that registers")
}

/// Logs in as `system` on the port that requires a certificate.
fn login(estate: &TestEstate, seen: &mut Seen) {
    let result = verify::one(&estate.path(""), "passport-login-system").expect("asked");
    match result.verdict {
        Verdict::Ok => seen.logins += 1,
        _ => seen.failed.push(result.detail),
    }
}
