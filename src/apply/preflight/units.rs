//! Processes that are systemd units: systemd must run the host.

use super::Problem;
use crate::estate::home::systemd_runs;
use crate::plan::{Plan, Process, Step, TakeOver};

pub(super) fn problems(plan: &Plan) -> Vec<Problem> {
    if systemd_runs() {
        return Vec::new();
    }
    let mut problems: Vec<Problem> = Vec::new();
    for process in processes(plan).filter(|process| !process.unit.is_empty()) {
        let Process { name, unit, .. } = process;
        let text = format!(
            "{name} is the systemd unit {unit}, and systemd does not run this host: give its profile the commands start, \
             stop and status instead of unit"
        );
        if problems.iter().all(|known| known.text != text) {
            problems.push(Problem::new("no-systemd", text));
        }
    }
    problems
}

/// Every process that a plan starts, stops or asks.
fn processes(plan: &Plan) -> impl Iterator<Item = &Process> {
    plan.running.iter().chain(plan.steps.iter().flat_map(of_step))
}

fn of_step(step: &Step) -> Vec<&Process> {
    match step {
        Step::Start(process) | Step::Stop(process) | Step::SeeRefused(process) => vec![process],
        Step::WriteSecret { online, takes_over, .. } => {
            let answers = online.iter().filter_map(|place| place.process.as_ref());
            answers.chain(takes_over.iter().map(TakeOver::process)).collect()
        }
        _ => Vec::new(),
    }
}
