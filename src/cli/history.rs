//! `countersign history`: every run of this estate.

use super::Scope;
use super::exit::Exit;
use crate::apply::history;

/// Runs it.
pub fn run(scope: &Scope) -> anyhow::Result<Exit> {
    let entries = history::entries(&scope.dir())?;
    let lines: Vec<String> = entries
        .iter()
        .map(|entry| {
            let word = |key: &str| entry[key].as_str().unwrap_or("-").to_owned();
            format!("{}  {:<10} {}", word("time"), word("verb"), word("result"))
        })
        .collect();
    let text = if lines.is_empty() { "No run is recorded here yet.".to_owned() } else { lines.join("\n") };
    scope.print(&text, &entries);
    Ok(scope.reading(Exit::Done))
}
