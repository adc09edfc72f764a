//! A changing run: a line a step while it goes, and how it ended.

use super::wrap::wrap;
use super::{WIDTH, counted, verify};
use crate::apply::{Event, Finished, Outcome};
use crate::plan::{Plan, Step};
use crate::ui::words::run;
use crate::verify::Report;

/// Tells of a run as it goes, and keeps what its verification found.
#[derive(Debug, Default)]
pub struct Follower {
    verified: Option<Report>,
}

impl Follower {
    /// Takes an event over; the line for it.
    pub fn take(&mut self, plan: &Plan, event: Event) -> Option<String> {
        let line = progress(plan, &event);
        if let Event::Verified(report) = event {
            self.verified = Some(report);
        }
        line
    }

    /// The report of the verification, if there was one.
    pub fn report(&self) -> Option<String> {
        self.verified.as_ref().map(verify::text)
    }
}

/// The line for one event; `None` for events that say nothing by themselves.
pub fn progress(plan: &Plan, event: &Event) -> Option<String> {
    let total = plan.steps.len();
    let width = total.to_string().len();
    let step = |index: usize| {
        let what = plan.steps.get(index).map(|step| step.describe(&plan.dir)).unwrap_or_default();
        format!("[{:>width$}/{total}] {what}", index + 1)
    };
    match event {
        Event::Started(_) | Event::Probe(_) | Event::Verified(_) | Event::Checked(_) => None,
        Event::Committed => Some("Committed: from here on nothing is put back.".into()),
        Event::Finished(index) => {
            let what = plan.finish.get(*index).map(|step| step.describe(&plan.dir)).unwrap_or_default();
            Some(format!("After the commit: {what}"))
        }
        Event::Warned(text) => Some(format!("warning: {text}")),
        Event::Done(index, time) => Some(format!("{} ({} ms)", step(*index), time.as_millis())),
        Event::Failed(index, cause) => Some(format!("{} FAILED: {cause}", step(*index))),
        Event::PuttingBack => Some("Putting everything back:".into()),
        Event::Undone(index) => Some(format!("{} undone", step(*index))),
        Event::NotUndone(index, cause) => Some(format!("{} COULD NOT BE UNDONE: {cause}", step(*index))),
    }
}

/// How a run ended, and what to do next.
pub fn text(plan: &Plan, outcome: &Outcome) -> String {
    let besides = run::besides(outcome);
    ended(plan, outcome) + &besides.iter().map(|line| wrapped(line)).collect::<String>()
}

fn ended(plan: &Plan, outcome: &Outcome) -> String {
    let dir = plan.dir.display();
    let steps = counted(outcome.steps, "step", "steps");
    let reason = outcome.reason.as_deref().unwrap_or("no reason was given");
    match outcome.result {
        Finished::NothingToDo => "Nothing to do.\n".into(),
        Finished::Done if plan.act == "install" => wrapped(&format!(
            "Done: {steps}. The estate in {dir} is installed, registered and verified. Look at it with `countersign \
             status`, ask every probe again with `countersign verify`, compare the secret everywhere with `countersign \
             check`."
        )),
        Finished::Done => wrapped(&format!("Done: {steps} in {dir}.{}", window(plan))),
        Finished::Pending => wrapped(&format!(
            "Committed, but a registration waits for the authority: {reason} Go on with `countersign register`, then \
             `countersign start` and `countersign verify`."
        )),
        Finished::PutBack if outcome.reason.is_none() => "Everything was put back as it was before.\n".into(),
        Finished::PutBack => wrapped(&format!("Failed, and everything was put back as it was: {reason}")),
        Finished::Interrupted => wrapped(&format!(
            "Committed, but what follows is not finished: {reason}. Everything uses the new state already; \
             `countersign resume` finishes the rest."
        )),
        Finished::NotPutBack => {
            let mut text = wrapped(&format!("Failed: {reason}. Putting back failed too; do by hand:"));
            for act in &outcome.by_hand {
                text.push_str(&format!("  - {act}\n"));
            }
            text.push_str("and then `countersign rollback` once more.\n");
            text
        }
    }
}

/// How long the previous secret stays, where the plan leaves one.
fn window(plan: &Plan) -> String {
    let seconds = plan.finish.iter().find_map(|step| match step {
        Step::SettleSecret { window, .. } => *window,
        _ => None,
    });
    let Some(seconds) = seconds else { return String::new() };
    let window = jiff::SignedDuration::from_secs(seconds.try_into().unwrap_or(i64::MAX));
    format!(
        " The previous secret stays accepted for {window:#}: until then `countersign rotate --back` goes back to it."
    )
}

/// What others said keeps its lines.
fn wrapped(text: &str) -> String {
    text.lines().flat_map(|line| wrap(line, WIDTH)).collect::<Vec<_>>().join("\n") + "\n"
}
