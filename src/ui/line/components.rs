//! Which components: a numbered list; those of a group go together.

use super::console::Reply;
use super::question::{Turn, numbered};
use super::{Wizard, text};
use crate::profile::{Group, component_name};
use crate::ui::words;
use crate::wizard::components::{complete_group, ids, tree};
use crate::wizard::{Field, Value};

/// Asks until the list is right.
pub fn ask(wizard: &mut Wizard, field: &'static Field) -> Turn {
    for told in tree().iter().map(|product| &product.profile.product) {
        if let Some(remark) = told.remark() {
            wizard.console.text(&text::entry_of(&told.name, &remark));
        }
    }
    loop {
        let order = write(wizard);
        match wizard.console.ask(text::TOGGLE) {
            Reply::Text(said) if said.is_empty() => match wizard.keep(field) {
                Ok(()) => return Turn::Next,
                Err(rule) => wizard.console.text(&text::broken(field, &rule)),
            },
            Reply::Text(said) => {
                let numbers = said.split([' ', ',']).filter(|number| !number.is_empty());
                match numbers.map(|number| numbered(&order, number).copied()).collect::<Option<Vec<_>>>() {
                    Some(toggled) => take(wizard, field, &toggled),
                    None => wizard.console.lines(text::NO_SUCH_NUMBER),
                }
            }
            other => {
                if let Some(turn) = wizard.other(field, &other) {
                    return turn;
                }
                wizard.console.text(text::TOGGLING);
            }
        }
    }
}

/// Writes the list; the components in the order of their numbers.
fn write(wizard: &Wizard) -> Vec<&'static str> {
    let mut order = Vec::new();
    for product in tree() {
        let told = &product.profile.product;
        let together = product.components.iter().any(|node| node.group.is_some()).then_some(words::ALL_OR_NONE);
        let untried = (!told.verified).then_some(words::NOT_VERIFIED);
        let heading: Vec<&str> = [told.name.as_str()].into_iter().chain(together).chain(untried).collect();
        wizard.console.lines(&text::heading(&heading.join(", ")));
        for node in product.components {
            order.push(node.component.id.as_str());
            let [selected, not] = text::MARKS;
            let mark = if wizard.answers.has_component(&node.component.id) { selected } else { not };
            wizard.console.lines(&text::numbered(order.len(), &format!("{mark} {}", node.component.name)));
        }
    }
    order
}

/// Selects or takes out; the rest of a group goes along, and why is said.
fn take(wizard: &mut Wizard, field: &Field, toggled: &[&str]) {
    let before = wizard.answers.list("components").to_vec();
    let (selected, told) = toggle(&before, toggled);
    for line in told {
        wizard.console.text(&line);
    }
    // A list that is not right yet is held; it cannot be gone on with.
    let _ = wizard.answers.set(field.id, Value::List(selected), crate::wizard::Origin::Typed);
}

/// The selection after these were toggled, and why others went along.
fn toggle(before: &[String], toggled: &[&str]) -> (Vec<String>, Vec<String>) {
    let is_on = |id: &str| before.iter().any(|known| known == id);
    let mut selected: Vec<String> = ids().filter(|id| is_on(id) != toggled.contains(id)).map(str::to_owned).collect();
    let mut told = Vec::new();
    for group in groups() {
        let present = |id: &String| selected.contains(id);
        let rest: Vec<&String> = group.members.iter().filter(|id| !present(id)).collect();
        if rest.is_empty() || rest.len() == group.members.len() {
            continue;
        }
        let adds = toggled.iter().any(|id| group.members.iter().any(|member| member == id) && !is_on(id));
        if adds {
            told.push(text::rest_added(&group.reason, &names(rest)));
            complete_group(&mut selected);
        } else {
            told.push(text::rest_taken_out(&group.reason, &names(group.members.iter().filter(|id| present(id)))));
            selected.retain(|id| !group.members.contains(id));
        }
    }
    (selected, told)
}

fn groups() -> Vec<&'static Group> {
    let mut groups: Vec<&'static Group> = Vec::new();
    for group in tree().iter().flat_map(|product| &product.components).filter_map(|node| node.group) {
        if !groups.iter().any(|known| std::ptr::eq(*known, group)) {
            groups.push(group);
        }
    }
    groups
}

fn names<'a>(ids: impl IntoIterator<Item = &'a String>) -> String {
    ids.into_iter().map(|id| component_name(id)).collect::<Vec<_>>().join(", ")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::wizard::components::selected;

    #[test]
    fn the_rest_of_a_group_goes_along_and_is_told() {
        let all: Vec<String> = selected().map(str::to_owned).collect();
        let (none, told) = toggle(&all, &["integrator"]);
        assert_eq!(none, ["passport"]);
        assert!(told[0].contains("Taken out too: Interchange"), "{told:?}");
        let (again, told) = toggle(&none, &["interchange"]);
        assert_eq!(again, all);
        assert!(told[0].contains("Selected too: Integrator"), "{told:?}");
        let (engines, told) = toggle(&all, &["passport"]);
        assert!(engines.len() == 4 && told.is_empty());
        let (whole, told) = toggle(&none, &["integrator", "interchange", "b2bi", "b2bi-server"]);
        assert!(whole == all && told.is_empty());
    }
}
