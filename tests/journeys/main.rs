//! Whole ways through the program, as an administrator walks them: the real binary, real processes, real ports.

#![expect(clippy::expect_used, reason = "a test says what it expects")]

mod adopt;
mod after_failure;
mod bad_input;
mod clients;
mod configure;
mod console;
mod documents;
mod estate;
mod following;
mod gateway;
mod install;
mod keystores;
mod lifecycle;
mod live;
mod misalignment;
mod nobody;
mod plain;
mod profiles;
mod proofs;
mod rollback;
mod rotation;
mod schedule;
mod screen;
mod secrecy;
mod silent_trees;
mod standin;
#[allow(dead_code, reason = "tests/hygiene needs more of it")]
mod terminal;
mod unprivileged;
#[allow(dead_code, reason = "tests/hygiene needs more of it")]
mod walk;
mod watching;
mod wizard;

/// The program that these tests drive.
pub fn program() -> &'static std::path::Path {
    env!("CARGO_BIN_EXE_countersign").as_ref()
}
