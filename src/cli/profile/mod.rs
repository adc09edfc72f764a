//! `countersign profile …`: what Countersign knows of products.

mod adopt;
mod list;
mod new;
mod show;
mod validate;

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
    /// Tell every known product: shipped ones and the estate's own
    List,
    /// Tell all that matters of one product
    Show(show::Show),
    /// Tell every mistake of profiles, each with its place (exit 3 when there is any)
    Validate(validate::Validate),
    /// Write a profile to fill in
    New(new::New),
    /// Make a site profile from what an installer left: its silent files
    Adopt(adopt::Adopt),
}

impl Profile {
    /// Runs it.
    pub fn run(&self, scope: &Scope) -> anyhow::Result<Exit> {
        match &self.act {
            Act::List => list::run(scope),
            Act::Show(act) => act.run(scope),
            Act::Validate(act) => Ok(act.run(scope)),
            Act::New(act) => act.run(scope),
            Act::Adopt(act) => act.run(scope),
        }
    }
}
