//! `countersign configure`: change an installed estate, from an answer file, flags or the wizard.

use clap::Args;

use super::Scope;
use super::exit::Exit;
use super::sitting::Sitting;
use crate::wizard::CONFIGURE;

/// Arguments of `configure`.
#[derive(Debug, Args)]
pub struct Configure {
    #[command(flatten)]
    sitting: Sitting,
}

impl Configure {
    /// Runs it.
    pub fn run(&self, scope: &Scope) -> anyhow::Result<Exit> {
        self.sitting.run(scope, CONFIGURE)
    }
}
