//! Ids stand for one thing each, and what names a component names one that is there.

use super::{Spot, components, must_be_unique, names_component, no_component};
use crate::tree::Collector;

pub(super) fn check(root: &Spot<'_>, problems: &mut Collector) {
    let lists: [(&str, &str); 3] = [
        ("component", "stands for an earlier component already: each has an id of its own"),
        ("variable", "stands for an earlier variable already: each has a word of its own"),
        ("probe", "stands for an earlier probe already: each has an id of its own"),
    ];
    for (list, rule) in lists {
        must_be_unique(&root.list(list).collect::<Vec<_>>(), "id", rule, problems);
    }
    let components = components(root);
    for list in ["place", "registration.watch", "installer.secret", "installer.select"] {
        for table in root.list(list) {
            names_component(&table, "component", &components, problems);
        }
    }
    if let Some(patterns) = root.get("adopt.component") {
        for entry in patterns.node.entries().iter().filter(|entry| !components.contains(&entry.key.as_str())) {
            let hint = no_component(&entry.key, &components);
            problems.note(entry.at, &patterns.below(&entry.key), format!("names no component of this profile{hint}"));
        }
    }
    for probe in root.list("probe") {
        names_component(&probe, "target", &components, problems);
    }
}
