//! `countersign verify`: every probe of the estate.

use super::Scope;
use super::exit::Exit;
use crate::ui::report;
use crate::verify::{Report, Verdict, verify};

/// Runs it.
pub fn run(scope: &Scope) -> anyhow::Result<Exit> {
    scope.estate()?;
    let report = verify(&scope.dir())?;
    scope.print(&report::verify::text(&report), &report);
    Ok(scope.reading(exit_of(&report)))
}

/// 4 when a probe failed, 6 while a registration is pending, 5 when something could not be asked.
fn exit_of(report: &Report) -> Exit {
    if report.failed().next().is_some() {
        Exit::Differs
    } else if report.pending {
        Exit::Pending
    } else if report.probes.iter().any(|probe| probe.verdict == Verdict::CannotTell) {
        Exit::CannotTell
    } else {
        Exit::Done
    }
}
