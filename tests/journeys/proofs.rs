//! The secret is changed while clients prove it without pause.

use std::os::unix::fs::MetadataExt;
use std::time::{Duration, SystemTime};

use countersign::forms::Format;
use countersign::fs::replace;
use countersign::registration::admin;
use countersign::secret::Secret;

use crate::clients::{CLIENTS, PLACES, ROUNDS, Seen, prove, under_proofs};
use crate::estate::TestEstate;
use crate::rotation::{held, rotated};

/// How much earlier than now the clock may be by which the kernel dates files: one tick.
const TICK: Duration = Duration::from_millis(10);

/// What an overlap promises.
fn nobody_was_refused(seen: &Seen) -> bool {
    seen.refused.is_empty() && seen.failed.is_empty()
}

#[test]
fn during_an_overlap_no_proof_is_refused() {
    let estate = TestEstate::installed();
    let seen = under_proofs(&estate, |_| {
        rotated(&estate, &[]);
        rotated(&estate, &["--back"]);
    });
    assert!(seen.proofs >= CLIENTS * ROUNDS * 2 && seen.logins >= ROUNDS * 2);
    assert!(nobody_was_refused(&seen), "{seen:#?}");
}

#[test]
fn an_overlap_in_the_wrong_order_is_noticed() {
    let estate = TestEstate::installed();
    let seen = under_proofs(&estate, |one_was_refused| wrong_order(&estate, one_was_refused));
    assert!(!seen.refused.is_empty(), "{seen:#?}");
}

/// Promotes and retires before the components are moved.
fn wrong_order(estate: &TestEstate, one_was_refused: &dyn Fn()) {
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
    one_was_refused();
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
    let seen = under_proofs(&estate, |_| drop(rotated(&estate, &["--strategy", "cutover", "--see-refused"])));
    assert!(!held(&estate).same_as(&first));
    assert!(seen.failed.is_empty(), "{seen:#?}");
    assert!(!seen.refused.is_empty(), "nobody was refused in between");
    let stopped = stopped(&estate);
    for refused in &seen.refused {
        let written = written(&estate, refused.place);
        assert!(refused.ended > stopped, "{refused:?} although PassPort was not changed before {stopped:?}");
        assert!(refused.began <= written, "{refused:?} although the place was whole at {written:?}");
    }
}

/// When the last engine had stopped: PassPort's secret is changed after that. It ends once more when it is seen refused.
fn stopped(estate: &TestEstate) -> SystemTime {
    let log = std::fs::read_to_string(estate.path("b2bi/logs/IE.log")).expect("its log");
    let line = log.lines().find(|line| line.ends_with("Integrator ends")).expect("it was stopped");
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
