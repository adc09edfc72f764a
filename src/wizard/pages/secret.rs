//! The shared secret: where it comes from.

use crate::secret::Source;
use crate::wizard::components::any_holds_secret;
use crate::wizard::page::always;
use crate::wizard::{Answers, Field, FieldKind, Page, Value, fields};

pub(super) const PAGE: Page = Page {
    id: "secret",
    title: "Shared secret",
    text: "The one secret that the authority and every component share. Have one made, type it, or say where it is read \
           from.",
    fields: &[Field {
        id: "secret.from",
        label: "Shared secret",
        help: "Where the secret comes from. generate makes a strong one when the authority has none yet. A relative \
               file:PATH counts from the current folder, and the file must be closed to others.",
        kind: FieldKind::SecretSource { same: false, generate: true },
        default: || "generate".into(),
        visible_if: always,
        check,
    }],
    visible_if: always,
};

fn check(value: &Value, answers: &Answers) -> Result<(), String> {
    if *value == Value::from("generate") && !any_holds_secret(answers) {
        return Err("cannot be generate: no selected component would hold the secret, so nobody could read it again; \
                    give a source"
            .into());
    }
    read_once("secret.from", value, answers)
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
