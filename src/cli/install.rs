//! `countersign install`: from an answer file, else with the wizard.

use std::io::{IsTerminal, Read};
use std::path::{Path, PathBuf};

use clap::Args;

use super::Scope;
use super::exit::Exit;
use super::failure::Failure;
use crate::answers;
use crate::apply::{Event, Finished};
use crate::plan::{Plan, diff};
use crate::ui::report;
use crate::ui::session::{Prepared, Situation, Typed, prepare, run};
use crate::wizard::{Answers, Origin, Value};

/// Arguments of `install`.
#[derive(Debug, Args)]
pub struct Install {
    /// The answer file; `-` reads the same as JSON from standard input
    #[arg(long, value_name = "FILE")]
    answers: Option<PathBuf>,
    /// Override one answer, as in `authority.https_port=7453` (never a secret itself)
    #[arg(long = "set", value_name = "FIELD=VALUE")]
    set: Vec<String>,
    /// Show what would be done and stop (exit 4 when there is something to do)
    #[arg(long)]
    plan: bool,
    /// Consent beforehand
    #[arg(long)]
    yes: bool,
}

impl Install {
    /// Runs it.
    pub fn run(&self, scope: &Scope) -> anyhow::Result<Exit> {
        let answers = self.read(scope)?;
        let asks = self.answers.is_none() || !answers.list("ask").is_empty();
        if asks && self.answers.is_some() && !std::io::stdin().is_terminal() {
            let text = "the answer file leaves fields to the wizard (ask), and there is no terminal: answer them there";
            return Err(Failure::new(Exit::Usage, text).into());
        }
        if asks && !self.plan {
            return super::wizard::with_answers(scope, answers);
        }
        let prepared = prepare(&answers, &Typed::default()).map_err(Failure::from)?;
        if self.plan {
            return Ok(show_plan(scope, &prepared.plan));
        }
        if !self.yes && !prepared.plan.is_empty() {
            scope.note(&diff::render(&prepared.plan));
            if !scope.consent(&format!(
                "Apply {} steps to {}?",
                prepared.plan.steps.len(),
                prepared.plan.dir.display()
            ))? {
                return Err(Failure::refused("nothing was touched: there was no consent").into());
            }
        }
        apply(scope, &prepared)
    }

    /// Flags first, so that the rules between answers see them; then the file.
    fn read(&self, scope: &Scope) -> anyhow::Result<Answers> {
        let mut answers = Answers::default();
        if let Some(dir) = scope.given() {
            let dir = dir.display().to_string();
            answers.set("estate.dir", Value::Text(dir), Origin::Flag).map_err(Failure::refused)?;
        }
        for flag in &self.set {
            answers::set_flag(&mut answers, flag).map_err(|rule| Failure::new(Exit::Usage, rule))?;
        }
        let read = match self.answers.as_deref() {
            None => Ok(answers),
            Some(path) if path == Path::new("-") => {
                let mut text = String::new();
                std::io::stdin().read_to_string(&mut text)?;
                answers::read_json_over(&text, answers)
            }
            Some(path) => answers::read_file_over(path, answers),
        };
        Ok(read.map_err(|problems| Failure::refused(problems.to_string()))?)
    }
}

/// Prints a plan; 4 when there is something to do.
pub fn show_plan(scope: &Scope, plan: &Plan) -> Exit {
    scope.print(&diff::render(plan), &serde_json::json!({ "plan": plan, "counts": plan.counts() }));
    if plan.is_empty() { Exit::Done } else { Exit::Differs }
}

/// Runs a prepared plan and reports it.
pub fn apply(scope: &Scope, prepared: &Prepared) -> anyhow::Result<Exit> {
    let plan = &prepared.plan;
    let mut verified = None;
    let outcome = run(prepared, &mut |event| {
        if let Some(line) = report::outcome::progress(plan, &event) {
            scope.note(&line);
        }
        if let Event::Verified(report) = event {
            verified = Some(report);
        }
    })
    .map_err(Failure::from)?;
    let mut text = String::new();
    if let Some(verified) = verified {
        text.push_str(&report::verify::text(&verified));
        text.push('\n');
    }
    if prepared.situation == Situation::Whole && outcome.result == Finished::NothingToDo {
        text.push_str("Everything is installed, running and aligned already: nothing to do.\n");
    } else {
        text.push_str(&report::outcome::text(plan, &outcome));
    }
    scope.print(&text, &outcome);
    Ok(outcome.result.into())
}
