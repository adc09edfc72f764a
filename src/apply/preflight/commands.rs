//! The commands that a plan runs: each is there and can be started.

use std::path::Path;

use super::Problem;
use crate::estate::command::program;
use crate::estate::home::systemd_runs;
use crate::plan::{Back, Plan, Process, Step, TakeOver};

pub(super) fn problems(plan: &Plan) -> Vec<Problem> {
    let mut commands: Vec<&Vec<String>> = plan.running.iter().flat_map(of_process).collect();
    for step in &plan.steps {
        match step {
            Step::MakeHome { command, .. } | Step::Register { command, .. } => commands.push(command),
            Step::Start(process) | Step::Stop(process) | Step::SeeRefused(process) => {
                commands.extend(of_process(process));
            }
            Step::WriteSecret { online, takes_over, .. } => {
                commands.extend(online.iter().flat_map(|one| [&one.read, &one.write]).filter(|one| !one.is_empty()));
                for take_over in takes_over {
                    commands.extend(of_process(take_over.process()));
                    commands.extend(match take_over {
                        TakeOver::Reload(_, command) => Some(command),
                        TakeOver::Restart(_) => None,
                    });
                }
            }
            Step::Connect { command, back, .. } => commands.extend([command, back]),
            Step::RunInstaller(run) => {
                commands.push(&run.command);
                commands.extend(match &run.back {
                    Back::Command(command) => Some(command),
                    Back::Again | Back::ByHand => None,
                });
            }
            _ => {}
        }
    }
    let mut asked: Vec<&str> = Vec::new();
    let mut problems = Vec::new();
    let brought = homes_to_come(plan);
    // Where systemd does not run, that is told already.
    let commands =
        commands.into_iter().filter(|command| systemd_runs() || !command.starts_with(&["systemctl".to_owned()]));
    let names = commands.map(|command| command.first().map_or("", String::as_str));
    for name in names.filter(|name| !brought.iter().any(|home| Path::new(name).starts_with(home))) {
        if !asked.contains(&name) {
            asked.push(name);
            problems.extend(
                program(name)
                    .err()
                    .map(|error| Problem::new("command", format!("the command {name} cannot be started: {error}"))),
            );
        }
    }
    problems
}

/// The folders that a vendor's installer makes: the commands below them come with it.
fn homes_to_come(plan: &Plan) -> Vec<&Path> {
    let runs = plan.steps.iter().filter_map(|step| match step {
        Step::RunInstaller(run) if run.back != Back::Again => Some(run.home.as_path()),
        _ => None,
    });
    runs.collect()
}

fn of_process(process: &Process) -> impl Iterator<Item = &Vec<String>> {
    let status = (process.deadline > 0).then_some(&process.status);
    [&process.start, &process.stop].into_iter().chain(status)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_command_that_is_not_there_is_named_once() {
        let dir = tempfile::tempdir().expect("a folder");
        let closed = dir.path().join("closed").display().to_string();
        std::fs::write(&closed, "").expect("written");
        let command = |name: &str| vec![name.to_owned(), "start".to_owned()];
        let connect = |name: &str| Step::Connect { name: "X".into(), command: command(name), back: command(name) };
        let of = |name: &str| problems(&Plan { steps: vec![connect(name), connect(name)], ..Plan::default() });
        assert_eq!((of("countersign"), of("true"), of("/bin/true")), (vec![], vec![], vec![]));
        for name in ["", "/nowhere/start", "no-such-command-here", &closed] {
            assert_eq!(of(name).len(), 1, "{name}");
        }
    }
}
