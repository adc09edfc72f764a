//! One page per engine that holds the secret.

use super::secret::read_once;
use crate::wizard::{Answers, Field, FieldKind, Page};

/// Engines take the authority's secret or read it from a source of their own; a new one would never prove.
const SOURCES: FieldKind = FieldKind::SecretSource { same: true, generate: false, keep: false };

pub(super) const INTEGRATOR: Page = Page {
    id: "integrator",
    title: "Integrator",
    text: "The Integrator holds the shared secret too: the same as the authority, unless you give it from elsewhere.",
    fields: &[Field {
        id: "integrator.secret",
        label: "Integrator's secret",
        help: "same takes the secret of the Shared secret page. Any other source must give that very secret, or the \
               authority refuses the Integrator.",
        kind: SOURCES,
        default: || "same".into(),
        visible_if: has_integrator,
        check: |value, answers| read_once("integrator.secret", value, answers),
    }],
    visible_if: has_integrator,
};

pub(super) const INTERCHANGE: Page = Page {
    id: "interchange",
    title: "Interchange",
    text: "Interchange holds the shared secret too: the same as the authority, unless you give it from elsewhere.",
    fields: &[Field {
        id: "interchange.secret",
        label: "Interchange's secret",
        help: "same takes the secret of the Shared secret page. Any other source must give that very secret, or the \
               authority refuses Interchange.",
        kind: SOURCES,
        default: || "same".into(),
        visible_if: has_interchange,
        check: |value, answers| read_once("interchange.secret", value, answers),
    }],
    visible_if: has_interchange,
};

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
