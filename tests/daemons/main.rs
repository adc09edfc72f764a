//! Real daemons of Debian whose shared secret is changed by a site's own profiles: each way in which a product comes to
//! use another secret.

#![expect(clippy::expect_used, reason = "a test says what it expects")]

#[path = "../journeys/estate.rs"]
#[allow(dead_code, reason = "not every kind of test needs all of it")]
mod estate;
mod redis;
mod site;

/// The program that these tests drive.
pub fn program() -> &'static std::path::Path {
    env!("CARGO_BIN_EXE_countersign").as_ref()
}
