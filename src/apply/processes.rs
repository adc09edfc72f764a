//! The processes of a change that was interrupted: a crash of the host takes them along, and what is undone or gone on
//! with needs them.

use super::Context;
use super::act::{runs, start_process};
use super::journal::Begun;
use crate::plan::{Plan, Process, Step};

/// Starts what should run after the steps that are done. What does not come up shows in the steps that need it.
pub fn bring_up(plan: &Plan, begun: &[Begun], context: &Context) {
    for process in should_run(plan, begun) {
        let _ = start_if_stopped(process, context);
    }
}

/// The same before everything is put back, which takes only an authority of ours: an installer works on what is stopped.
pub fn bring_up_to_undo(plan: &Plan, begun: &[Begun], context: &Context) {
    for process in should_run(plan, begun).into_iter().filter(|process| process.status.is_empty()) {
        let _ = start_if_stopped(process, context);
    }
}

/// Starts what ran before the change and does not run now. Tells what does not come up, and why.
pub fn start_again(plan: &Plan, context: &Context) -> Vec<(String, String)> {
    let failed = |process: &Process| Some((process.name.clone(), start_if_stopped(process, context).err()?));
    plan.running.iter().filter_map(failed).collect()
}

fn start_if_stopped(process: &Process, context: &Context) -> Result<(), String> {
    if runs(process) == Ok(true) {
        return Ok(());
    }
    start_process(process, context).map(drop).map_err(|error| error.to_string())
}

/// What ran before, less what was stopped since and more what was started. What a step left half done is not known.
fn should_run<'a>(plan: &'a Plan, begun: &[Begun]) -> Vec<&'a Process> {
    let mut running: Vec<&Process> = plan.running.iter().collect();
    for begun in begun {
        match &plan.steps[begun.step] {
            Step::Start(process) | Step::Stop(process) | Step::SeeRefused(process) => {
                running.retain(|other| other.component != process.component);
                if begun.done && matches!(plan.steps[begun.step], Step::Start(_)) {
                    running.push(process);
                }
            }
            _ => {}
        }
    }
    running
}

#[cfg(test)]
mod tests {
    use super::*;

    fn process(id: &str) -> Process {
        Process { component: id.into(), name: id.into(), pid_file: id.into(), ..Process::default() }
    }

    #[test]
    fn what_should_run_follows_the_steps_that_are_done() {
        let plan = Plan {
            running: vec![process("authority"), process("engine")],
            steps: vec![
                Step::Stop(process("engine")),
                Step::Stop(process("authority")),
                Step::Start(process("authority")),
            ],
            ..Plan::default()
        };
        let begun = |done: &[bool]| -> Vec<Begun> {
            done.iter().enumerate().map(|(step, done)| Begun { step, done: *done, before: vec![] }).collect()
        };
        let names = |done: &[bool]| -> Vec<String> {
            should_run(&plan, &begun(done)).iter().map(|process| process.name.clone()).collect()
        };
        assert_eq!(names(&[]), ["authority", "engine"]);
        assert_eq!(names(&[true]), ["authority"]);
        assert_eq!(names(&[true, false]), [""; 0]);
        assert_eq!(names(&[true, true, true]), ["authority"]);
    }
}
