//! `countersign journal show`: the latest change, line by line. It holds no secret.

use clap::{Args, Subcommand};

use super::Scope;
use super::exit::Exit;
use crate::apply::journal::{Line, latest_lines};
use crate::plan::Plan;

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
        let lines = latest_lines(&scope.dir())?;
        let mut text = String::new();
        let mut plan: Option<&Plan> = None;
        for line in &lines {
            if let Line::Begin { plan: begun, .. } = line {
                plan = Some(begun);
            }
            text.push_str(&describe(line, plan));
            text.push('\n');
        }
        scope.print(if text.is_empty() { "No change was made here yet." } else { &text }, &lines);
        Ok(scope.reading(Exit::Done))
    }
}

fn describe(line: &Line, plan: Option<&Plan>) -> String {
    let step = |index: &usize| {
        plan.and_then(|plan| Some(plan.steps.get(*index)?.describe(&plan.dir)))
            .unwrap_or_else(|| format!("step {index}"))
    };
    match line {
        Line::Begin { time, plan, .. } => format!("{time}  {} of {}: {}", plan.act, plan.dir.display(), plan.counts()),
        Line::Start { step: index, .. } => format!("  begin   {}", step(index)),
        Line::Done { step: index } => format!("  done    {}", step(index)),
        Line::Failed { step: index, cause } => format!("  FAILED  {}: {cause}", step(index)),
        Line::Undone { step: index } => format!("  undone  {}", step(index)),
        Line::NotUndone { step: index, cause } => format!("  NOT UNDONE  {}: {cause}", step(index)),
        Line::Commit => "commit: from here on nothing is put back".to_owned(),
        Line::Finished { step: index } => {
            let after = plan.and_then(|plan| Some(plan.finish.get(*index)?.describe(&plan.dir)));
            format!("  done    {}", after.unwrap_or_else(|| format!("step {index} after the commit")))
        }
        Line::End { result } => format!("end: {result}"),
    }
}
