//! Who holds the secret in memory: the engines, which must. The authority never does.

use crate::estate::TestEstate;
use crate::places;
use crate::search::Needle;

#[test]
fn engines_hold_the_secret_and_the_authority_does_not() {
    let estate = TestEstate::installed();
    let secret = Needle::new(&places::secret(&estate));
    // Whatever proves, logs in and asks meanwhile.
    for verb in ["verify", "check", "status"] {
        assert_eq!(estate.run(&[verb]).code, 0, "{verb}");
    }
    let [authority, engines @ ..] = &estate.pids()[..] else { panic!("nothing runs") };
    for engine in engines {
        assert!(!secret.in_memory(engine).is_empty(), "the search does not find what an engine holds");
    }
    assert_eq!(secret.in_memory(authority), []);
}

#[test]
fn what_an_engine_holds_lies_in_locked_memory() {
    let estate = TestEstate::installed();
    for pid in &estate.pids()[1..] {
        let status = std::fs::read_to_string(format!("/proc/{pid}/status")).expect("its status");
        let locked = status.lines().find_map(|line| line.strip_prefix("VmLck:")).expect("what is locked");
        assert_ne!(locked.trim(), "0 kB", "nothing is locked in engine {pid}");
    }
}
