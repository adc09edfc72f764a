//! Whole ways through the program, as an administrator walks them: the real binary, real processes, real ports.

#![expect(clippy::expect_used, reason = "a test says what it expects")]

mod bad_input;
mod documents;
mod estate;
mod following;
mod install;
mod keystores;
mod lifecycle;
mod misalignment;
mod proofs;
mod rollback;
mod rotation;
mod schedule;
mod secrecy;
mod terminal;
mod unprivileged;
mod watching;
mod wizard;
