//! The secret is changed while clients prove it without pause, each reading its own place as it stands.

use std::os::unix::fs::MetadataExt;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::time::{Duration, SystemTime};

use countersign::estate::Estate;
use countersign::estate::home::components;
use countersign::forms::Format;
use countersign::fs::replace;
use countersign::registration::admin;
use countersign::registration::prove::ProofError;
use countersign::registration::site::Site;
use countersign::registration::wire::Purpose;
use countersign::secret::Secret;
use countersign::verify::{self, Verdict};

use crate::estate::TestEstate;
use crate::rotation::{PLACES, held, place, rotated};

const CLIENTS: usize = 4;
/// Proofs of each client, and logins, before and after the change.
const ROUNDS: usize = 2;
/// How much earlier than now the clock may be by which the kernel dates files: one tick.
const TICK: Duration = Duration::from_millis(10);

/// One proof that was refused.
#[derive(Debug)]
struct Refused {
    /// Which place the client read.
    place: usize,
    /// When it began to.
    began: SystemTime,
    /// When it was refused.
    ended: SystemTime,
}

/// What the clients saw.
#[derive(Debug, Default)]
struct Seen {
    proofs: usize,
    refused: Vec<Refused>,
    failed: Vec<String>,
}

/// Changes the secret while the clients go on; every one has proved before it begins and proves after it ended.
fn under_proofs(estate: &TestEstate, change: impl FnOnce()) -> Seen {
    let stop = AtomicBool::new(false);
    let rounds: [AtomicUsize; CLIENTS + 1] = std::array::from_fn(|_| AtomicUsize::new(0));
    let (tell, told) = std::sync::mpsc::channel();
    std::thread::scope(|scope| {
        let (stop, rounds) = (&stop, &rounds);
        let mut workers = Vec::new();
        for (number, count) in rounds.iter().enumerate() {
            let tell = tell.clone();
            workers.push(scope.spawn(move || {
                let mut seen = Seen::default();
                while !stop.load(Ordering::Relaxed) {
                    if number < CLIENTS {
                        prove(estate, number % PLACES.len(), &mut seen)
                    } else {
                        login(estate, &mut seen)
                    }
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
        change();
        all_went_round(ROUNDS);
        stop.store(true, Ordering::Relaxed);
        let mut all = Seen::default();
        for seen in workers.into_iter().map(|worker| worker.join().expect("it ends")) {
            all.proofs += seen.proofs;
            all.refused.extend(seen.refused);
            all.failed.extend(seen.failed);
        }
        all
    })
}

/// Reads a place and proves what it holds.
fn prove(estate: &TestEstate, number: usize, seen: &mut Seen) {
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
    holders.nth(number).and_then(|holder| holder.site(&known.authority)).expect("a component that registers")
}

/// Logs in as `system` on the port that requires a certificate.
fn login(estate: &TestEstate, seen: &mut Seen) {
    let result = verify::one(&estate.path(""), "passport-login-system").expect("asked");
    if result.verdict != Verdict::Ok {
        seen.failed.push(result.detail);
    }
}

/// What an overlap promises.
fn nobody_was_refused(seen: &Seen) -> bool {
    seen.refused.is_empty() && seen.failed.is_empty()
}

#[test]
fn during_an_overlap_no_proof_is_refused() {
    let estate = TestEstate::installed();
    let seen = under_proofs(&estate, || {
        rotated(&estate, &[]);
        rotated(&estate, &["--back"]);
    });
    assert!(seen.proofs >= CLIENTS * ROUNDS * 2);
    assert!(nobody_was_refused(&seen), "{seen:#?}");
}

#[test]
fn an_overlap_in_the_wrong_order_is_noticed() {
    let estate = TestEstate::installed();
    let seen = under_proofs(&estate, || wrong_order(&estate));
    assert!(!nobody_was_refused(&seen) && seen.failed.is_empty(), "{seen:#?}");
}

/// Promotes and retires before the components are moved.
fn wrong_order(estate: &TestEstate) {
    let socket = estate.path("passport/run/admin.sock");
    let new = Secret::new("correct horse battery staple".into());
    let old = admin::current(&socket).expect("asked").expect("a secret");
    admin::next_secret(&socket, &new, "wrong-order", &old).expect("accepted");
    admin::promote(&socket, "wrong-order", &old, None).expect("promoted");
    admin::settle(&socket, "wrong-order", None, None).expect("settled");
    admin::retire_secret(&socket, &old).expect("retired");
    for number in 0..PLACES.len() {
        let mut seen = Seen::default();
        prove(estate, number, &mut seen);
        assert_eq!(seen.refused.len(), 1, "{seen:#?}");
    }
    for (file, format, key) in PLACES {
        let path = estate.path(file);
        let format: Format = format.parse().expect("a format");
        let text = format.write(&std::fs::read(&path).expect("read"), key, &new).expect("changed");
        replace(&path, &text, 0o600).expect("written");
    }
    assert_eq!(estate.run(&["b2bi", "reload"]).code, 0);
}

#[test]
fn during_a_cutover_proofs_are_refused_between_its_two_moments_only() {
    let estate = TestEstate::installed();
    let first = held(&estate);
    let seen = under_proofs(&estate, || drop(rotated(&estate, &["--strategy", "cutover"])));
    assert!(!held(&estate).same_as(&first));
    assert!(seen.failed.is_empty(), "{seen:#?}");
    let stopped = stopped(&estate);
    for refused in &seen.refused {
        let written = written(&estate, refused.place);
        assert!(refused.ended > stopped, "{refused:?} although PassPort was not changed before {stopped:?}");
        assert!(refused.began <= written, "{refused:?} although the place was whole at {written:?}");
    }
}

/// When the last engine had stopped: PassPort's secret is changed after that.
fn stopped(estate: &TestEstate) -> SystemTime {
    let log = std::fs::read_to_string(estate.path("b2bi/logs/IE.log")).expect("its log");
    let line = log.lines().rfind(|line| line.ends_with("Integrator ends")).expect("it was stopped");
    let time = line[..23].replace(',', ".").replacen(' ', "T", 1);
    let time: jiff::civil::DateTime = time.parse().expect("a time");
    time.to_zoned(jiff::tz::TimeZone::system()).expect("in this zone").timestamp().into()
}

/// When a place got its new content: a rename is the last change of a file's entry.
fn written(estate: &TestEstate, number: usize) -> SystemTime {
    let meta = std::fs::metadata(estate.path(PLACES[number].0)).expect("the place");
    let since =
        Duration::new(meta.ctime().try_into().expect("after 1970"), meta.ctime_nsec().try_into().expect("small"));
    SystemTime::UNIX_EPOCH + since + TICK
}
