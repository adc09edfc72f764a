//! What every verb is given: which estate, and how results are printed.

use std::io::{IsTerminal, Write};
use std::path::{Path, PathBuf};

use serde::Serialize;
use serde_json::json;

use super::exit::Exit;
use super::failure::Failure;
use crate::apply::{Lock, history, journal};
use crate::estate::site::{Missing, take_up};
use crate::estate::{Estate, Finding, detect};
use crate::ui::session::{Refusal, hold};
use crate::ui::tui::Theme;

/// Which estate, and how results are printed.
#[derive(Debug)]
pub struct Scope {
    /// Results as JSON.
    pub json: bool,
    /// The wizard line by line.
    pub plain: bool,
    /// The colours of full screens, where the command line names them.
    pub theme: Option<Theme>,
    /// Whether they keep to ASCII.
    pub ascii: bool,
    given: Option<PathBuf>,
}

impl Scope {
    /// From the global flags.
    pub fn new(json: bool, given: Option<PathBuf>) -> Self {
        let given = given.or_else(|| std::env::var_os("COUNTERSIGN_ESTATE").map(PathBuf::from));
        Self { json, plain: false, theme: None, ascii: false, given }
    }

    /// The folder that a flag or the environment names.
    pub fn given(&self) -> Option<&Path> {
        self.given.as_deref()
    }

    /// The estate's folder, absolute.
    pub fn dir(&self) -> PathBuf {
        let dir = self.given.clone().unwrap_or_else(|| PathBuf::from("estate"));
        std::path::absolute(&dir).unwrap_or(dir)
    }

    /// Takes the profiles up that stand in the estate's folder.
    ///
    /// # Errors
    /// They cannot be used: one line for each mistake.
    pub fn take_up(&self, missing: Missing) -> Result<(), Failure> {
        take_up(&self.dir(), missing).map_err(Failure::from)
    }

    /// The estate, which must be there. A change that was interrupted explains why it is not whole, so that comes first.
    pub fn estate(&self) -> anyhow::Result<Estate> {
        let dir = self.dir();
        let shown = dir.display();
        let finding = detect(&dir)?.finding;
        if !matches!(finding, Finding::Whole(_))
            && let Some(change) = journal::unfinished(&dir).map_err(|error| Failure::from(Refusal::from(error)))?
        {
            return Err(Failure::from(Refusal::interrupted(&change)).into());
        }
        match finding {
            Finding::Whole(estate) => Ok(estate),
            Finding::Empty => Err(Failure::refused(format!(
                "there is no estate in {shown}: name one with --estate, or install one with `countersign install`"
            ))
            .into()),
            Finding::Half(what) | Finding::Foreign(what) => {
                Err(Failure::refused(format!("{shown} is not a whole estate: {what}")).into())
            }
        }
    }

    /// For verbs that change: the lock, unless a change was interrupted or another run holds it.
    pub fn lock(&self, verb: &str) -> Result<Lock, Failure> {
        Ok(hold(&self.dir(), verb)?)
    }

    /// For verbs that read: says what is going on, and turns the exit code into 8 where a change was interrupted.
    pub fn reading(&self, exit: Exit) -> Exit {
        let dir = self.dir();
        let held = |holder: &str| self.note(&format!("another run holds this estate: {holder}"));
        if let Ok(Some(holder)) = Lock::living_holder(&dir) {
            held(&holder);
            return exit;
        }
        match journal::unfinished(&dir) {
            Ok(None) => {
                if let Ok(Some(holder)) = Lock::holder(&dir) {
                    held(&holder);
                }
                exit
            }
            Ok(Some(change)) => {
                self.note(&Refusal::interrupted(&change).to_string());
                Exit::Interrupted
            }
            Err(error) => {
                self.note(&error.to_string());
                Exit::Interrupted
            }
        }
    }

    /// A result: text, or the same as JSON.
    pub fn print(&self, text: &str, value: &impl Serialize) {
        let out = if self.json {
            serde_json::to_string_pretty(value).unwrap_or_default()
        } else {
            text.trim_end().to_owned()
        };
        // A reader that went away is no failure of ours.
        let _ = writeln!(std::io::stdout().lock(), "{out}");
    }

    /// One result of several: text as it is, or one line of JSON. `false` when nobody reads it any more.
    pub fn print_line(&self, text: &str, value: &impl Serialize) -> bool {
        let out = if self.json { serde_json::to_string(value).unwrap_or_default() } else { text.trim_end().to_owned() };
        writeln!(std::io::stdout().lock(), "{out}").is_ok()
    }

    /// Adds this run to the estate's history. Whoever only reads may have no right to: that is told, and no failure.
    pub fn remember(&self, entry: &history::Entry) {
        if let Err(error) = entry.add(&self.dir()) {
            self.note(&format!("this run is not in {}, which cannot be written: {error}", history::FILE));
        }
    }

    /// A line about how it goes, on standard error.
    pub fn note(&self, line: &str) {
        let _ = writeln!(std::io::stderr().lock(), "{line}");
    }

    /// Says why a verb failed; with `--json` also as an object on standard output.
    pub fn fail(&self, failure: &Failure) {
        for line in failure.text.lines() {
            self.note(&format!("countersign: {line}"));
        }
        self.refuse(failure);
    }

    /// With `--json`: a failure as an object on standard output.
    pub fn refuse(&self, failure: &Failure) {
        if self.json {
            let result = if failure.exit == Exit::Interrupted { "interrupted" } else { "refused" };
            let problems: Vec<&str> = failure.text.lines().collect();
            self.print(
                "",
                &json!({ "changed": false, "result": result, "code": failure.exit.code(), "problems": problems }),
            );
        }
    }

    /// For verbs that will ask: there must be a terminal to ask on.
    pub fn needs_terminal(&self) -> Result<(), Failure> {
        if std::io::stdin().is_terminal() && std::io::stderr().is_terminal() {
            return Ok(());
        }
        Err(Failure::new(Exit::Usage, "consent is needed and there is no terminal to ask on: give --yes"))
    }

    /// Asks for the one consent on the terminal.
    ///
    /// # Errors
    /// There is no terminal to ask on.
    pub fn consent(&self, question: &str) -> Result<bool, Failure> {
        self.needs_terminal()?;
        let _ = write!(std::io::stderr().lock(), "{question} [y/N] ");
        let mut answer = String::new();
        let read = std::io::stdin().read_line(&mut answer);
        Ok(read.is_ok() && matches!(answer.trim(), "y" | "Y" | "yes"))
    }
}
