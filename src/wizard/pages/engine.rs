//! One page per engine that holds the secret.

use super::secret::read_once;
use crate::profile::component_name;
use crate::wizard::{Answers, Field, FieldKind, Page, Value};

/// Engines take the authority's secret or read it from a source of their own; a new one would never prove.
const SOURCES: FieldKind = FieldKind::SecretSource { same: true, generate: false, keep: false };

pub(super) fn integrator() -> Page {
    page("integrator", has_integrator, |value, answers| read_once("integrator.secret", value, answers))
}

pub(super) fn interchange() -> Page {
    page("interchange", has_interchange, |value, answers| read_once("interchange.secret", value, answers))
}

/// The page of a component, which is called what its profile calls it.
fn page(id: &'static str, visible_if: fn(&Answers) -> bool, check: fn(&Value, &Answers) -> Result<(), String>) -> Page {
    let name = component_name(id);
    let field = Field {
        id: kept(format!("{id}.secret")),
        label: kept(format!("{name}'s secret")),
        help: kept(format!(
            "same takes the secret of the Shared secret page. Any other source must give that very secret, or the \
             authority refuses {name}."
        )),
        kind: SOURCES,
        default: || "same".into(),
        visible_if,
        check,
    };
    Page {
        id,
        title: name,
        text: kept(format!(
            "{name} holds the shared secret too: the same as the authority, unless you give it from elsewhere."
        )),
        fields: Vec::leak(vec![field]),
        visible_if,
    }
}

/// The pages are made once and last as long as the process.
fn kept(text: String) -> &'static str {
    String::leak(text)
}

fn has_integrator(answers: &Answers) -> bool {
    answers.has_component("integrator")
}

fn has_interchange(answers: &Answers) -> bool {
    answers.has_component("interchange")
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
