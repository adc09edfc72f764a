//! The promise under faults: whatever happens, an estate is all as it was or all as it should become, or can be brought
//! there with one command.

#![expect(clippy::expect_used, reason = "a test says what it expects")]

mod bench;
mod choice;
#[path = "../journeys/estate.rs"]
#[allow(dead_code, reason = "shared with the journeys, which use all of it")]
mod estate;
mod kills;
#[path = "../journeys/nobody.rs"]
mod nobody;
mod outside;
mod power;
mod replay;
mod state;
mod table;
mod trace;
mod verbs;

/// The program that these tests drive.
pub fn program() -> &'static std::path::Path {
    env!("CARGO_BIN_EXE_countersign").as_ref()
}
