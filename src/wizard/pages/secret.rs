//! The shared secret: where it comes from.

use crate::profile::is_site;
use crate::secret::Source;
use crate::wizard::components::{any_holds_secret, authority_is_here};
use crate::wizard::page::always;
use crate::wizard::{Answers, Field, FieldKind, PREVIOUS_FIELD, Page, Value, fields};

pub(super) const PAGE: Page = Page {
    id: "secret",
    title: "Shared secret",
    text: "The one secret that the authority and every component share. Have one made, type it, or say where it is read \
           from.",
    fields: &[
        Field {
            id: "secret.from",
            label: "Shared secret",
            help: "Where the secret comes from. generate makes a strong one when the authority has none yet; keep stays with \
               the one of an installed estate. A relative file:PATH counts from the current folder, and the file must be \
               closed to others.",
            kind: FieldKind::SecretSource { same: false, generate: true, keep: true },
            default: &|| if is_site() { "prompt".into() } else { "generate".into() },
            visible_if: &always,
            check: &check,
        },
        Field {
            id: PREVIOUS_FIELD,
            label: "Secret in use now",
            help: "For the products of a site only, whose secret nobody can read: where the one comes from that they use \
               now. It is needed to put it back if something fails, and is forgotten when the change is over.",
            kind: FieldKind::SecretSource { same: false, generate: false, keep: false },
            default: &|| "prompt".into(),
            visible_if: &needs_previous,
            check: &|value, answers| read_once(PREVIOUS_FIELD, value, answers),
        },
    ],
    visible_if: &always,
};

fn check(value: &Value, answers: &Answers) -> Result<(), String> {
    if is_site() {
        can_be_given(value, answers)?;
    } else if !answers.configures() {
        can_begin(value, answers)?;
    }
    read_once("secret.from", value, answers)
}

/// Whether what a site's products hold is replaced: what they hold now cannot be read.
fn needs_previous(answers: &Answers) -> bool {
    is_site() && answers.configures() && answers.source("secret.from") != Source::Keep
}

/// Whether this gives the products of a site a secret: none of their places can be read again.
fn can_be_given(value: &Value, answers: &Answers) -> Result<(), String> {
    if *value == Value::from("generate") {
        Err("cannot be generate: no place here can be read again, so nobody would know it: give a source".into())
    } else if *value == Value::from("keep") && !answers.configures() {
        Err("cannot be keep: products that are installed now have no secret yet; give a source".into())
    } else {
        Ok(())
    }
}

/// Whether a new estate can begin with what this gives.
fn can_begin(value: &Value, answers: &Answers) -> Result<(), String> {
    let generates = *value == Value::from("generate");
    if *value == Value::from("keep") {
        Err("cannot be keep: a new estate has no secret yet; use generate or give a source".into())
    } else if generates && !authority_is_here(answers) {
        Err("cannot be generate: the authority is on another host and has its secret already; give that from a source"
            .into())
    } else if generates && !any_holds_secret(answers) {
        Err("cannot be generate: no selected component would hold the secret, so nobody could read it again; \
             give a source"
            .into())
    } else {
        Ok(())
    }
}

/// What can be read only once gives one value only. The field before keeps it; this one is refused.
pub(super) fn read_once(id: &str, value: &Value, answers: &Answers) -> Result<(), String> {
    let Some(stream) = stream(value) else { return Ok(()) };
    let taken = fields()
        .map(|(_, field)| field)
        .take_while(|field| field.id != id)
        .filter(|field| matches!(field.kind, FieldKind::SecretSource { .. }) && (field.visible_if)(answers))
        .find(|field| self::stream(answers.value(field.id)) == Some(stream));
    match taken {
        Some(field) => {
            Err(format!("must be another source: {} reads the same one, and it gives one value only", field.id))
        }
        None => Ok(()),
    }
}

fn stream(value: &Value) -> Option<u32> {
    let Value::Text(text) = value else { return None };
    match text.parse() {
        Ok(Source::Stdin) => Some(0),
        Ok(Source::Fd(number)) => Some(number),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use crate::wizard::{Answers, Origin, Value, missing};

    #[test]
    fn generating_needs_a_component_that_keeps_the_secret() {
        let mut answers = Answers::default();
        answers.set("components", Value::List(vec!["passport".into()]), Origin::Typed).expect("a list");
        assert_eq!(missing(&answers)[0].field, "secret.from");
        answers.set("secret.from", "prompt".into(), Origin::Typed).expect("a source");
        assert_eq!(missing(&answers), []);
    }

    #[test]
    fn only_an_installed_estate_can_keep_its_secret_and_only_an_authority_here_gets_a_new_one() {
        let engines = Value::List(["integrator", "interchange", "b2bi", "b2bi-server"].map(String::from).to_vec());
        for (id, value, word) in
            [("secret.from", "keep".into(), "no secret yet"), ("components", engines, "another host")]
        {
            let mut answers = Answers::default();
            answers.set(id, value, Origin::Typed).expect("the kind is right");
            let found = missing(&answers);
            assert!(found[0].field == "secret.from" && found[0].rule.contains(word), "{found:?}");
            answers.set("mode", "configure".into(), Origin::Typed).expect("a mode");
            assert_eq!(missing(&answers), []);
        }
    }

    #[test]
    fn a_stream_is_read_by_one_field_only() {
        let mut answers = Answers::default();
        for (id, source) in [("authority.system_password_from", "fd:0"), ("secret.from", "stdin")] {
            answers.set(id, source.into(), Origin::Typed).expect("a source");
        }
        let missing = missing(&answers);
        assert_eq!(missing.len(), 1);
        assert!(missing[0].field == "secret.from" && missing[0].rule.contains("authority.system_password_from"));
    }
}
