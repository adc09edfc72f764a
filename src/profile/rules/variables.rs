//! Variables: a word that is free, a default of its kind.

use super::Spot;
use crate::profile::VariableKind;
use crate::profile::words::{AT_RUN, CONF, SECRET, SILENT};
use crate::tree::Collector;

pub(super) fn check(root: &Spot<'_>, problems: &mut Collector) {
    for variable in root.list("variable") {
        if let Some(id) = variable.get("id")
            && id.text().is_some_and(|id| AT_RUN.contains(&id) || [CONF, SECRET, SILENT].contains(&id))
        {
            id.note(problems, "is a word that Countersign fills in itself; take another");
        }
        let kind = match variable.text_of("kind") {
            Some(kind) => VariableKind::named(kind),
            None => Some(VariableKind::default()),
        };
        if let (Some(default), Some(kind)) = (variable.get("default"), kind)
            && let Some(rule) = default.node.text().and_then(|text| kind.refuses(text))
        {
            default.note(problems, rule);
        }
    }
}
