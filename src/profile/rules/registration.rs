//! Registration: each way of changing the secret once, each component watched in one log.

use super::{Spot, must_be_unique};
use crate::tree::Collector;

pub(super) fn check(root: &Spot<'_>, problems: &mut Collector) {
    let strategies: Vec<Spot<'_>> = root.list("registration.strategy").collect();
    for (at, strategy) in strategies.iter().enumerate() {
        if strategies[..at].iter().any(|earlier| earlier.text() == strategy.text()) {
            strategy.note(problems, "is named twice");
        }
    }
    let watches: Vec<Spot<'_>> = root.list("registration.watch").collect();
    must_be_unique(&watches, "component", "is watched already: one [[registration.watch]] a component", problems);
    if let Some(keys) = root.get("connection.keys") {
        for entry in keys.node.entries() {
            if !crate::profile::words::ANSWERS.contains(&entry.key.as_str()) {
                let answers = crate::profile::words::ANSWERS.join(", ");
                let rule = format!("is no answer about the authority; there are {answers}");
                problems.note(entry.at, &keys.below(&entry.key), rule);
            }
        }
    }
}
