//! The tree of products and components, and what is missing of a group.

use ratatui::text::Span;

use super::column::Column;
use super::form::attention;
use super::words::{columns, cut, pad};
use crate::ui::session::groups;
use crate::ui::tui::state::State;
use crate::ui::tui::stops::Stop;
use crate::ui::tui::text;
use crate::wizard::components::{Product, tree};

/// The box of what is not selected.
const NONE: &str = "[ ]";

/// Writes it.
pub fn write(state: &State, focus: Option<Stop>, column: &mut Column) {
    let tree = tree();
    let names = tree.iter().flat_map(|product| &product.components).map(|node| columns(&node.component.name));
    let widest = names.max().unwrap_or(0) + 3;
    for product in &tree {
        let id = product.profile.product.id.as_str();
        let mut spans = vec![
            boxed(state, mark_of_product(state, product)),
            Span::styled(product.profile.product.name.clone(), state.look.strong),
        ];
        let together = product.components.iter().any(|node| node.group.is_some()).then_some(text::ALL_OR_NONE);
        let untried = (!product.profile.product.verified).then_some(text::NOT_VERIFIED);
        for remark in together.into_iter().chain(untried) {
            spans.push(Span::styled(format!("   {remark}"), state.look.dim));
        }
        column.row(focus == Some(Stop::Product(id)), spans);
        for node in &product.components {
            let id = node.component.id.as_str();
            let name = pad(&node.component.name, widest);
            let room = column.width.saturating_sub(8 + columns(&name));
            let about = cut(&node.component.about, room, state.look.marks.ellipsis);
            let spans = vec![
                Span::raw("    "),
                boxed(state, checkbox(state.answers.has_component(id))),
                Span::raw(name),
                Span::styled(about, state.look.dim),
            ];
            column.row(focus == Some(Stop::Component(id)), spans);
        }
        column.blank();
    }
    for rule in groups::missing(&state.answers) {
        let remedy = format!("{rule} {}", text::ADD_THE_REST);
        column.hanging(vec![attention(state, 0)], &remedy, state.look.danger);
    }
    // Below what is chosen and what is wrong with it, so that both stay in sight.
    for told in tree.iter().map(|product| &product.profile.product) {
        if let Some(remark) = told.remark() {
            column.text(0, &format!("{}: {remark}", told.name), state.look.dim);
        }
    }
}

fn boxed(state: &State, mark: &'static str) -> Span<'static> {
    let style = if mark == NONE { state.look.normal } else { state.look.accent };
    Span::styled(format!("{mark} "), style)
}

fn checkbox(selected: bool) -> &'static str {
    if selected { "[x]" } else { NONE }
}

fn mark_of_product(state: &State, product: &Product) -> &'static str {
    let selected = product.components.iter().filter(|node| state.answers.has_component(&node.component.id)).count();
    if selected > 0 && selected < product.components.len() { "[-]" } else { checkbox(selected > 0) }
}
