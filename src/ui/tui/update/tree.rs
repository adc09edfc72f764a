//! Selecting components.

use super::form::give;
use crate::ui::tui::state::State;
use crate::wizard::{Value, components};

/// One component on or off.
pub fn toggle(state: &mut State, id: &str) {
    let mut selected = state.answers.list("components").to_vec();
    if selected.iter().any(|known| known == id) {
        selected.retain(|known| known != id);
    } else {
        selected.push(id.to_owned());
    }
    select(state, selected);
}

/// A product's components: none when all are selected, else all.
pub fn toggle_product(state: &mut State, id: &str) {
    let Some(product) = components::tree().into_iter().find(|product| product.profile.product.id == id) else { return };
    let own: Vec<&str> = product.components.iter().map(|node| node.component.id.as_str()).collect();
    let mut selected = state.answers.list("components").to_vec();
    let whole = own.iter().all(|id| selected.iter().any(|known| known == id));
    selected.retain(|known| !own.contains(&known.as_str()));
    if !whole {
        selected.extend(own.into_iter().map(Into::into));
    }
    select(state, selected);
}

/// What is missing of the groups that were begun.
pub fn complete(state: &mut State) {
    let mut selected = state.answers.list("components").to_vec();
    components::complete_group(&mut selected);
    select(state, selected);
}

fn select(state: &mut State, mut selected: Vec<String>) {
    selected.sort_by_key(|id| components::ids().position(|known| known == id));
    give(state, "components", Value::List(selected));
}
