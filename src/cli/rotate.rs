//! `countersign rotate`: give the estate another secret, or go back to the one before.

use clap::{Args, ValueEnum};
use serde_json::json;

use super::Scope;
use super::carry_out::{apply, show_plan};
use super::exit::Exit;
use super::failure::Failure;
use crate::apply::Outcome;
use crate::plan::diff;
use crate::profile::{self, is_site};
use crate::schedule::{self, Every, Period};
use crate::ui::session::{self, prepare_rotate};

/// Arguments of `rotate`.
#[derive(Debug, Args)]
#[expect(clippy::struct_excessive_bools, reason = "each is a flag of its own")]
pub struct Rotate {
    /// Where the new secret comes from, as in `file:PATH` or `stdin` [default: generate]
    #[arg(long, value_name = "SOURCE", conflicts_with = "back")]
    secret_from: Option<String>,
    /// How it is changed [default: overlap, where every product can]
    #[arg(long, conflicts_with = "back")]
    strategy: Option<Strategy>,
    /// How long the previous secret stays accepted after an overlap, as in `36h`, `7d` or `90s`
    #[arg(long, value_name = "D", default_value = "24h", conflicts_with = "back")]
    window: Period,
    /// Go back to the previous secret, within its window
    #[arg(long)]
    back: bool,
    /// During a cutover, start each engine with the old secret first and see it refused
    #[arg(long, conflicts_with = "back")]
    see_refused: bool,
    /// Write a schedule into the estate that rotates again and again, as in `90d`; `off` removes it. Rotates nothing now
    #[arg(long, value_name = "D", conflicts_with_all = ["secret_from", "strategy", "window", "back", "see_refused", "plan"])]
    every: Option<Every>,
    /// Show what would be done and stop (exit 4 when there is something to do)
    #[arg(long)]
    plan: bool,
    /// Consent beforehand
    #[arg(long)]
    yes: bool,
}

/// How the secret is changed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Strategy {
    /// The next secret is accepted beside the current one; nothing is stopped
    Overlap,
    /// The authority first, then every engine while it is stopped
    Cutover,
}

impl Rotate {
    /// Runs it.
    pub fn run(&self, scope: &Scope) -> anyhow::Result<Exit> {
        if self.see_refused && self.strategy != Some(Strategy::Cutover) {
            let text = "--see-refused belongs to --strategy cutover: during an overlap nobody is refused";
            return Err(Failure::new(Exit::Usage, text).into());
        }
        if is_site() {
            let text = "the secret of a site's own products is changed with `countersign configure`, which also asks for \
                        the one in use now";
            return Err(Failure::refused(text).into());
        }
        if let Some(every) = self.every {
            return schedule_it(scope, every);
        }
        let asked = self.asked()?;
        let estate = scope.estate()?;
        let dir = scope.dir();
        let prepared = prepare_rotate(&dir, &estate, &asked).map_err(Failure::from)?;
        if self.plan {
            return Ok(show_plan(scope, &prepared.plan));
        }
        if prepared.plan.is_empty() {
            scope.print("Every place holds this secret already: nothing to do.", &Outcome::nothing());
            return Ok(Exit::Done);
        }
        if !self.yes {
            scope.note(&diff::render(&prepared.plan));
            if !scope.consent(&format!("Change the secret of the estate in {}?", dir.display()))? {
                return Err(Failure::refused("nothing was touched: there was no consent").into());
            }
        }
        apply(scope, &prepared)
    }

    fn asked(&self) -> Result<session::Rotate, Failure> {
        // Not by the parser of the command line, whose error would repeat what may be a secret.
        let source = self.secret_from.as_deref().map(str::parse).transpose();
        let source = source.map_err(|error| Failure::new(Exit::Usage, format!("--secret-from: {error}")))?;
        let strategy = self.strategy.map(|strategy| match strategy {
            Strategy::Overlap => profile::Strategy::Overlap,
            Strategy::Cutover => profile::Strategy::Cutover,
        });
        Ok(session::Rotate {
            source,
            strategy,
            window: self.window.seconds(),
            back: self.back,
            see_refused: self.see_refused,
        })
    }
}

/// Writes the schedule, or removes it. It is not installed: that takes rights over the whole machine.
fn schedule_it(scope: &Scope, every: Every) -> anyhow::Result<Exit> {
    scope.estate()?;
    let lock = scope.lock("rotate")?;
    match every {
        Every::Period(every) => {
            let schedule = schedule::write(&scope.dir(), every).map_err(|error| Failure::refused(error.to_string()))?;
            scope.print(&schedule::describe(&schedule), &schedule);
        }
        Every::Off => {
            let removed = schedule::remove(&scope.dir())?;
            let text = if removed { schedule::describe_removal() } else { "There was no schedule.".to_owned() };
            scope.print(&text, &json!({ "every": null, "removed": removed }));
        }
    }
    lock.release()?;
    Ok(Exit::Done)
}
