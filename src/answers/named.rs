//! Answers as a text that names what somebody named, and nothing else.

use super::FORMAT;
use super::record::literal;
use super::repositories::{heading, is_key};
use crate::wizard::repositories::{Slot, slot_of, slots};
use crate::wizard::{Answers, Field, FieldKind, Value, fields};

/// The answer file that says the same again: every named field, and always the mode and the folder, which is written
/// absolute. No secret is in it.
pub fn named(answers: &Answers) -> String {
    let mut root = format!("format = {FORMAT}\n");
    let mut tables = String::new();
    let mut last = None;
    // The tables of repositories are told apart by their order, so all of them stand there or none.
    let of_slot = |field: &Field| field.table().and_then(slot_of);
    let repositories = fields().any(|(_, field)| of_slot(field).is_some() && answers.is_named(field.id));
    let asked: Vec<Slot> = slots(answers).filter(|_| repositories).collect();
    for (_, field) in fields().filter(|(_, field)| field.id != "ask") {
        let always = match of_slot(field) {
            Some(slot) => asked.contains(&slot) && field.key() == "name",
            None => matches!(field.id, "mode" | "estate.dir"),
        };
        if !always && !answers.is_named(field.id) || of_slot(field).is_some_and(|slot| !asked.contains(&slot)) {
            continue;
        }
        let line = match answers.value(field.id) {
            Value::Text(text) if text.is_empty() && matches!(field.kind, FieldKind::Optional(_)) => String::new(),
            _ if !is_key(field.id) => String::new(),
            value => format!("{} = {}\n", field.key(), literal(&absolute(field.id, value))),
        };
        match field.table() {
            None => root += &line,
            table => {
                if table != last {
                    let heading = of_slot(field).map(|slot| heading(slot, answers));
                    tables += &format!("[{}]\n", heading.as_deref().or(table).unwrap_or_default());
                    last = table;
                }
                tables += &line;
            }
        }
    }
    root + &tables
}

fn absolute(id: &str, value: &Value) -> Value {
    match value {
        Value::Text(text) if id == "estate.dir" => {
            std::path::absolute(text).map_or_else(|_| value.clone(), |path| Value::Text(path.display().to_string()))
        }
        other => other.clone(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::answers::read_toml;
    use crate::wizard::Origin;

    #[test]
    fn what_was_named_is_named_again() {
        let mut answers = Answers::default();
        for (id, value) in [("authority.host", "pp".into()), ("components", Value::List(vec!["passport".into()]))] {
            answers.set(id, value, Origin::Flag).expect("the kind is right");
        }
        answers.set("secret.from", "env:A".into(), Origin::Typed).expect("a source");
        answers.set("authority.domain", "Kept".into(), Origin::Record).expect("a text");
        let again = read_toml("saved", &named(&answers)).unwrap_or_else(|problems| panic!("{problems}"));
        for (_, field) in fields().filter(|(_, field)| !matches!(field.id, "estate.dir" | "authority.domain")) {
            assert_eq!(again.value(field.id), answers.value(field.id), "{}", field.id);
        }
        assert!(again.is_named("authority.host") && !again.is_named("authority.domain"));
        assert!(again.text("estate.dir").starts_with('/'));
    }
}
