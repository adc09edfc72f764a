//! `gateway register`: one repository or all.

use clap::Args;
use serde_json::{Value, json};

use super::{Exit, Home, Scope, block_on, log, ours, taken_up};
use crate::gateway::{self, Registered};
use crate::registration::state::State;

/// Which, and how.
#[derive(Debug, Args)]
pub struct Register {
    /// One repository [default: all]
    #[arg(long, value_name = "NAME")]
    repository: Option<String>,
    /// Set keystore and temporaries aside (dated) and register anew
    #[arg(long)]
    again: bool,
}

impl Register {
    /// Runs it.
    pub fn run(&self, home: &Home, scope: &Scope) -> anyhow::Result<Exit> {
        let log = log(home);
        let chosen = match &self.repository {
            Some(name) => gateway::one(home, Some(name), &log).map(|one| vec![one]),
            None => gateway::all(home, &log),
        };
        let chosen = chosen.map_err(|failure| ours(&failure))?;
        let ended = block_on(async {
            let mut ended = Vec::new();
            for one in chosen {
                ended.push(gateway::register(one, self.again).await);
            }
            ended
        })?;
        taken_up(home, scope);
        Ok(told(home, scope, &ended))
    }
}

/// Tells what became of registrations; the worst of them decides the exit code.
pub fn told(home: &Home, scope: &Scope, all: &[Registered]) -> Exit {
    let values: Vec<Value> = all.iter().map(|one| value(home, one)).collect();
    let failures = all.iter().filter_map(|one| one.ended.as_ref().err());
    let worst = failures.clone().find(|one| one.exit() != Exit::Pending).or_else(|| failures.clone().next());
    let lines: Vec<String> = all.iter().filter(|one| one.ended.is_ok()).map(|one| line(home, one)).collect();
    if scope.json || !lines.is_empty() {
        scope.print(&lines.join("\n"), &json!({ "repositories": values }));
    }
    let Some(worst) = worst else { return Exit::Done };
    // The worst comes last: whoever started us repeats that line.
    let others = failures.filter(|one| !std::ptr::eq(*one, worst));
    for failure in others.chain([worst]) {
        scope.note(&format!("countersign: {failure}"));
    }
    worst.exit()
}

fn line(home: &Home, one: &Registered) -> String {
    let keystore = one.keystore.as_ref().map_or_else(String::new, |path| home.shown(path));
    format!("{}: {}; the certificate is in {keystore}", one.name, State::Registered)
}

fn value(home: &Home, one: &Registered) -> Value {
    let (code, message) = match &one.ended {
        Ok(()) => (Exit::Done, None),
        Err(failure) => (failure.exit(), Some(failure.to_string())),
    };
    json!({
        "repository": one.name,
        "keystore": one.keystore.as_ref().map(|path| home.shown(path)),
        "status": one.state,
        "secret_id": one.secret_id,
        "backup": one.backup.as_ref().map(|folder| home.shown(folder)),
        "given_up": one.given_up,
        "code": code.code(),
        "message": message,
    })
}
