//! Answers as a text that names what somebody named, and nothing else.

use super::FORMAT;
use super::record::literal;
use crate::wizard::{Answers, Value, fields};

/// The answer file that says the same again: every named field, and always the mode and the folder, which is written
/// absolute. No secret is in it.
pub fn named(answers: &Answers) -> String {
    let mut root = format!("format = {FORMAT}\n");
    let mut tables = String::new();
    let mut last = None;
    for (_, field) in fields().filter(|(_, field)| field.id != "ask") {
        let always = matches!(field.id, "mode" | "estate.dir");
        if !always && !answers.is_named(field.id) {
            continue;
        }
        let line = format!("{} = {}\n", field.key(), literal(&absolute(field.id, answers.value(field.id))));
        match field.table() {
            None => root += &line,
            table => {
                if table != last {
                    tables += &format!("[{}]\n", table.unwrap_or_default());
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
