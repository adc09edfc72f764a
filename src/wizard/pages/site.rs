//! What a site's own profiles ask: one page per product, with a field for each of its variables.

use super::leaked;
use crate::profile::{Profile, Variable, known};
use crate::wizard::page::no_further_rule;
use crate::wizard::{Answers, Field, FieldKind, Page, SITE_TABLE};

/// The pages of the products that ask for anything.
pub(super) fn pages() -> Vec<Page> {
    known().iter().filter(|profile| !profile.variable.is_empty()).map(page).collect()
}

/// A product's page. It is shown when a component of the product is selected, and while a value is missing: without it
/// nothing can be planned.
fn page(profile: &'static Profile) -> Page {
    let is_selected =
        |answers: &Answers| profile.component.iter().any(|component| answers.has_component(&component.id));
    let is_open = profile.variable.iter().any(|variable| variable.default.is_none());
    let name = &profile.product.name;
    Page {
        id: leaked(format!("{SITE_TABLE}-{}", profile.product.id)),
        title: name,
        text: leaked(format!(
            "What only this site knows of {name}. A value that you change is written into the profile in the estate's folder."
        )),
        fields: profile.variable.iter().map(|variable| field(profile, variable)).collect::<Vec<_>>().leak(),
        visible_if: Box::leak(Box::new(move |answers: &Answers| is_open || is_selected(answers))),
    }
}

fn field(profile: &'static Profile, variable: &'static Variable) -> Field {
    let Variable { id, question, origin, .. } = variable;
    let from = if origin.is_empty() { String::new() } else { format!(" From: {}.", origin.trim_end_matches('.')) };
    Field {
        id: leaked(format!("{SITE_TABLE}.{}.{id}", profile.product.id)),
        label: leaked(label(id)),
        help: leaked(format!("{question}{from} It stands for {{{id}}} in the profile.")),
        kind: FieldKind::Variable(variable),
        default: Box::leak(Box::new(|| variable.default.as_deref().unwrap_or_default().into())),
        visible_if: &crate::wizard::page::always,
        check: &no_further_rule,
    }
}

/// A variable's name as a label: `install_log` is "Install log".
fn label(id: &str) -> String {
    let words = id.replace(['_', '-'], " ");
    let mut letters = words.chars();
    letters.next().map_or_else(String::new, |first| first.to_uppercase().chain(letters).collect())
}
