//! What is missing of the selected components, in names for people.

use crate::profile::{self, Component};
use crate::ui::words;
use crate::wizard::Answers;

/// The component of the embedded authority.
fn authority() -> Option<&'static Component> {
    let profile = profile::known().iter().find(|profile| profile.is_authority())?;
    profile.component.first()
}

/// Whether the authority is one of the selected components.
pub fn authority_is_here(answers: &Answers) -> bool {
    authority().is_some_and(|component| answers.has_component(&component.id))
}

/// Every group that was begun and is not whole; one sentence each.
pub fn missing(answers: &Answers) -> Vec<String> {
    let mut rules = Vec::new();
    for group in profile::known().iter().flat_map(|profile| &profile.group) {
        let (present, absent): (Vec<_>, Vec<_>) = group.members.iter().partition(|id| answers.has_component(id));
        if !present.is_empty() && !absent.is_empty() {
            let absent: Vec<&str> = absent.into_iter().map(|id| profile::component_name(id)).collect();
            rules.push(words::incomplete(&absent, &group.reason));
        }
    }
    rules
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::wizard::{Origin, Value};

    #[test]
    fn what_is_missing_of_a_group_is_told() {
        let mut answers = Answers::default();
        assert_eq!(missing(&answers), Vec::<String>::new());
        let three = ["integrator", "interchange", "b2bi"].map(str::to_owned).to_vec();
        answers.set("components", Value::List(three), Origin::Typed).expect("a list");
        let told = missing(&answers);
        assert!(told[0].starts_with("B2Bi server is missing"), "{told:?}");
        assert!(!authority_is_here(&answers));
    }
}
