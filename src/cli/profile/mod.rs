//! `countersign profile …`: what Countersign knows of products.

mod adopt;

use clap::{Args, Subcommand};

use super::Scope;
use super::exit::Exit;
use super::failure::Failure;

/// Arguments of `profile`.
#[derive(Debug, Args)]
pub struct Profile {
    #[command(subcommand)]
    act: Act,
}

#[derive(Debug, Subcommand)]
enum Act {
    /// Make a site profile from what an installer left: its silent files
    Adopt(adopt::Adopt),
}

impl Profile {
    /// Runs it.
    pub fn run(&self, scope: &Scope) -> anyhow::Result<Exit> {
        match &self.act {
            Act::Adopt(act) => act.run(scope),
        }
    }
}
