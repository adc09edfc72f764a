//! The values of a shipped profile's variables.

use std::collections::BTreeMap;

use super::super::Failure;
use super::Adopt;
use crate::installer::silent::Tree;
use crate::profile::{Profile, VariableKind};

impl Adopt {
    /// The variables' values: what is given, and what the tree tells of folders.
    pub(super) fn values(&self, profile: &Profile, tree: &Tree) -> Result<BTreeMap<String, String>, Failure> {
        let mut values = BTreeMap::new();
        let variable = |id: &str| profile.variable.iter().find(|variable| variable.id == id);
        let master = profile.installer.as_ref().and_then(|installer| {
            let id = installer.silent.strip_prefix('{')?.strip_suffix('}')?;
            Some((id, tree.master().display().to_string()))
        });
        let told = profile.adopt.values.iter().filter_map(|(id, name)| Some((id.as_str(), tree.get(name)?.to_owned())));
        for (id, value) in told.chain(master) {
            let Some(variable) = variable(id) else { continue };
            let value = if variable.kind == VariableKind::Path { without_last_slash(value) } else { value };
            // What is no such value here, such as a path of another system, stays open.
            if variable.kind.refuses(&value).is_none() {
                values.insert(id.to_owned(), value);
            }
        }
        let mut problems = Vec::new();
        for (name, value) in &self.set {
            match variable(name) {
                None => {
                    let ids: Vec<&str> = profile.variable.iter().map(|variable| variable.id.as_str()).collect();
                    problems.push(format!("--set {name}: is no variable of the base, which has {}", ids.join(", ")));
                }
                Some(variable) => match variable.kind.refuses(value) {
                    Some(rule) => problems.push(format!("--set {name}: {rule}")),
                    None => {
                        values.insert(name.clone(), value.clone());
                    }
                },
            }
        }
        if problems.is_empty() { Ok(values) } else { Err(Failure::refused(problems.join("\n"))) }
    }
}

fn without_last_slash(path: String) -> String {
    let cut = path.trim_end_matches('/');
    if cut.is_empty() { path } else { cut.to_owned() }
}
