//! The authority with real TLS, real sockets and a real database, asked by the client that components use.

#![expect(clippy::expect_used, reason = "a helper of a test fails by panicking")]

mod audit;
mod bad_input;
mod binary;
mod certificates;
mod changes;
mod client;
mod components;
mod console;
mod enrolment;
mod fixture;
mod hardening;
mod lifecycle;
mod login;
mod nodes;
mod postgres;
mod proof;
mod requests;
mod secrets;
mod users;
mod verbs;
mod window;
