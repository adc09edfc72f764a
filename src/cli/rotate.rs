//! `countersign rotate`: give the estate another secret, or go back to the one before.

use clap::{Args, ValueEnum};
use jiff::{Span, SpanRelativeTo, Unit};

use super::Scope;
use super::exit::Exit;
use super::failure::Failure;
use super::install::{apply, show_plan};
use crate::apply::Outcome;
use crate::plan::diff;
use crate::profile;
use crate::ui::session::{self, prepare_rotate};

/// Arguments of `rotate`.
#[derive(Debug, Args)]
pub struct Rotate {
    /// Where the new secret comes from, as in `file:PATH` or `stdin` [default: generate]
    #[arg(long, value_name = "SOURCE", conflicts_with = "back")]
    secret_from: Option<String>,
    /// How it is changed [default: overlap, where every product can]
    #[arg(long, conflicts_with = "back")]
    strategy: Option<Strategy>,
    /// How long the previous secret stays accepted after an overlap, as in `36h`, `7d` or `90s`
    #[arg(long, value_name = "D", default_value = "24h", value_parser = seconds, conflicts_with = "back")]
    window: u64,
    /// Go back to the previous secret, within its window
    #[arg(long)]
    back: bool,
    /// During a cutover, start each engine with the old secret first and see it refused
    #[arg(long, conflicts_with = "back")]
    see_refused: bool,
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
    /// `PassPort` first, then every engine while it is stopped
    Cutover,
}

impl Rotate {
    /// Runs it.
    pub fn run(&self, scope: &Scope) -> anyhow::Result<Exit> {
        if self.see_refused && self.strategy != Some(Strategy::Cutover) {
            let text = "--see-refused belongs to --strategy cutover: during an overlap nobody is refused";
            return Err(Failure::new(Exit::Usage, text).into());
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
        Ok(session::Rotate { source, strategy, window: self.window, back: self.back, see_refused: self.see_refused })
    }
}

/// A length of time in seconds; a day has 24 hours.
fn seconds(text: &str) -> Result<u64, String> {
    let refuse = || "is no length of time such as 36h, 7d or 90s".to_owned();
    let span: Span = text.parse().map_err(|_| refuse())?;
    let seconds = span.total((Unit::Second, SpanRelativeTo::days_are_24_hours())).map_err(|_| refuse())?;
    // Whole seconds of less than ten thousand years: no digit is lost.
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "checked before")]
    if seconds >= 0.0 && seconds.fract() == 0.0 { Ok(seconds as u64) } else { Err(refuse()) }
}

#[cfg(test)]
mod tests {
    use super::seconds;

    #[test]
    fn a_window_is_a_length_of_time() {
        for (text, expected) in [("24h", 86_400), ("7d", 604_800), ("90s", 90), ("1h 30m", 5400), ("0s", 0)] {
            assert_eq!(seconds(text), Ok(expected), "{text}");
        }
        for text in ["", "24", "-1h", "soon", "1500ms"] {
            assert!(seconds(text).is_err(), "{text}");
        }
    }
}
