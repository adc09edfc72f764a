//! Choosing components: the tree of products, and the groups that only work whole.

use super::{Answers, Value};
use crate::profile::{self, Component, Group, GroupRule, Profile};
use crate::tree::enumerate;

/// A product with its components, in the order of the profiles.
#[derive(Debug)]
pub struct Product {
    /// Its profile.
    pub profile: &'static Profile,
    /// Its components.
    pub components: Vec<Node>,
}

/// A component and the all-or-nothing group it belongs to.
#[derive(Debug)]
pub struct Node {
    /// The component.
    pub component: &'static Component,
    /// Its group.
    pub group: Option<&'static Group>,
}

/// All products with their components.
pub fn tree() -> Vec<Product> {
    let node = |profile: &'static Profile, component: &'static Component| Node {
        component,
        group: groups_of(profile).find(|group| group.members.contains(&component.id)),
    };
    profile::known()
        .iter()
        .map(|profile| Product {
            profile,
            components: profile.component.iter().map(|component| node(profile, component)).collect(),
        })
        .collect()
}

/// The ids of all components, in the order of the profiles.
pub fn ids() -> impl Iterator<Item = &'static str> {
    profile::known().iter().flat_map(|profile| &profile.component).map(|component| component.id.as_str())
}

/// The ids of the components that are selected unless somebody says otherwise.
pub fn selected() -> impl Iterator<Item = &'static str> {
    let all = profile::known().iter().flat_map(|profile| &profile.component);
    all.filter(|component| !component.optional).map(|component| component.id.as_str())
}

/// Adds what is missing of every group of which something is selected, and [sorts](sort).
pub fn complete_group(selected: &mut Vec<String>) {
    for group in groups() {
        let absent = missing_of(group, selected);
        selected.extend(absent.into_iter().map(Into::into));
    }
    sort(selected);
}

/// Puts ids into the order of the profiles.
pub fn sort(selected: &mut [String]) {
    selected.sort_by_key(|id| ids().position(|known| known == id));
}

/// The rules about which components go together: there must be one, and started groups must be whole. The error names
/// what is missing and why.
pub(super) fn check(value: &Value, _: &Answers) -> Result<(), String> {
    let Value::List(selected) = value else { return Ok(()) };
    if selected.is_empty() {
        return Err("must name at least one component".into());
    }
    let mut rules: Vec<String> = Vec::new();
    for group in groups() {
        let absent = missing_of(group, selected);
        if !absent.is_empty() {
            let rest = if absent.len() == 1 { "it" } else { "them" };
            rules.push(format!(
                "must also name {}: {}; add {rest}, or take out the others of the group",
                enumerate(&absent),
                group.reason
            ));
        }
    }
    if rules.is_empty() { Ok(()) } else { Err(rules.join("; and ")) }
}

/// Whether a selected component has a place for the secret.
pub(super) fn any_holds_secret(answers: &Answers) -> bool {
    profile::known()
        .iter()
        .flat_map(|profile| &profile.component)
        .any(|component| component.holds_secret && answers.has_component(&component.id))
}

/// Whether the authority is ours and on this host.
pub(super) fn authority_is_here(answers: &Answers) -> bool {
    answers.text("authority.kind") == "embedded"
        && profile::known()
            .iter()
            .filter(|profile| profile.is_authority())
            .flat_map(|profile| &profile.component)
            .any(|component| answers.has_component(&component.id))
}

fn groups_of(profile: &'static Profile) -> impl Iterator<Item = &'static Group> {
    profile.group.iter().filter(|group| group.rule == GroupRule::AllOrNothing)
}

fn groups() -> impl Iterator<Item = &'static Group> {
    profile::known().iter().flat_map(groups_of)
}

/// What a started group still lacks; nothing when none of it is selected.
fn missing_of(group: &'static Group, selected: &[String]) -> Vec<&'static str> {
    let absent: Vec<&str> = group.members.iter().filter(|id| !selected.contains(id)).map(String::as_str).collect();
    if absent.len() == group.members.len() { Vec::new() } else { absent }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn judge(ids: &[&str]) -> Result<(), String> {
        check(&Value::List(ids.iter().map(|id| (*id).into()).collect()), &Answers::default())
    }

    #[test]
    fn a_group_is_whole_or_absent() {
        assert_eq!(judge(&["passport"]), Ok(()));
        assert_eq!(judge(&["b2bi", "b2bi-server", "integrator", "interchange", "passport"]), Ok(()));
        let error = judge(&["passport", "integrator", "interchange", "b2bi"]).expect_err("three of four");
        assert!(error.starts_with("must also name b2bi-server: the configuration update"), "{error}");
        let error = judge(&["passport", "b2bi"]).expect_err("one of four");
        assert!(error.starts_with("must also name integrator, interchange and b2bi-server: "), "{error}");
    }

    #[test]
    fn the_authority_may_be_on_another_host_but_something_must_be_here() {
        assert_eq!(judge(&["b2bi", "b2bi-server", "integrator", "interchange"]), Ok(()));
        assert_eq!(judge(&[]), Err("must name at least one component".into()));
    }

    #[test]
    fn completing_adds_the_rest_once_and_leaves_groups_alone_that_are_not_started() {
        let mut selected = vec!["b2bi".to_owned(), "passport".to_owned()];
        complete_group(&mut selected);
        assert_eq!(selected, super::selected().collect::<Vec<_>>());
        let mut selected = vec!["passport".to_owned()];
        complete_group(&mut selected);
        assert_eq!(selected, ["passport"]);
    }

    #[test]
    fn the_tree_shows_products_components_and_groups() {
        let tree = tree();
        assert_eq!(tree.iter().map(|product| product.components.len()).collect::<Vec<_>>(), [1, 4, 1]);
        assert!(tree[0].components[0].group.is_none());
        assert!(tree[1].components.iter().all(|node| node.group.is_some()));
    }
}
