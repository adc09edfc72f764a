//! Any bytes as each message of the proof.

#![no_main]

use countersign::registration::wire::{FinishAnswer, FinishRequest, LoginRequest, Outcome, StartAnswer, StartRequest};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|bytes: &[u8]| {
    let _ = serde_json::from_slice::<StartRequest>(bytes);
    let _ = serde_json::from_slice::<StartAnswer>(bytes);
    let _ = serde_json::from_slice::<FinishRequest>(bytes);
    let _ = serde_json::from_slice::<FinishAnswer>(bytes);
    let _ = serde_json::from_slice::<LoginRequest>(bytes);
    if let Ok(outcome) = serde_json::from_slice::<Outcome>(bytes) {
        let text = serde_json::to_string(&outcome).expect("written");
        let again: Outcome = serde_json::from_str(&text).expect("read back");
        assert_eq!(again.status, outcome.status);
    }
});
