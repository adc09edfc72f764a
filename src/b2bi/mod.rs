//! The embedded B2Bi engines: the integration engine (Integrator) and the trading engine (Interchange), two processes
//! with one home, one database and one exchange of documents.

mod access;
mod control;
mod defaults;
mod delivery;
mod documents;
mod engine;
mod exchange;
mod failure;
mod held;
mod home;
mod intake;
mod integration;
mod log;
pub mod maps;
mod outside;
mod process;
mod roles;
mod settings;
mod startup;
mod tables;
mod watch;

pub use engine::{Engine, SecretPlace};
pub use failure::Failure;
pub use held::{Status, TablesStatus};
pub use home::Home;
pub use integration::{Connection, Integration, Told};
pub use log::Log;
pub use outside::{Seen, alive, reload, see, start, stop};
pub use process::{run, tell};
pub use startup::register;
pub use tables::Tables;
