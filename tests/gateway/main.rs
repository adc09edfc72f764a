//! API Gateway with a real authority: the binary's verbs, real TLS, real keystores, a real web server before it.

#![expect(clippy::expect_used, reason = "a helper of a test fails by panicking")]

#[allow(dead_code, reason = "tests/authority needs more of it")]
#[path = "../authority/binary.rs"]
mod binary;
#[allow(dead_code, reason = "not every kind of test needs all of it")]
#[path = "../journeys/estate.rs"]
mod estate;
mod fixture;
#[allow(dead_code, reason = "tests/authority needs more of it")]
#[path = "../authority/postgres.rs"]
mod postgres;
mod recorded;
mod registration;
mod repositories;
mod serving;
#[path = "../doctor/shifted.rs"]
#[expect(dead_code, reason = "other tests use more of it")]
mod shifted;
mod web;

/// The program that these tests drive.
pub fn program() -> &'static std::path::Path {
    env!("CARGO_BIN_EXE_countersign").as_ref()
}
