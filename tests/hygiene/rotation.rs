//! After a change of the secret: neither the old one nor the new one is where it need not be.

use crate::estate::TestEstate;
use crate::executions::{SECRET, Traced};
use crate::places;
use crate::search::Needle;

fn only_engines_and_places_hold_the_new_one(strategy: &str) {
    let estate = TestEstate::installed();
    let old = Needle::new(&places::secret(&estate));
    let ended = estate.run(&["rotate", "--yes", "--strategy", strategy]);
    assert_eq!(ended.code, 0, "{ended:#?}");
    let new = Needle::new(&places::secret(&estate));
    assert_eq!(old.in_files(estate.folder()), [""; 0].map(std::path::PathBuf::from));
    assert_eq!(new.in_files(estate.folder()), places::all(&estate));
    let keys = std::fs::read_dir(estate.path("journal")).expect("listed").flatten();
    assert!(
        keys.map(|entry| entry.path()).all(|path| path.extension() != Some("key".as_ref())),
        "what the journal sealed can be opened"
    );
    let [authority, engines @ ..] = &estate.pids()[..] else { panic!("nothing runs") };
    for secret in [&old, &new] {
        assert_eq!(secret.in_memory(authority), []);
        assert!(secret.forms_in(format!("{ended:?}").as_bytes()).is_empty());
    }
    for engine in engines {
        assert_eq!(old.in_memory(engine), []);
        assert!(!new.in_memory(engine).is_empty(), "the search does not find what an engine holds");
    }
}

#[test]
fn after_an_overlap_neither_is_left_elsewhere() {
    only_engines_and_places_hold_the_new_one("overlap");
}

#[test]
fn after_a_cutover_neither_is_left_elsewhere() {
    only_engines_and_places_hold_the_new_one("cutover");
}

#[test]
fn no_program_that_a_rotation_starts_is_shown_the_secret() {
    for strategy in ["overlap", "cutover"] {
        let traced = Traced::new();
        let install = traced.install("generate");
        let rotate = format!("countersign rotate --yes --strategy {strategy} --secret-from stdin");
        traced.runs(&format!("{install} < /dev/null\n{rotate}\ncountersign stop"));
        assert_eq!(places::secret(&traced.estate), SECRET);
        assert_eq!(traced.shown(), [""; 0], "{strategy}");
    }
}
