//! Answers become a file that gives the same answers again.

use super::repositories::{heading, is_key};
use super::{FORMAT, about_table};
use crate::wizard::repositories::slot_of;
use crate::wizard::{Answers, Field, FieldKind, Value, components, pages};

/// The TOML that replays these answers without asking anything: what was asked is answered now. A secret's source
/// stands in it, never a secret; one that was typed is asked for again. The same answers make the same record: components
/// and repositories stand in an order of their own, not in that in which they were given.
pub fn record(answers: &Answers) -> String {
    let nothing = Value::List(Vec::new());
    let mut selected = answers.list("components").to_vec();
    components::sort(&mut selected);
    let selected = Value::List(selected);
    let mut root = format!(
        "# Recorded answers: countersign {} --answers FILE gives them again. No secret is in here.\n\
         format = {FORMAT}\n",
        answers.text("mode")
    );
    let mut tables: Vec<(&str, String)> = Vec::new();
    for field in pages().iter().filter(|page| (page.visible_if)(answers)).flat_map(|page| page.fields) {
        let value = match field.id {
            "ask" => &nothing,
            "components" => &selected,
            _ if (field.visible_if)(answers) => answers.value(field.id),
            _ => continue,
        };
        let is_nothing = matches!(field.kind, FieldKind::Optional(_)) && *value == Value::from("");
        // In a change, what is not there keeps its recorded value: nothing must be said then.
        let is_said = !is_nothing || answers.configures() && answers.is_named(field.id);
        let line = if is_key(field.id) && is_said { line(field, value) } else { String::new() };
        match field.table() {
            None => root += &line,
            Some(name) => match tables.iter_mut().find(|(table, _)| *table == name) {
                Some((_, lines)) => *lines += &line,
                None => tables.push((name, line)),
            },
        }
    }
    // Repositories at the end, by their names.
    tables.sort_by_key(|(table, _)| slot_of(table).map(|slot| slot.text(answers, "name")));
    let tables = tables.iter().map(|(name, lines)| {
        let heading = slot_of(name).map_or_else(|| (*name).to_owned(), |slot| heading(slot, answers));
        format!("\n# {}\n[{heading}]\n{lines}", about_table(name))
    });
    root + &tables.collect::<String>()
}

fn line(field: &Field, value: &Value) -> String {
    format!("{} = {}\n", field.key(), literal(value))
}

/// A value as TOML writes it.
pub(super) fn literal(value: &Value) -> String {
    let text = |text: &String| ::toml::Value::String(text.clone());
    match value {
        Value::Text(line) => text(line).to_string(),
        Value::Number(number) => number.to_string(),
        Value::List(items) => ::toml::Value::Array(items.iter().map(text).collect()).to_string(),
    }
}
