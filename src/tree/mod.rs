//! A text as a tree with positions, and what is wrong with it: the ground under everything that people write for us.

mod enumerate;
mod json;
mod node;
mod problem;
pub mod suggest;
mod toml;

pub use enumerate::enumerate;
pub(crate) use json::parse as parse_json;
pub(crate) use node::{Content, Entry, Node, get};
pub(crate) use problem::Collector;
pub use problem::{Position, Problem, Problems};
pub(crate) use toml::parse as parse_toml;
