//! `countersign journal show`: the latest change, step by step. It holds no secret.

use clap::{Args, Subcommand};

use super::Scope;
use super::exit::Exit;
use crate::apply::journal::latest_lines;
use crate::ui::report;

/// Arguments of `journal`.
#[derive(Debug, Args)]
pub struct Journal {
    #[command(subcommand)]
    act: Act,
}

#[derive(Debug, Subcommand)]
enum Act {
    /// Show the journal of the latest change
    Show,
}

impl Journal {
    /// Runs it.
    pub fn run(&self, scope: &Scope) -> anyhow::Result<Exit> {
        let Act::Show = self.act;
        let lines: Vec<_> = latest_lines(&scope.dir())?.into_iter().map(report::journal::without_sealed).collect();
        scope.print(&report::journal::text(&lines), &lines);
        Ok(scope.reading(Exit::Done))
    }
}
