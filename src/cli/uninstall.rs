//! `countersign uninstall`: stop everything and remove what Install laid down; of a site's own products, only the record.

use std::path::{Path, PathBuf};

use clap::Args;

use super::Scope;
use super::carry_out::{apply, show_plan};
use super::exit::Exit;
use super::failure::Failure;
use crate::apply::Context;
use crate::estate::home::{components, running};
use crate::plan::{diff, uninstall};
use crate::profile::{is_site, known};
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
        let running = running(&components(&dir, &estate.components));
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
    let homes =
        known().iter().filter_map(|profile| Some((dir.join(&profile.product.home), profile.documents.as_ref()?)));
    let folders = homes.flat_map(|(home, documents)| documents.folders().map(|folder| home.join(folder)));
    let held: Vec<(PathBuf, usize)> = folders
        .map(|folder| (folder.clone(), std::fs::read_dir(folder).map_or(0, Iterator::count)))
        .filter(|(_, count)| *count > 0)
        .collect();
    let documents = match held.iter().map(|(_, count)| count).sum() {
        0 => return None,
        1 => "1 document".to_owned(),
        all => format!("{all} documents"),
    };
    let shown = held.iter().map(|(folder, _)| folder.strip_prefix(dir).unwrap_or(folder).display().to_string());
    Some(format!("With the estate goes what is in {}: {documents}.", shown.collect::<Vec<_>>().join(", ")))
}
