//! `countersign check`: does every place hold the authority's secret?

use clap::Args;

use super::Scope;
use super::exit::Exit;
use crate::alignment::{Level, Report, Verdict, check};
use crate::ui::report;

/// Arguments of `check`.
#[derive(Debug, Args)]
pub struct Check {
    /// Only this level: file, running or session [default: all that apply]
    #[arg(long)]
    level: Option<Level>,
}

impl Check {
    /// Runs it.
    pub fn run(&self, scope: &Scope) -> anyhow::Result<Exit> {
        let estate = scope.estate()?;
        let levels = self.level.map_or_else(|| Level::ALL.to_vec(), |level| vec![level]);
        let report = check(&scope.dir(), &estate, &levels);
        scope.print(&report::alignment::text(&report), &report);
        Ok(scope.reading(exit_of(&report)))
    }
}

/// 4 when a place differs or lacks the secret, 5 when something could not be asked; 4 wins.
fn exit_of(report: &Report) -> Exit {
    match report.worst_of_all() {
        Some(Verdict::Differs | Verdict::Missing) => Exit::Differs,
        Some(Verdict::CannotTell) => Exit::CannotTell,
        Some(Verdict::Aligned) | None => Exit::Done,
    }
}
