//! `countersign start` and `stop`: every process of the estate, in the order of the profiles.

use serde_json::json;

use super::Scope;
use super::exit::Exit;
use crate::apply::history;
use crate::estate::command::{Input, run};
use crate::estate::home::{ComponentHome, components};

/// Starts what is stopped, the authority first. Ends with the code of the first that does not come up.
pub fn start(scope: &Scope) -> anyhow::Result<Exit> {
    in_turn(scope, "start", false, ComponentHome::start_command)
}

/// Stops what runs, the authority last.
pub fn stop(scope: &Scope) -> anyhow::Result<Exit> {
    in_turn(scope, "stop", true, ComponentHome::stop_command)
}

fn in_turn(
    scope: &Scope,
    verb: &str,
    reverse: bool,
    command: fn(&ComponentHome) -> Vec<String>,
) -> anyhow::Result<Exit> {
    let estate = scope.estate()?;
    let lock = scope.lock(verb)?;
    let mut homes = components(&scope.dir(), &estate.components);
    if reverse {
        homes.reverse();
    }
    let mut exit = Exit::Done;
    let mut changed = Vec::new();
    // Stopping works on what runs, starting on what does not.
    for home in homes.iter().filter(|home| home.runs() == Some(reverse)) {
        let ended = run(&command(home), Input::Lock(lock.share()?))?;
        if ended.code == 0 {
            scope.note(&format!("{verb} {}: done", home.component.name));
            changed.push(home.id());
        } else {
            scope.note(&format!("{verb} {}: {}", home.component.name, ended.message));
            exit = Exit::from_code(ended.code);
            break;
        }
    }
    let result = match (exit, changed.is_empty()) {
        (Exit::Done, true) => "nothing to do",
        (Exit::Done, false) => "done",
        _ => "failed",
    };
    history::note(&scope.dir(), verb, result, None)?;
    lock.release()?;
    let text = match result {
        "failed" => format!("{verb}: not everything; see above and `countersign status`"),
        "done" => format!("{verb}: {}", changed.join(", ")),
        nothing => format!("{verb}: {nothing}"),
    };
    scope.print(&text, &json!({ "changed": !changed.is_empty(), "result": result, "restarted": changed }));
    Ok(exit)
}
