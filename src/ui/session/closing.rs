//! What a person is told when a change is over: what to keep, and how to ask again.

use std::path::Path;

use super::groups;
use crate::apply::Finished;
use crate::estate::record::{ANSWERS, FILE};
use crate::plan::{Plan, Step};
use crate::ui::words::{self, done as word};
use crate::wizard::Answers;

/// What, and what it is for.
pub type Entry = (String, &'static str);

/// What to keep after a change.
pub fn kept(answers: &Answers, dir: &Path) -> Vec<Entry> {
    let mut kept =
        vec![(dir.display().to_string(), word::ESTATE), (dir.join(ANSWERS).display().to_string(), word::ANSWERS)];
    if groups::authority_is_here(answers) {
        kept.push((dir.join("passport/conf/system.pass").display().to_string(), word::SYSTEM));
    }
    kept
}

/// Whether a run that did not end as it was meant to left an estate in which the doctor can look for the cause: not one
/// that it was to make, and was put back, nor one that it has taken away.
pub fn leaves_a_patient(plan: &Plan, result: Finished) -> bool {
    let stands = matches!(result, Finished::Pending | Finished::Interrupted);
    let is_record = |step: &Step| matches!(step, Step::CreateFile { path, .. } if *path == plan.dir.join(FILE));
    if plan.act == "uninstall" { !stands } else { stands || !plan.steps.iter().any(is_record) }
}

/// How to ask again.
pub fn commands(pending: bool, plan: &Plan) -> Vec<Entry> {
    let window = |step: &Step| matches!(step, Step::SettleSecret { window: Some(_), .. });
    let back = plan.finish.iter().any(window).then_some(("rotate --back", word::BACK));
    let register = pending.then_some([("register COMPONENT", word::REGISTER), ("doctor", word::DOCTOR)]);
    [("check", word::CHECK), ("verify", word::VERIFY), ("status", word::STATUS)]
        .into_iter()
        .chain(register.into_iter().flatten())
        .chain(back)
        .chain([("uninstall", word::UNINSTALL)])
        .map(|(verb, about)| (words::command(verb, &plan.dir), about))
        .collect()
}
