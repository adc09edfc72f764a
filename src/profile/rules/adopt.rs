//! What silent files are searched for: components and variables that are there, patterns that are some.

use super::patterns::refuse;
use super::{Spot, components, hint};
use crate::tree::Collector;

pub(super) fn check(root: &Spot<'_>, problems: &mut Collector) {
    for spot in entries(root, "adopt.component") {
        let name = spot.key.strip_prefix("adopt.component.").unwrap_or_default();
        if !components(root).contains(&name) {
            spot.note(problems, format!("names no component of this profile{}", hint(name, &components(root))));
        }
        if let Some(rule) = spot.text().and_then(refuse) {
            spot.note(problems, rule);
        }
    }
    let variables: Vec<&str> = root.list("variable").filter_map(|variable| variable.text_of("id")).collect();
    for spot in entries(root, "adopt.values") {
        let name = spot.key.strip_prefix("adopt.values.").unwrap_or_default();
        if !variables.contains(&name) {
            spot.note(problems, format!("is no variable of this profile{}", hint(name, &variables)));
        }
    }
}

fn entries<'a>(root: &Spot<'a>, path: &str) -> Vec<Spot<'a>> {
    let Some(table) = root.get(path) else { return Vec::new() };
    table.node.entries().iter().map(|entry| Spot { key: table.below(&entry.key), node: &entry.node }).collect()
}
