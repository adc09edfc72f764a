//! Silent files: what an installer's answers are kept in, and given back to it by, without a page being shown.
//!
//! A master file includes one file a product; each line is `Variable = Value`, or `Variable.Property = Value` about a
//! variable. An edit changes the lines that it is about and no other byte.

mod error;
mod escape;
mod file;
mod grammar;
#[cfg(test)]
mod laws;
mod newest;
#[cfg(test)]
mod tests;
mod tree;
mod write;

pub use error::{At, Rule, SilentError};
pub use newest::{master_of, newest};
pub use tree::{Tree, Variable};
pub use write::remove;
