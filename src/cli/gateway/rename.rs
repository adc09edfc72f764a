//! `gateway rename`.

use clap::Args;

use super::register::told;
use super::{Exit, Home, RepositoryChange, Scope, block_on, lock, log, ours, recorded, taken_up};
use crate::gateway;

/// Which, and to what.
#[derive(Debug, Args)]
pub struct Rename {
    /// The repository's name
    old: String,
    /// Its name from now on
    new: String,
}

impl Rename {
    /// Runs it.
    pub fn run(&self, home: &Home, scope: &Scope) -> anyhow::Result<Exit> {
        let _lock = lock(home, "gateway rename")?;
        let renamed = block_on(gateway::rename(home, &self.old, &self.new, &log(home)))?;
        if renamed.is_ok() {
            recorded(home, scope, &RepositoryChange::Renamed(&self.old, &self.new));
        }
        taken_up(home, scope);
        Ok(told(home, scope, &[renamed.map_err(|failure| ours(&failure))?]))
    }
}
