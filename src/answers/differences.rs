//! Which answers differ: whether a second install finds nothing to do.

use std::collections::BTreeSet;

use crate::wizard::{Answers, Field, FieldKind, Page, Value, pages};

/// The ids of the fields, in page order, whose values would make another estate. A field that is asked in neither does
/// not count, nor do those that say how to go about it and not what to make: `mode`, `ask`, the estate's own folder and
/// where a secret is read from. Whether the secret itself is the same, only a proof can tell.
pub fn differences(one: &Answers, other: &Answers) -> Vec<&'static str> {
    let asked = |page: &Page, field: &Field| {
        [one, other].into_iter().any(|answers| (page.visible_if)(answers) && (field.visible_if)(answers))
    };
    pages()
        .iter()
        .flat_map(|page| page.fields.iter().filter(move |field| asked(page, field)))
        .filter(|field| !matches!(field.id, "mode" | "ask" | "estate.dir"))
        .filter(|field| !matches!(field.kind, FieldKind::SecretSource { .. }))
        .filter(|field| !same(one.value(field.id), other.value(field.id)))
        .map(|field| field.id)
        .collect()
}

/// The order of a list means nothing.
fn same(one: &Value, other: &Value) -> bool {
    match (one, other) {
        (Value::List(one), Value::List(other)) => {
            one.iter().collect::<BTreeSet<_>>() == other.iter().collect::<BTreeSet<_>>()
        }
        _ => one == other,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::wizard::Origin;

    fn with(id: &str, value: Value) -> Answers {
        let mut answers = Answers::default();
        answers.set(id, value, Origin::Flag).expect("the kind is right");
        answers
    }

    #[test]
    fn what_makes_another_estate_counts_and_how_it_is_given_does_not() {
        let same = Answers::default();
        for (id, value) in [
            ("secret.from", "prompt".into()),
            ("mode", "configure".into()),
            ("estate.dir", "/srv/estate".into()),
            ("ask", Value::List(vec!["secret.from".into()])),
        ] {
            assert!(differences(&same, &with(id, value)).is_empty(), "{id}");
        }
        assert_eq!(differences(&same, &with("authority.https_port", Value::Number(1))), ["authority.https_port"]);
        assert_eq!(differences(&with("authority.host", "a".into()), &same), ["authority.host"]);
    }

    #[test]
    fn the_order_of_components_does_not_count() {
        let same = Answers::default();
        let mut ids = same.list("components").to_vec();
        ids.reverse();
        assert!(differences(&same, &with("components", Value::List(ids.clone()))).is_empty());
        ids.pop();
        assert_eq!(differences(&same, &with("components", Value::List(ids))), ["components"]);
    }
}
