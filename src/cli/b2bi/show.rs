//! `b2bi status` and `connection`.

use clap::Args;
use serde_json::json;
use tokio::runtime::Runtime;

use super::{One, ours};
use crate::b2bi::{self, Connection, Engine, Home, Integration, Seen, Told};
use crate::cli::Scope;
use crate::exit::Exit;

/// What of a connection is to be changed.
#[derive(Debug, Args)]
pub struct Reconnect {
    #[command(flatten)]
    one: One,
    /// Host name or address
    #[arg(long)]
    host: Option<String>,
    /// Port of requests and proofs
    #[arg(long, value_name = "PORT", value_parser = clap::value_parser!(u16).range(1..))]
    https_port: Option<u16>,
    /// Port of everything after the registration
    #[arg(long, value_name = "PORT", value_parser = clap::value_parser!(u16).range(1..))]
    client_auth_port: Option<u16>,
    /// Domain
    #[arg(long)]
    domain: Option<String>,
}

impl Reconnect {
    /// Changes it, and shows it.
    pub fn run(&self, scope: &Scope) -> anyhow::Result<Exit> {
        let (home, engine) = (self.one.place.home(scope)?, self.one.engine);
        let runtime = Runtime::new()?;
        let (found, told) = runtime.block_on(Integration::find(&home, engine)).map_err(|failure| ours(&failure))?;
        let old = found.connection;
        let new = Connection {
            host: self.host.clone().unwrap_or_else(|| old.host.clone()),
            https_port: self.https_port.unwrap_or(old.https_port),
            client_auth_port: self.client_auth_port.unwrap_or(old.client_auth_port),
            domain: self.domain.clone().unwrap_or_else(|| old.domain.clone()),
        };
        if new != old {
            runtime.block_on(new.store(&home, engine)).map_err(|failure| ours(&failure))?;
        }
        let text = format!(
            "{engine}: PassPort at {}, ports {} and {}, domain {}",
            new.host, new.https_port, new.client_auth_port, new.domain
        );
        let value = json!({
            "engine": engine.id(),
            "connection": new,
            "before": old,
            "changed": new != old,
            "started": told == Told::Database,
        });
        scope.print(&text, &value);
        Ok(Exit::Done)
    }
}

/// Shows how both engines are.
pub fn status(home: &Home, scope: &Scope) -> anyhow::Result<Exit> {
    let runtime = Runtime::new()?;
    let mut seen = Vec::new();
    for engine in Engine::ALL {
        seen.push(runtime.block_on(b2bi::see(home, engine)).map_err(|failure| ours(&failure))?);
    }
    let lines: Vec<String> = seen.iter().flat_map(describe).collect();
    scope.print(&lines.join("\n"), &json!({ "engines": seen }));
    Ok(if seen.iter().any(|seen| seen.process == "starting") { Exit::CannotTell } else { Exit::Done })
}

fn describe(seen: &Seen) -> Vec<String> {
    let process = seen.pid.map_or(String::new(), |pid| format!(" (process {pid})"));
    let registration = seen.registration.as_ref().map_or("registration unknown".to_owned(), ToString::to_string);
    let mut lines = vec![format!("{:<12} {}{process}, {registration}", seen.engine, seen.process)];
    if let Some(status) = &seen.status {
        let good = status.maps.iter().filter(|map| map.deployed).count();
        let tables = if status.tables.current { "up to date" } else { "not up to date" };
        let secret = status.secret_id.as_deref().unwrap_or("not provable");
        let (version, all) = (status.tables.version, status.maps.len());
        let more = format!(", secret {secret}, tables {version} {tables}, maps {good} of {all} deployed");
        lines[0].push_str(&more);
        let bad = status.maps.iter().filter_map(|map| Some((&map.name, map.error.as_ref()?)));
        lines.extend(bad.map(|(name, error)| format!("{:<12} map {name} is not deployed: {error}", "")));
    }
    lines
}
