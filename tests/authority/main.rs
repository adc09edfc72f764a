//! The authority with real TLS, real sockets and a real database, asked by the client that components use.

#![expect(clippy::expect_used, reason = "a helper of a test fails by panicking")]

mod audit;
mod certificates;
mod changes;
mod client;
mod enrolment;
mod fixture;
mod lifecycle;
mod login;
mod proof;
mod verbs;
mod window;
