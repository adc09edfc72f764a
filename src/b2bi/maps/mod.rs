//! Maps: jq programs that turn one JSON document into another.
//!
//! They are compiled and deployed into the database at every start. Compiling and each mapping of a document have a
//! process of their own, with limits: a map that never ends, calls itself without end or fills the memory costs its document, not the engine.

mod compile;
mod deploy;
mod rows;
mod runner;
mod sandbox;

pub use compile::{compile, evaluate};
pub use deploy::{Change, deploy};
pub use rows::{Deployed, Map, in_use, list};
pub use runner::{Runner, Unmapped};
pub use sandbox::{Task, work};
