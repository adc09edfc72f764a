//! What is installed here: `estate.toml`, and what can be found of it on this host.

pub mod assets;
pub mod capture;
pub mod command;
pub mod detect;
pub mod home;
mod kept;
pub mod online;
pub mod record;
pub mod signs;
pub mod site;
mod spots;
pub mod watching;

pub use detect::{Detected, Finding, detect};
pub use home::{ComponentHome, ProductHome};
pub use kept::Kept;
pub use record::Estate;
pub use watching::Watching;
