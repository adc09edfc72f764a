//! `countersign status`: what runs, what is registered, what is aligned, and when the secret is to be rotated.

use clap::Args;
use jiff::Timestamp;
use serde::Serialize;
use serde_json::json;

use super::Scope;
use super::exit::Exit;
use crate::apply::journal;
use crate::schedule::{Rotation, rotation};
use crate::ui::report;
use crate::ui::session::Refusal;
use crate::verify;
use crate::verify::status::{Interrupted, status};

/// Arguments of `status`.
#[derive(Debug, Args)]
pub struct Status {
    /// Only tell, by the exit code, whether the schedule asks for a rotation now: 0 when it does, else 4
    #[arg(long)]
    due: bool,
}

/// All that `status --json` prints.
#[derive(Serialize)]
struct Told<'a> {
    #[serde(flatten)]
    status: &'a verify::status::Status,
    rotation: &'a Rotation,
}

impl Status {
    /// Runs it.
    pub fn run(&self, scope: &Scope) -> anyhow::Result<Exit> {
        let estate = scope.estate()?;
        let now = Timestamp::now();
        let rotation = rotation(&scope.dir(), now)?;
        if self.due {
            let due = rotation.is_due(now);
            let word = if due { "due" } else { "not due" };
            scope.print(&format!("a rotation is {word}"), &json!({ "due": due, "rotation": rotation }));
            return Ok(scope.reading(if due { Exit::Done } else { Exit::Differs }));
        }
        let mut status = status(&scope.dir(), &estate);
        if let Ok(Some(change)) = journal::unfinished(&scope.dir())
            && let Refusal::Interrupted { id, step, .. } = Refusal::interrupted(&change)
        {
            status.interrupted = Some(Interrupted { id, step });
        }
        let text = report::status::text(&status, &rotation);
        scope.print(&text, &Told { status: &status, rotation: &rotation });
        Ok(scope.reading(Exit::Done))
    }
}
