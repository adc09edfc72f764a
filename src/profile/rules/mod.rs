//! What a profile must be beyond its shape. Every rule looks at the tree, so that one mistake hides no other.

mod adopt;
mod commands;
mod groups;
mod installer;
mod lifecycle;
mod lines;
mod names;
mod paths;
mod patterns;
mod places;
mod probes;
mod registration;
mod variables;
mod words;

use super::spot::Spot;
use crate::tree::{Collector, suggest};

/// How much is known of the site.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Stage {
    /// Variables stand in braces.
    Written,
    /// The site's values are filled in.
    Filled,
}

/// Tells every broken rule of a whole profile; `products` are the ids of those beside the shipped ones.
pub(super) fn check(root: &Spot<'_>, stage: Stage, products: &[String], problems: &mut Collector) {
    for rule in [
        lines::check,
        names::check,
        groups::check,
        places::check,
        paths::check,
        commands::check,
        patterns::check,
        lifecycle::check,
        registration::check,
        probes::check,
        installer::check,
        adopt::check,
    ] {
        rule(root, problems);
    }
    lifecycle::check_after(root, products, problems);
    words::check(root, stage, problems);
    match stage {
        Stage::Written => variables::check(root, problems),
        Stage::Filled => installer::check_site(root, problems),
    }
}

/// The ids of all components.
fn components<'a>(root: &Spot<'a>) -> Vec<&'a str> {
    root.list("component").filter_map(|component| component.text_of("id")).collect()
}

/// Whether a text under a key names a component; no text names none.
fn names_component(table: &Spot<'_>, key: &str, components: &[&str], problems: &mut Collector) {
    if let Some(spot) = table.get(key) {
        is_component(&spot, components, problems);
    }
}

fn is_component(spot: &Spot<'_>, components: &[&str], problems: &mut Collector) {
    let Some(id) = spot.text().filter(|id| !components.contains(id)) else { return };
    spot.note(problems, format!("names no component of this profile{}", hint(id, components)));
}

/// What may have been meant.
fn hint(id: &str, known: &[&str]) -> String {
    match suggest::nearest(id, known.iter().copied()) {
        Some(near) => format!("; did you mean {near}?"),
        None if known.is_empty() => "; it has none".into(),
        None => format!(", which has {}", known.join(", ")),
    }
}

/// Tells of every value under this key that an earlier table of the list has, too.
fn must_be_unique(tables: &[Spot<'_>], key: &str, rule: &str, problems: &mut Collector) {
    for (at, table) in tables.iter().enumerate() {
        let Some(spot) = table.get(key) else { continue };
        let Some(text) = spot.text() else { continue };
        if tables[..at].iter().any(|earlier| earlier.text_of(key) == Some(text)) {
            spot.note(problems, rule);
        }
    }
}
