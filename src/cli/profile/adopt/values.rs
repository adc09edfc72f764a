//! The values of a shipped profile's variables.

use std::collections::BTreeMap;

use super::super::Failure;
use super::Adopt;
use crate::installer::adopt::Adopted;
use crate::installer::silent::Tree;
use crate::profile::Profile;

impl Adopt {
    /// The variables' values: what is given, and what the tree tells of folders.
    pub(super) fn values(
        &self,
        profile: &Profile,
        tree: &Tree,
        adopted: &Adopted,
    ) -> Result<BTreeMap<String, String>, Failure> {
        let mut values = BTreeMap::new();
        let mut told = vec![(profile.product.home.as_str(), adopted.install_dir.clone())];
        if let Some(installer) = &profile.installer {
            told.push((&installer.silent, Some(tree.master().display().to_string())));
        }
        for (field, value) in told {
            let id = field.strip_prefix('{').and_then(|field| field.strip_suffix('}'));
            let variable = profile.variable.iter().find(|variable| Some(variable.id.as_str()) == id);
            if let (Some(variable), Some(value)) = (variable, value)
                && variable.kind.refuses(&value).is_none()
            {
                values.insert(variable.id.clone(), value);
            }
        }
        let mut problems = Vec::new();
        for (name, value) in &self.set {
            match profile.variable.iter().find(|variable| variable.id == *name) {
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
