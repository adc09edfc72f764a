//! What silent files tell is put into variables that are there.

use super::Spot;
use crate::tree::{Collector, suggest};

pub(super) fn check(root: &Spot<'_>, problems: &mut Collector) {
    let Some(values) = root.get("adopt.values") else { return };
    let known: Vec<&str> = root.list("variable").filter_map(|variable| variable.text_of("id")).collect();
    for entry in values.node.entries().iter().filter(|entry| !known.contains(&entry.key.as_str())) {
        let near = suggest::nearest(&entry.key, known.iter().copied());
        let hint = near.map_or_else(String::new, |near| format!("; did you mean {near}?"));
        problems.note(entry.at, &values.below(&entry.key), format!("is no variable of this profile{hint}"));
    }
}
