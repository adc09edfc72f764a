//! Carrying a plan out: a line a step, then the report and what to keep.

use super::{Wizard, text};
use crate::apply::{Finished, Outcome};
use crate::plan::Plan;
use crate::ui::report::outcome::Follower;
use crate::ui::session::{Ended, Prepared, Refusal, Typed, closing, run};
use crate::ui::words::{command, doctor, done as word, run as how};

/// Carries out what was consented to.
///
/// # Errors
/// Something stood in the way before anything was touched.
pub fn out(wizard: &mut Wizard, prepared: &Prepared) -> Result<Ended, Refusal> {
    wizard.turn_to("apply");
    let plan = &prepared.plan;
    let mut follower = Follower::default();
    let outcome = run(prepared, &mut |event| {
        if let Some(line) = follower.take(plan, event) {
            wizard.console.lines(&line);
        }
    })?;
    // Nothing needs them any more.
    wizard.typed = Typed::default();
    if follower.report().is_some() {
        wizard.turn_to("verification");
    }
    tell_end(wizard, plan, &outcome, &follower, false);
    Ok(Ended { exit: outcome.result.into(), outcome: Some(outcome), plan: Some(plan.clone()), kept: false })
}

/// The report and how it ended. What to do by hand is told by whoever prints the result.
pub fn tell_end(wizard: &Wizard, plan: &Plan, outcome: &Outcome, follower: &Follower, putting_back: bool) {
    let console = &wizard.console;
    if let Some(report) = follower.report() {
        console.lines(&report);
    }
    console.lines("");
    let ended = if putting_back { how::put_back(outcome.result) } else { how::ended(outcome.result, &plan.act) };
    console.text(ended);
    let failed = matches!(outcome.result, Finished::PutBack | Finished::NotPutBack) && !putting_back;
    if failed && closing::leaves_a_patient(plan, outcome.result) {
        console.text(&doctor::ask(&command("doctor", &plan.dir)));
    }
    let stands = matches!(outcome.result, Finished::Done | Finished::Pending | Finished::Interrupted);
    if !stands || putting_back || plan.act == "uninstall" {
        return;
    }
    let kept = closing::kept(&wizard.answers, &plan.dir);
    let commands = closing::commands(outcome.result == Finished::Pending, plan);
    for (heading, entries) in [(word::KEEP, kept), (word::ASK, commands)] {
        console.lines(&text::heading(heading));
        for (what, about) in entries {
            console.lines(&text::entry(&what, about));
        }
    }
}
