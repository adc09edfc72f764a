//! `countersign start` and `stop`: every process of the estate, in the order of the profiles. One that registers by
//! itself is started once its logs say that its secret was accepted.

use std::sync::Arc;

use serde_json::json;

use super::Scope;
use super::exit::Exit;
use crate::apply::{ActError, Context, Ended, history, start_process, stop_process};
use crate::estate::home::components;
use crate::plan::{Process, process};

/// Starts what is stopped, the authority first. Ends with the code of the first that does not come up.
pub fn start(scope: &Scope) -> anyhow::Result<Exit> {
    in_turn(scope, "start", false, start_process)
}

/// Stops what runs, the authority last.
pub fn stop(scope: &Scope) -> anyhow::Result<Exit> {
    in_turn(scope, "stop", true, |process, context| stop_process(process, context).map(|()| Ended::Done))
}

fn in_turn(
    scope: &Scope,
    verb: &str,
    reverse: bool,
    act: fn(&Process, &Context) -> Result<Ended, ActError>,
) -> anyhow::Result<Exit> {
    let estate = scope.estate()?;
    let lock = scope.lock(verb)?;
    let context = Context { lock: Some(Arc::new(lock.share()?)), ..Context::default() };
    let mut homes = components(&scope.dir(), &estate.components);
    if reverse {
        homes.reverse();
    }
    let mut exit = Exit::Done;
    let mut changed = Vec::new();
    // Stopping works on what runs, starting on what does not.
    for home in homes.iter().filter(|home| home.runs() == Some(reverse)) {
        let name = &home.component.name;
        match act(&process(home), &context) {
            Ok(Ended::Done) => {
                scope.note(&format!("{verb} {name}: done"));
                changed.push(home.id());
            }
            Ok(Ended::Pending(state)) => {
                scope.note(&format!("{verb} {name}: its registration is pending ({state})"));
                changed.push(home.id());
                exit = Exit::Pending;
            }
            Err(error) => {
                let (code, why) = said(error);
                scope.note(&format!("{verb} {name}: {why}"));
                exit = code;
                break;
            }
        }
    }
    let result = match (exit, changed.is_empty()) {
        (Exit::Done, true) => "nothing to do",
        (Exit::Done, false) => "done",
        (Exit::Pending, _) => "pending",
        _ => "failed",
    };
    history::note(&scope.dir(), verb, result, None)?;
    drop(context);
    lock.release()?;
    let text = match result {
        "failed" => format!("{verb}: not everything; see above and `countersign status`"),
        "done" | "pending" => format!("{verb}: {}", changed.join(", ")),
        nothing => format!("{verb}: {nothing}"),
    };
    scope.print(&text, &json!({ "changed": !changed.is_empty(), "result": result, "restarted": changed }));
    Ok(exit)
}

/// The exit code that a failure stands for, and what it says.
fn said(error: ActError) -> (Exit, String) {
    match error {
        ActError::Command { code, message, .. } => (Exit::from_code(code), message),
        ActError::Refused(line) => (Exit::NotAccepted, line),
        other => (Exit::PutBack, other.to_string()),
    }
}
