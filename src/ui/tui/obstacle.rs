//! What stands between the answers and their consent, as far as the answers themselves tell.

use super::state::State;
use crate::ui::session::groups;
use crate::ui::session::obstacle::Obstacle;
use crate::wizard::{FieldKind, fields, missing};

/// Every rule that the answers break, and every editor that is not finished, in page order.
pub fn unfinished(state: &State) -> Vec<Obstacle> {
    let rules = missing(&state.answers);
    fields()
        .filter(|(page, field)| (page.visible_if)(&state.answers) && (field.visible_if)(&state.answers))
        .flat_map(|(_, field)| {
            let rule = rules.iter().find(|missing| missing.field == field.id).map(|missing| missing.rule.clone());
            let told = match field.kind {
                FieldKind::Components if rule.is_some() => groups::missing(&state.answers),
                _ => Vec::new(),
            };
            let rule = state.edit_problem(field).or(rule).filter(|_| told.is_empty());
            let rule = rule.map(|rule| format!("{} {rule}", field.label));
            told.into_iter().chain(rule).map(|text| Obstacle { text, field: Some(field.id) })
        })
        .collect()
}
