//! `countersign doctor`: what keeps components from registering or from being believed, and what to do about it.

use std::io;
use std::path::PathBuf;

use clap::Args;
use serde_json::json;

use super::Scope;
use super::exit::Exit;
use super::failure::Failure;
use crate::doctor::codes::{Code, TABLE};
use crate::doctor::{Report, Verdict, doctor, explained, vendor};
use crate::ui::report;

/// Arguments of `doctor`.
#[derive(Debug, Args)]
pub struct Doctor {
    /// Only this component, or this repository of a gateway
    #[arg(value_name = "COMPONENT|REPOSITORY")]
    only: Option<String>,
    /// Look at the folders of the vendor's gateway instead: its `INSTALL_DIR`
    #[arg(long, value_name = "DIR", conflicts_with = "only")]
    vendor: Option<PathBuf>,
    /// Show every code with its title
    #[arg(long, conflicts_with_all = ["only", "vendor"])]
    list: bool,
    /// Tell what a code means and what to do
    #[arg(long, value_name = "CODE", conflicts_with_all = ["only", "vendor", "list"])]
    explain: Option<Code>,
}

impl Doctor {
    /// Whether it looks at an estate at all.
    pub(super) fn works_on_the_estate(&self) -> bool {
        self.vendor.is_none() && !self.list && self.explain.is_none()
    }

    /// Runs it.
    pub fn run(&self, scope: &Scope) -> anyhow::Result<Exit> {
        if self.list {
            return Ok(list(scope));
        }
        if let Some(code) = self.explain {
            scope.print(&explained(code), &json!({ "code": code, "text": explained(code), "docs": code.docs() }));
            return Ok(Exit::Done);
        }
        if let Some(folder) = &self.vendor {
            let report = vendor(folder).map_err(|error| match error.kind() {
                io::ErrorKind::NotFound => Failure::refused(error.to_string()),
                _ => Failure::new(Exit::CannotTell, error.to_string()),
            })?;
            scope.print(&report::doctor::text(&report), &report);
            return Ok(exit_of(&report));
        }
        let estate = scope.estate()?;
        let Some(report) = doctor(&scope.dir(), &estate, self.only.as_deref())? else {
            let name = self.only.as_deref().unwrap_or_default();
            let known = estate.components.join(", ");
            let text =
                format!("{name} is neither a component nor a repository of this estate, whose components are {known}");
            return Err(Failure::refused(text).into());
        };
        scope.print(&report::doctor::text(&report), &report);
        Ok(scope.reading(exit_of(&report)))
    }
}

fn list(scope: &Scope) -> Exit {
    let lines = TABLE.iter().map(|entry| format!("{:<28}  {}\n", entry.code, entry.title)).collect::<String>();
    let codes: Vec<_> = TABLE
        .iter()
        .map(|entry| json!({ "code": entry.code, "title": entry.title, "docs": entry.code.docs() }))
        .collect();
    scope.print(&lines, &codes);
    Exit::Done
}

/// 4 with any trouble, 5 where something could not be told.
fn exit_of(report: &Report) -> Exit {
    match report.worst() {
        Verdict::Trouble => Exit::Differs,
        Verdict::CannotTell => Exit::CannotTell,
        Verdict::Warning | Verdict::Fine => Exit::Done,
    }
}
