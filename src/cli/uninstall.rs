//! `countersign uninstall`: stop everything and remove what Install laid down; of a site's own products, only the record.

use std::path::Path;

use clap::Args;

use super::Scope;
use super::exit::Exit;
use super::failure::Failure;
use super::install::{apply, show_plan};
use crate::apply::Context;
use crate::estate::home::components;
use crate::plan::{diff, uninstall};
use crate::profile::is_site;
use crate::schedule;
use crate::ui::session::{Prepared, Situation};

/// Arguments of `uninstall`.
#[derive(Debug, Args)]
pub struct Uninstall {
    /// Show what would be done and stop
    #[arg(long)]
    plan: bool,
    /// Consent beforehand
    #[arg(long)]
    yes: bool,
}

impl Uninstall {
    /// Runs it.
    pub fn run(&self, scope: &Scope) -> anyhow::Result<Exit> {
        let estate = scope.estate()?;
        let dir = scope.dir();
        let running: Vec<String> = components(&dir, &estate.components)
            .iter()
            .filter(|home| home.runs() == Some(true))
            .map(|home| home.id().to_owned())
            .collect();
        let name = jiff::Timestamp::now().as_microsecond().to_string();
        let plan = uninstall(&dir, &estate, &running, &name);
        if self.plan {
            return Ok(show_plan(scope, &plan));
        }
        if !self.yes {
            scope.note(&diff::render(&plan));
            if let Some(documents) = documents(&dir) {
                scope.note(&documents);
            }
            if is_site() {
                scope.note("The products themselves stay as they are, and so do their profiles: only the record goes.");
            }
            if !scope.consent(&format!("Remove the estate in {}?", dir.display()))? {
                return Err(Failure::refused("nothing was touched: there was no consent").into());
            }
        }
        let scheduled = schedule::read(&dir).is_some();
        let exit = apply(scope, &Prepared::new(plan, Context::default(), Situation::Whole))?;
        if scheduled && exit == Exit::Done {
            scope.note(schedule::describe_removal().trim_end());
        }
        Ok(exit)
    }
}

/// Names the documents that go with the estate.
fn documents(dir: &Path) -> Option<String> {
    let count = |folder: &str| std::fs::read_dir(dir.join(folder)).map_or(0, Iterator::count);
    let all = count("b2bi/Integrator/out") + count("b2bi/Interchange/in") + count("b2bi/Interchange/rejected");
    let documents = if all == 1 { "1 document" } else { &format!("{all} documents") };
    (all > 0).then(|| format!("With the estate goes what is in b2bi/Interchange and b2bi/Integrator/out: {documents}."))
}
