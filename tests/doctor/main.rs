//! The doctor: every code is provoked with real parts, and nothing but that code is found.

#![expect(clippy::expect_used, reason = "a test says what it expects")]

mod bench;
mod clocks;
#[path = "../journeys/estate.rs"]
#[allow(dead_code, reason = "not every kind of test needs all of it")]
mod estate;
mod files;
mod peers;
mod repositories;
mod shifted;
mod standings;
mod vendor;
mod ways;

use std::collections::BTreeSet;

use countersign::doctor::codes::Code;

/// The program that these tests drive.
pub fn program() -> &'static std::path::Path {
    env!("CARGO_BIN_EXE_countersign").as_ref()
}

/// What each test provokes; it fails itself where it does not.
const PROVOKED: [&[Code]; 12] = [
    &files::KEYSTORE,
    &files::PLACE,
    &standings::STATES,
    &standings::TRUST,
    &ways::NAMES_AND_PORTS,
    &ways::STRANGERS,
    &clocks::FAR,
    &clocks::NEAR,
    &clocks::OURS,
    &vendor::FOLDERS,
    &vendor::TRACES,
    &repositories::GATEWAY,
];

#[test]
fn every_code_is_provoked_by_a_test() {
    let provoked: BTreeSet<Code> = PROVOKED.iter().flat_map(|codes| codes.iter().copied()).collect();
    let missing: Vec<String> =
        Code::all().filter(|code| !provoked.contains(code)).map(|code| code.to_string()).collect();
    assert!(missing.is_empty(), "no test provokes {missing:?}");
}
