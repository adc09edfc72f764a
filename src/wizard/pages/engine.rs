//! One page per engine that holds the secret.

use super::leaked;
use super::secret::read_once;
use crate::profile::component_name;
use crate::wizard::page::When;
use crate::wizard::{Answers, Field, FieldKind, Page, Value};

/// Engines take the authority's secret or read it from a source of their own; a new one would never prove.
const SOURCES: FieldKind = FieldKind::SecretSource { same: true, generate: false, keep: false };

/// The page of a component, which is called what its profile calls it.
pub(super) fn page(id: &'static str) -> Page {
    let name = component_name(id);
    let field_id = leaked(format!("{id}.secret"));
    let visible_if: When = Box::leak(Box::new(move |answers: &Answers| answers.has_component(id)));
    let field = Field {
        id: field_id,
        label: leaked(format!("{name}'s secret")),
        help: leaked(format!(
            "same takes the secret of the Shared secret page. Any other source must give that very secret, or the \
             authority refuses {name}."
        )),
        kind: SOURCES,
        default: &|| "same".into(),
        visible_if,
        check: Box::leak(Box::new(move |value: &Value, answers: &Answers| read_once(field_id, value, answers))),
    };
    Page {
        id,
        title: name,
        text: leaked(format!(
            "{name} holds the shared secret too: the same as the authority, unless you give it from elsewhere."
        )),
        fields: vec![field].leak(),
        visible_if,
    }
}

#[cfg(test)]
mod tests {
    use crate::wizard::{Answers, Origin, missing};

    #[test]
    fn an_engine_takes_the_same_secret_or_a_source_but_never_a_new_one() {
        let mut answers = Answers::default();
        for (source, refused) in [("same", 0), ("env:A", 0), ("generate", 1)] {
            answers.set("integrator.secret", source.into(), Origin::Typed).expect("a source");
            assert_eq!(missing(&answers).len(), refused, "{source}");
        }
    }
}
