//! API Gateway with a real authority: the binary's verbs, real TLS, real keystores, a real web server before it.

#![expect(clippy::expect_used, reason = "a helper of a test fails by panicking")]

#[allow(dead_code, reason = "tests/authority needs more of it")]
#[path = "../authority/binary.rs"]
mod binary;
mod fixture;
mod registration;
mod repositories;
mod serving;
mod web;
