//! Our files and ports against other people's programs.
#![allow(clippy::expect_used)] // A test that cannot go on says which step failed.

mod est;
mod est_answers;
mod est_ca;
mod est_curl;
mod est_estate;
mod est_ours;
mod est_strongswan;
mod exporter;
#[path = "../authority/fixture.rs"]
#[allow(dead_code)] // What the authority's own tests need of it is more.
mod fixture;
mod foreign;
mod java;
mod keystore;
mod pkcs12;
#[path = "../authority/postgres.rs"]
#[allow(dead_code)]
mod postgres;
