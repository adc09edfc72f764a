//! `b2bi start`, `stop` and `reload`: one engine, or both.

use clap::Args;
use serde_json::json;

use super::Place;
use crate::b2bi::{self, Engine};
use crate::cli::Scope;
use crate::exit::Exit;

/// Which home, and which engine.
#[derive(Debug, Args)]
pub struct Which {
    #[command(flatten)]
    place: Place,
    /// Which engine [default: both]
    #[arg(long)]
    engine: Option<Engine>,
}

impl Which {
    fn engines(&self) -> Vec<Engine> {
        self.engine.map_or(Engine::ALL.to_vec(), |engine| vec![engine])
    }

    /// Starts it, unless it runs.
    pub fn start(&self, scope: &Scope) -> anyhow::Result<Exit> {
        let home = self.place.home(scope)?;
        Ok(each(scope, self.engines(), |engine| match b2bi::start(&home, engine) {
            Ok(report) if report.code == 0 && report.message.is_empty() => (Exit::Done, format!("{engine} is ready")),
            Ok(report) => (Exit::from_code(report.code), named(engine, report.message)),
            Err(failure) => failed(&failure),
        }))
    }

    /// Stops it, if it runs.
    pub fn stop(&self, scope: &Scope) -> anyhow::Result<Exit> {
        let home = self.place.home(scope)?;
        let engines = self.engines().into_iter().rev().collect();
        Ok(each(scope, engines, |engine| match b2bi::stop(&home, engine) {
            Ok(true) => (Exit::Done, format!("{engine} is stopped")),
            Ok(false) => (Exit::Done, format!("{engine} was not running")),
            Err(failure) => failed(&failure),
        }))
    }

    /// Makes it read its secret anew.
    pub fn reload(&self, scope: &Scope) -> anyhow::Result<Exit> {
        let home = self.place.home(scope)?;
        Ok(each(scope, self.engines(), |engine| match b2bi::reload(&home, engine) {
            Ok(Some(id)) => (Exit::Done, format!("{engine} holds the secret {id}")),
            Ok(None) => (Exit::Done, format!("{engine} holds the secret of its place; its authority takes no proofs")),
            Err(failure) => failed(&failure),
        }))
    }
}

/// Does the same with each engine, and goes on after a failure: so both requests of a first start wait at the
/// authority at once.
fn each(scope: &Scope, engines: Vec<Engine>, act: impl Fn(Engine) -> (Exit, String)) -> Exit {
    let mut ended = Vec::new();
    for engine in engines {
        let (exit, message) = act(engine);
        if exit != Exit::Done {
            scope.note(&message);
        }
        ended.push((engine, exit, message));
    }
    let lines: Vec<&str> = ended.iter().filter(|end| end.1 == Exit::Done).map(|end| end.2.as_str()).collect();
    let engines: Vec<_> = ended
        .iter()
        .map(|(engine, exit, message)| json!({ "engine": engine.id(), "code": exit.code(), "message": message }))
        .collect();
    if scope.json || !lines.is_empty() {
        scope.print(&lines.join("\n"), &json!({ "engines": engines }));
    }
    worst(ended.iter().map(|end| end.1))
}

/// The first failure; a pending registration only where nothing worse happened.
fn worst(exits: impl Iterator<Item = Exit> + Clone) -> Exit {
    let failures = exits.filter(|exit| *exit != Exit::Done);
    failures.clone().find(|exit| *exit != Exit::Pending).or_else(|| failures.clone().next()).unwrap_or(Exit::Done)
}

/// A server's own words, which need not say whose they are.
fn named(engine: Engine, message: String) -> String {
    if message.starts_with(&format!("{engine} ")) { message } else { format!("{engine}: {message}") }
}

fn failed(failure: &b2bi::Failure) -> (Exit, String) {
    (failure.exit(), failure.to_string())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_pending_registration_counts_only_where_nothing_worse_happened() {
        let of = |exits: &[Exit]| worst(exits.iter().copied());
        assert_eq!(of(&[Exit::Done, Exit::Done]), Exit::Done);
        assert_eq!(of(&[Exit::Pending, Exit::NotAccepted]), Exit::NotAccepted);
        assert_eq!(of(&[Exit::Done, Exit::Pending]), Exit::Pending);
        assert_eq!(of(&[Exit::CannotTell, Exit::NotAccepted]), Exit::CannotTell);
    }
}
