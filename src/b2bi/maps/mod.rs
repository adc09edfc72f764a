//! Maps: jq programs that turn one JSON document into another.
//!
//! They are compiled and deployed into the database at every start. Each document is mapped by a process of its own,
//! with limits: a map that never ends, calls itself without end or fills the memory costs its document, not the engine.

mod compile;
mod deploy;
mod runner;
mod sandbox;

pub use compile::{compile, evaluate};
pub(in crate::b2bi) use deploy::hex;
pub use deploy::{Change, Deployed, Map, deploy, deployed, list};
pub use runner::{Runner, Unmapped};
pub use sandbox::work;
