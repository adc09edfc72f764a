//! Documents really flow: from the trading engine's folder through a map to the integration engine's.

use std::path::Path;
use std::time::{Duration, Instant};

use serde_json::Value;

use crate::estate::TestEstate;

/// Waits until a file is there; writing it is one rename, so it is whole then.
pub fn wait_for(path: &Path) -> String {
    let until = Instant::now() + Duration::from_secs(20);
    loop {
        match std::fs::read_to_string(path) {
            Ok(text) => return text,
            Err(_) if Instant::now() < until => std::thread::yield_now(),
            Err(error) => panic!("{}: {error}", path.display()),
        }
    }
}

/// Waits until a file is gone.
fn wait_until_gone(path: &Path) {
    let until = Instant::now() + Duration::from_secs(20);
    while path.exists() {
        assert!(Instant::now() < until, "{} is still there", path.display());
        std::thread::yield_now();
    }
}

fn put(estate: &TestEstate, name: &str, text: &str) {
    let hidden = estate.path(&format!("b2bi/Interchange/in/.{name}"));
    std::fs::write(&hidden, text).expect("written");
    std::fs::rename(hidden, estate.path(&format!("b2bi/Interchange/in/{name}"))).expect("renamed");
}

#[test]
fn a_document_goes_through_the_map_that_its_name_selects() {
    let estate = TestEstate::installed();
    put(&estate, "verification-4711.json", r#"{"probe":"4711"}"#);
    let out = wait_for(&estate.path("b2bi/Integrator/out/verification-4711.json"));
    let value: Value = serde_json::from_str(&out).expect("JSON");
    assert_eq!(value, serde_json::json!({ "probe": "4711", "passed": true }));
    wait_until_gone(&estate.path("b2bi/Interchange/in/verification-4711.json"));
}

#[test]
fn a_rejected_document_is_kept_aside_with_its_reason() {
    let estate = TestEstate::installed();
    for (name, text, said) in [("order-1.json", "this is no JSON", "JSON"), ("nomap-1.json", "{}", "nomap")] {
        put(&estate, name, text);
        let reason = wait_for(&estate.path(&format!("b2bi/Interchange/rejected/{name}.reason")));
        assert!(reason.contains(said), "{reason}");
        let kept = wait_for(&estate.path(&format!("b2bi/Interchange/rejected/{name}")));
        assert_eq!(kept, text);
        assert!(!estate.path(&format!("b2bi/Integrator/out/{name}")).exists());
    }
}

#[test]
fn a_document_waits_for_an_integration_engine_that_is_away() {
    let estate = TestEstate::installed();
    assert_eq!(estate.run(&["b2bi", "stop", "--engine", "integrator"]).code, 0);
    put(&estate, "verification-1.json", r#"{"probe":"waiting"}"#);
    assert_eq!(estate.run(&["b2bi", "start", "--engine", "integrator"]).code, 0);
    assert!(wait_for(&estate.path("b2bi/Integrator/out/verification-1.json")).contains("waiting"));
}
