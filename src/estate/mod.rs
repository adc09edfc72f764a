//! What is installed here: `estate.toml`, and what can be found of it on this host.

pub mod assets;
pub mod command;
pub mod detect;
pub mod home;
pub mod record;
pub mod site;

pub use detect::{Detected, Finding, detect};
pub use home::{ComponentHome, ProductHome};
pub use record::Estate;
