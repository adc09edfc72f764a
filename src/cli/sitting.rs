//! What `install` and `configure` have in common: answers, the plan shown or saved, one consent, the run.

use std::io::{IsTerminal, Read};
use std::path::{Path, PathBuf};

use clap::Args;

use super::Scope;
use super::carry_out::{apply, show_plan};
use super::exit::Exit;
use super::failure::Failure;
use crate::answers::{self, Problems};
use crate::estate::record::ANSWERS;
use crate::estate::site::{Missing, take_up};
use crate::plan::diff;
use crate::ui::session::{Prepared, Saved, Typed, prepare};
use crate::wizard::{Answers, CONFIGURE, Origin};

/// Arguments of both verbs.
#[derive(Debug, Args)]
pub struct Sitting {
    /// The answer file; `-` reads the same as JSON from standard input
    #[arg(long, value_name = "FILE")]
    answers: Option<PathBuf>,
    /// Override one answer, as in `authority.https_port=7453` (never a secret itself)
    #[arg(long = "set", value_name = "FIELD=VALUE")]
    set: Vec<String>,
    /// Show what would be done and stop (exit 4 when there is something to do)
    #[arg(long)]
    plan: bool,
    /// Save what would be done too, for `--apply-plan`
    #[arg(long, value_name = "FILE", requires = "plan")]
    plan_out: Option<PathBuf>,
    /// Do what was saved, unless something has changed since
    #[arg(long, value_name = "FILE", conflicts_with_all = ["answers", "set", "plan"])]
    apply_plan: Option<PathBuf>,
    /// Consent beforehand
    #[arg(long)]
    yes: bool,
    /// Ask line by line instead of on a full screen: for screen readers and serial lines
    #[arg(long)]
    plain: bool,
}

impl Sitting {
    /// Runs the verb that stands for this mode.
    pub fn run(&self, scope: &Scope, mode: &'static str) -> anyhow::Result<Exit> {
        if let Some(file) = &self.apply_plan {
            let saved = Saved::read(file).map_err(Failure::from)?;
            take_up(saved.dir(), Missing::LeftOpen).map_err(Failure::from)?;
            return self.consented(scope, &saved.prepare(mode).map_err(Failure::from)?);
        }
        let answers = self.read(scope, mode)?;
        let asks = self.asks(mode) || !answers.list("ask").is_empty();
        if asks && self.answers.is_some() && !std::io::stdin().is_terminal() {
            let text = "the answer file leaves fields to the wizard (ask), and there is no terminal: answer them there";
            return Err(Failure::new(Exit::Usage, text).into());
        }
        if asks && !self.plan {
            return super::wizard::with_answers(scope, answers, self.plain);
        }
        let prepared = prepare(&answers, &Typed::default()).map_err(Failure::from)?;
        if !self.plan {
            return self.consented(scope, &prepared);
        }
        if let Some(file) = &self.plan_out {
            Saved::new(&answers, &prepared).write(file).map_err(Failure::from)?;
        }
        Ok(show_plan(scope, &prepared.plan))
    }

    /// Whether the wizard asks: nobody answered. A change that is consented to beforehand may name all it wants in
    /// flags, or nothing.
    fn asks(&self, mode: &str) -> bool {
        self.answers.is_none() && !(mode == CONFIGURE && self.yes)
    }

    fn consented(&self, scope: &Scope, prepared: &Prepared) -> anyhow::Result<Exit> {
        let plan = &prepared.plan;
        if !self.yes && !plan.is_empty() {
            scope.note(&diff::render(plan));
            if !scope.consent(&format!("Apply {} steps to {}?", plan.steps.len(), plan.dir.display()))? {
                return Err(Failure::refused("nothing was touched: there was no consent").into());
            }
        }
        apply(scope, prepared)
    }

    /// What the estate's folder holds decides which answers there are. Then flags, so that the rules between answers see
    /// them; then the file.
    fn read(&self, scope: &Scope, mode: &'static str) -> anyhow::Result<Answers> {
        let named = self.named_folder(scope);
        let base = |of_file: Option<&str>| {
            let folder = named.as_deref().or(of_file);
            take_up(&folder.map_or_else(|| scope.dir(), PathBuf::from), Missing::LeftOpen)?;
            let mut answers = begun(mode, folder)?;
            if let Some(folder) = &named {
                answers.set("estate.dir", folder.as_str().into(), Origin::Flag).map_err(Failure::refused)?;
            }
            for flag in &self.set {
                answers::set_flag(&mut answers, flag).map_err(|rule| Failure::new(Exit::Usage, rule))?;
            }
            Ok::<_, Failure>(answers)
        };
        let answers = match self.answers.as_deref() {
            None => base(None),
            Some(path) if path == Path::new("-") => {
                let mut text = String::new();
                std::io::stdin().read_to_string(&mut text)?;
                answers::read_json_over(&text, base)
            }
            Some(path) => answers::read_file_over(path, base),
        }?;
        let said = answers.text("mode");
        if said == mode {
            Ok(answers)
        } else {
            Err(Failure::refused(format!("mode is {said}: run `countersign {said}`, or take it out")).into())
        }
    }

    /// The estate's folder, where the command line names one.
    fn named_folder(&self, scope: &Scope) -> Option<String> {
        let set = self.set.iter().rev().find_map(|flag| flag.strip_prefix("estate.dir=")).map(str::to_owned);
        set.or_else(|| scope.given().map(|dir| dir.display().to_string()))
    }
}

/// The answers before anybody names one: the defaults, or what an estate that is there keeps.
fn begun(mode: &'static str, dir: Option<&str>) -> Result<Answers, Problems> {
    let mut answers = Answers::default();
    if mode == CONFIGURE {
        let dir = std::path::absolute(dir.unwrap_or_else(|| answers.text("estate.dir"))).unwrap_or_default();
        // Without a record there is no estate, or an interrupted change, which is told later.
        if dir.join(ANSWERS).exists() {
            return answers::kept(&dir);
        }
    }
    // Both modes are known to the field.
    let _ = answers.set("mode", mode.into(), Origin::Record);
    Ok(answers)
}
