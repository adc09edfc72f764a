//! How an estate is: processes, registrations, alignment.

use std::path::Path;

use jiff::Timestamp;
use serde::Serialize;
use serde_json::json;

use crate::alignment::{self, Accepted, Level, asking, watched};
use crate::estate::home::{authority, components, products};
use crate::estate::record::Estate;
use crate::estate::signs::Sign;
use crate::estate::{ComponentHome, ProductHome};
use crate::registration::site::Site;
use crate::registration::state::State;

/// How long an engine may take to tell its registration.
const DEADLINE: std::time::Duration = std::time::Duration::from_secs(5);

/// What `status` tells; serialises to what `status --json` prints.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Status {
    /// The estate's folder.
    pub estate: String,
    /// The authority.
    pub authority: Authority,
    /// Every other component that is installed.
    pub components: Vec<Component>,
    /// What is found on this host of each product whose profile names signs.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub products: Vec<Product>,
    /// The secret before the current one, while it is still accepted.
    pub previous: Option<Previous>,
    /// Components that have not proved the current secret yet, so that the one before it is kept.
    pub waiting: Vec<String>,
    /// An interrupted change, if there is one: the caller's to fill in, since only the journal knows.
    pub interrupted: Option<Interrupted>,
}

/// The authority's line.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Authority {
    /// Whether it runs; `None` when it is not in this estate.
    pub process: Option<Process>,
    /// Its HTTPS port.
    pub https_port: u16,
    /// Its port for client authentication.
    pub client_auth_port: u16,
}

/// One component's line.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Component {
    /// Component id.
    pub id: String,
    /// Whether it runs; `None` when it has no process of its own, or nobody can tell.
    pub process: Option<Process>,
    /// Where its registration stands; `None` when it never registers, or its log says nothing.
    pub registration: Option<State>,
    /// The worst verdict on its places; `None` when it holds no secret.
    pub alignment: Option<alignment::Verdict>,
}

/// What is found of one product.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Product {
    /// Product id.
    pub id: String,
    /// Its signs; none when nothing of it is found.
    pub found: Vec<Sign>,
}

/// Whether a process is there.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Process {
    /// It holds the lock on its pid file, or its product's command says so.
    Running,
    /// It does not.
    Stopped,
}

/// The secret before the current one, while it is still accepted.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Previous {
    /// Until when, as far as that is settled.
    pub until: Option<Timestamp>,
}

/// A change that was interrupted.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Interrupted {
    /// Its id.
    pub id: String,
    /// The step that was begun last.
    pub step: String,
}

/// Looks at everything; an estate that holds still is not changed by it. Must not be called within tokio.
pub fn status(dir: &Path, estate: &Estate) -> Status {
    std::thread::scope(|scope| {
        let check = scope.spawn(|| alignment::check(dir, estate, &Level::ALL));
        let mut lines: Vec<Component> = components(dir, &estate.components)
            .iter()
            .filter(|component| !component.is_authority())
            .map(|component| line(component, estate))
            .collect();
        let accepted = alignment::accepted(dir, estate);
        if let Ok(report) = check.join() {
            for line in &mut lines {
                line.alignment = report.worst(&line.id);
            }
        }
        Status {
            estate: std::path::absolute(dir).unwrap_or_else(|_| dir.to_path_buf()).display().to_string(),
            authority: authority_line(dir, estate),
            components: lines,
            products: found(dir, estate),
            previous: accepted.as_ref().and_then(Accepted::previous).map(|until| Previous { until }),
            waiting: accepted.map_or(Vec::new(), |accepted| accepted.waiting().to_vec()),
            interrupted: None,
        }
    })
}

fn found(dir: &Path, estate: &Estate) -> Vec<Product> {
    let products = products(dir, &estate.components);
    let found =
        |product: &ProductHome| Some(Product { id: product.profile.product.id.clone(), found: product.signs()? });
    products.iter().filter_map(found).collect()
}

fn authority_line(dir: &Path, estate: &Estate) -> Authority {
    let process = authority(dir, &estate.components).and_then(|product| {
        let id = &product.profile.product.id;
        components(dir, &estate.components)
            .iter()
            .filter(|component| component.product.profile.product.id == *id)
            .find_map(process)
    });
    let record = &estate.authority;
    Authority { process, https_port: record.https_port, client_auth_port: record.client_auth_port }
}

fn line(component: &ComponentHome, estate: &Estate) -> Component {
    Component {
        id: component.id().to_owned(),
        process: process(component),
        registration: registration(component, estate),
        alignment: None,
    }
}

fn process(component: &ComponentHome) -> Option<Process> {
    component.asked()?.ok().map(|runs| if runs { Process::Running } else { Process::Stopped })
}

/// What a running process says of its registration; else what its files say. A product that drives its registration
/// itself says it in its log, or says nothing.
fn registration(component: &ComponentHome, estate: &Estate) -> Option<State> {
    if let Some(said) = watched::said(component) {
        return watched::state(&said.ok()??);
    }
    let by_files = component.sites(&estate.authority).iter().map(Site::state).max_by_key(State::weight)?;
    let told = (component.has_control() && component.runs() == Some(true)).then(|| told(component)).flatten();
    Some(told.unwrap_or(by_files))
}

fn told(component: &ComponentHome) -> Option<State> {
    let asked = asking::block_on(asking::ask(component.control(), json!({ "do": "status" }), DEADLINE));
    let status = asked.ok()?.ok()?;
    serde_json::from_value(status["registration"].clone()).ok()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::estate::record;

    #[test]
    fn the_json_has_the_documented_shape_and_nulls_where_there_is_nothing() {
        let dir = tempfile::tempdir().expect("a folder");
        let estate = Estate {
            format: 1,
            components: ["passport", "integrator", "b2bi"].map(str::to_owned).to_vec(),
            authority: record::Authority {
                kind: "embedded".into(),
                host: "localhost".into(),
                https_port: 6453,
                client_auth_port: 6666,
                domain: "Synchrony".into(),
            },
        };
        let found = serde_json::to_value(status(dir.path(), &estate)).expect("json");
        let expected = json!({
            "estate": dir.path().display().to_string(),
            "authority": { "process": "stopped", "https_port": 6453, "client_auth_port": 6666 },
            "components": [
                { "id": "integrator", "process": "stopped", "registration": "New", "alignment": "missing" },
                { "id": "b2bi", "process": null, "registration": null, "alignment": null },
            ],
            "previous": null,
            "waiting": [],
            "interrupted": null
        });
        assert_eq!(found, expected);
    }
}
