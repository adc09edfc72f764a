//! Our files and ports against other people's programs.
#![allow(clippy::expect_used)] // A test that cannot go on says which step failed.

mod est_answers;
mod est_ca;
mod est_estate;
mod exporter;
mod foreign;
mod keystore;
