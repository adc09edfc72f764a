//! Which answers differ: whether a second install finds nothing to do.

use std::collections::BTreeSet;

use super::repositories::heading;
use crate::wizard::repositories::{ANOTHER, KEYS, SLOTS, Slot, YES, is_asked, slot_of, slots};
use crate::wizard::{Answers, Field, FieldKind, Origin, Page, Value, pages};

/// The ids of the fields, in page order, whose values would make another estate. A field that is asked in neither does
/// not count, nor do those that say how to go about it and not what to make: `mode`, `ask`, the estate's own folder and
/// where a secret is read from. Whether the secret itself is the same, only a proof can tell.
pub fn differences(one: &Answers, other: &Answers) -> Vec<&'static str> {
    between(one, &in_the_order_of(one, other))
}

/// The same for people: as an answer file names them, each repository once and by its name.
pub fn differing(one: &Answers, other: &Answers) -> Vec<String> {
    let other = in_the_order_of(one, other);
    let mut all: Vec<String> = Vec::new();
    for id in between(one, &other) {
        let slot = id.rsplit_once('.').and_then(|(table, key)| match slot_of(table)? {
            // What differs is the one that follows, or does not.
            before if key == ANOTHER => Some(Slot(before.0 + 1)),
            slot => Some(slot),
        });
        let names = match slot {
            Some(slot) => {
                let asking = [one, &other].into_iter().filter(|answers| is_asked(slot.0, answers));
                asking.filter(|answers| !slot.text(answers, "name").is_empty()).map(|it| heading(slot, it)).collect()
            }
            None => vec![id.to_owned()],
        };
        all.extend(names);
    }
    let mut seen = BTreeSet::new();
    all.retain(|name| seen.insert(name.clone()));
    all
}

fn between(one: &Answers, other: &Answers) -> Vec<&'static str> {
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

/// The second answers with each repository in the slot that the first ones give it; a new one in a slot that is left.
pub(super) fn in_the_order_of(one: &Answers, other: &Answers) -> Answers {
    let name = |slot: Slot, answers: &'_ Answers| slot.text(answers, "name").to_owned();
    let mut left: Vec<Slot> = (1..=SLOTS).map(Slot).collect();
    let mut moves: Vec<(Slot, Option<Slot>)> = Vec::new();
    for from in slots(other) {
        let to = slots(one).find(|slot| name(*slot, one) == name(from, other) && left.contains(slot));
        left.retain(|slot| Some(*slot) != to);
        moves.push((from, to));
    }
    let mut left = left.into_iter();
    let moves: Vec<(Slot, Slot)> =
        moves.into_iter().filter_map(|(from, to)| Some((from, to.or_else(|| left.next())?))).collect();
    if moves.iter().all(|(from, to)| from == to) {
        return other.clone();
    }
    let mut ordered = other.clone();
    let last = moves.iter().map(|(_, to)| to.0).max().unwrap_or_default();
    for slot in (1..=SLOTS).map(Slot) {
        let from = moves.iter().find(|(_, to)| *to == slot).map(|(from, _)| *from);
        for key in KEYS {
            let value = match (key, from) {
                (ANOTHER, _) => if slot.0 < last { YES } else { "no" }.into(),
                (_, Some(from)) => other.value(from.field(key)).clone(),
                // One between others that only the first answers have.
                ("name", None) => "".into(),
                (_, None) => one.value(slot.field(key)).clone(),
            };
            // Every slot has the same fields; the last one alone has no successor.
            let _ = ordered.set(slot.field(key), value, Origin::Record);
        }
    }
    ordered
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::answers::read_toml;

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

    #[test]
    fn the_order_of_repositories_does_not_count() {
        let of = |tables: &str| {
            let text = format!("format = 1\ncomponents = [\"passport\", \"api-gateway\"]\n{tables}");
            read_toml("a", &text).unwrap_or_else(|problems| panic!("{problems}"))
        };
        let (a, b) = ("[repositories.a]\nhost = \"x\"\n", "[repositories.b]\nkeystore = \"pkcs12\"\n");
        let (c, one) = ("[repositories.\"c d\"]\n", of(&[a, b].concat()));
        let told = |tables: &[&str]| differing(&one, &of(&tables.concat()));
        assert_eq!(told(&[b, a]), Vec::<String>::new());
        assert!(differences(&one, &of(&[b, a].concat())).is_empty());
        assert_eq!(told(&[b, "[repositories.a]\nhost = \"y\"\n"]), ["repositories.a"]);
        assert_eq!(told(&[c, b, a]), ["repositories.\"c d\""]);
        assert_eq!(told(&[b]), ["repositories.a"]);
        assert_eq!(told(&[b, c]), ["repositories.a", "repositories.\"c d\""]);
        assert_eq!(differences(&one, &of(b)), ["repository-1.name"]);
    }
}
