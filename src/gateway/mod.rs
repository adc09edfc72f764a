//! API Gateway's authentication repositories: each registers at its authority, logs users in over mutual TLS, and lets a
//! web server ask whether a request may pass.

mod add;
mod auth;
mod basic;
mod cache;
mod change;
mod control;
mod failure;
mod home;
mod http;
mod limits;
mod links;
mod login;
mod process;
mod register;
mod repository;
mod set;
mod settings;
mod watch;

pub use crate::daemon::failure::Failure;
pub use crate::daemon::log::Log;
pub use add::Addition;
pub use change::{Changed, remove, rename};
pub use home::Home;
pub use links::{Link, Named, all, one, read};
pub use login::login;
pub use process::run;
pub use register::{Registered, register};

/// What it is called.
pub const NAME: &str = "API Gateway";
