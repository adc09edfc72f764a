//! API Gateway's authentication repositories: each registers at its authority, logs users in over mutual TLS, and lets a
//! web server ask whether a request may pass.

mod add;
mod change;
mod failure;
mod home;
mod links;
mod register;

pub use crate::daemon::failure::Failure;
pub use crate::daemon::log::Log;
pub use add::Addition;
pub use change::{Changed, remove, rename};
pub use home::Home;
pub use links::{Link, Named, all, one, read};
pub use register::{Registered, register};

/// What it is called.
pub const NAME: &str = "API Gateway";
