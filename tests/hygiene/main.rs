//! Where a secret is and where it is not, in the program as people run it: a release build, looked into from outside as
//! root may.

#![expect(clippy::expect_used, reason = "a test says what it expects")]

mod binary;
mod cores;
#[path = "../journeys/estate.rs"]
#[allow(dead_code, reason = "not every kind of test needs all of it")]
mod estate;
mod executions;
mod files;
mod history;
mod memory;
mod places;
mod rotation;
mod search;
#[path = "../journeys/terminal.rs"]
#[allow(dead_code, reason = "not every kind of test needs all of it")]
mod terminal;
mod tmux;
#[path = "../journeys/walk.rs"]
#[allow(dead_code, reason = "not every kind of test needs all of it")]
mod walk;
mod wizard;

pub use binary::program;
