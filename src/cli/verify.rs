//! `countersign verify`: every probe of the estate.

use super::Scope;
use super::exit::Exit;
use crate::apply::history::Entry;
use crate::ui::report;
use crate::verify::{Report, Verdict, verify};

/// Runs it.
pub fn run(scope: &Scope) -> anyhow::Result<Exit> {
    scope.estate()?;
    let report = verify(&scope.dir())?;
    scope.print(&report::verify::text(&report), &report);
    let exit = exit_of(&report);
    let result = match exit {
        Exit::Done => "ok",
        Exit::Differs => "failed",
        Exit::Pending => "pending",
        _ => "can't tell",
    };
    let count = |verdict| report.probes.iter().filter(|probe| probe.verdict == verdict).count();
    let known = count(Verdict::Ok) + count(Verdict::Failed);
    scope.remember(&Entry::new("verify", result).counting(known, known + count(Verdict::CannotTell)));
    Ok(scope.reading(exit))
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
