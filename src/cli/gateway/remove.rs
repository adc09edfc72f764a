//! `gateway remove`.

use clap::Args;
use serde_json::json;

use super::{Exit, Home, RepositoryChange, Scope, block_on, lock, log, ours, recorded, taken_up};
use crate::gateway;

/// Which.
#[derive(Debug, Args)]
pub struct Remove {
    /// The repository's name
    name: String,
}

impl Remove {
    /// Runs it.
    pub fn run(&self, home: &Home, scope: &Scope) -> anyhow::Result<Exit> {
        let _lock = lock(home, "gateway remove")?;
        let removed = block_on(gateway::remove(home, &self.name, &log(home)))?;
        let removed = removed.map_err(|failure| ours(&failure))?;
        recorded(home, scope, &RepositoryChange::Removed(&self.name));
        taken_up(home, scope);
        let backup = removed.backup.as_ref().map(|folder| home.shown(folder));
        let value = json!({ "repository": self.name, "backup": backup, "given_up": removed.given_up });
        scope.print(&format!("{}: removed", self.name), &value);
        Ok(Exit::Done)
    }
}
