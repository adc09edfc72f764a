//! The embedded B2Bi engines: the integration engine (Integrator) and the trading engine (Interchange), two processes
//! with one home, one database and one exchange of documents.

mod access;
mod control;
mod defaults;
pub mod delivery;
pub mod documents;
mod engine;
pub mod exchange;
mod failure;
mod free;
mod held;
mod home;
mod inbox;
pub mod intake;
mod integration;

pub mod maps;
mod outside;
mod process;
mod roles;
mod settings;
mod startup;
mod tables;

use std::fmt::Write;

use sha2::{Digest, Sha256};

pub use crate::daemon::log::Log;
pub use engine::{Engine, SecretPlace};
pub use failure::Failure;
pub use held::{Status, TablesStatus};
pub use home::Home;
pub use integration::{Connection, Integration, Told};
pub use outside::{Seen, alive, reload, see, start, stop};
pub use process::{run, tell};
pub use startup::{Registered, register};
pub use tables::Tables;

/// SHA-256 in hexadecimal, by which documents and maps are recognised.
pub fn sha256(bytes: impl AsRef<[u8]>) -> String {
    Sha256::digest(bytes).iter().fold(String::with_capacity(64), |mut text, byte| {
        let _ = write!(text, "{byte:02x}");
        text
    })
}

#[cfg(test)]
mod tests {
    use tempfile::TempDir;

    use super::{Engine, Home};

    /// A home as Install leaves it, without a secret.
    pub fn home_with_assets(host: &str, https_port: u16, client_auth_port: u16) -> (TempDir, Home) {
        let dir = tempfile::tempdir().expect("a folder");
        let profile = &crate::profile::component(Engine::Integrator.id()).expect("in the profile").0;
        for folder in &profile.folder {
            std::fs::create_dir_all(dir.path().join(folder)).expect("made");
        }
        for file in &profile.file {
            let text = crate::estate::assets::text(&file.asset).expect("carried");
            let text = text
                .replace("{host}", host)
                .replace("{https_port}", &https_port.to_string())
                .replace("{client_auth_port}", &client_auth_port.to_string())
                .replace("{domain}", "Synchrony")
                .replace("{authority_kind}", "embedded")
                .replace("{authority_label}", "")
                .replace("{authority_certificate}", "");
            std::fs::write(dir.path().join(&file.path), text).expect("written");
        }
        let home = Home::new(dir.path()).expect("a home");
        (dir, home)
    }
}
