//! `countersign profile list`: the products that Countersign knows.

use super::super::Scope;
use super::{Exit, Failure};
use crate::profile::{shipped, site};
use crate::ui::report;
use crate::ui::report::profile::Known;

/// Runs it.
pub fn run(scope: &Scope) -> anyhow::Result<Exit> {
    let own = site::load_files(&scope.dir()).map_err(|problems| Failure::refused(problems.to_string()))?;
    let shipped = shipped::all().iter().map(|(id, profile)| Known::new(id, None, profile));
    let own = own.iter().map(|(file, profile)| Known::new(&profile.product.id, Some(file), profile));
    let entries: Vec<Known<'_>> = shipped.chain(own).collect();
    scope.print(&report::profile::list(&entries), &entries);
    Ok(Exit::Done)
}
