//! Keys and kinds: what the schema says of each table, told at its place.

use std::sync::LazyLock;

use regex::Regex;
use serde_json::{Map, Value};

use super::schema::{choices, definition, followed};
use super::spot::Spot;
use super::words;
use crate::tree::{Collector, Content, Entry, suggest};

type Schema = &'static Map<String, Value>;

/// Tells what is not of the shape that the type with this name has.
pub(super) fn check(root: &Spot<'_>, name: &str, problems: &mut Collector) {
    node(root, definition(name), problems);
}

fn node(spot: &Spot<'_>, schema: Schema, problems: &mut Collector) {
    let schema = followed(schema);
    match (&spot.node.content, kind(schema)) {
        (Content::Text(text), "string") => {
            if let Some(rule) = refuse_text(text, schema) {
                spot.note(problems, rule);
            }
        }
        (Content::Number(number), "integer") => {
            let (least, most) = limits(schema);
            if !(least..=most).contains(number) {
                spot.note(problems, number_rule(schema));
            }
        }
        (Content::Truth(_), "boolean") => {}
        (Content::List(items), "array") => {
            if let Some(rule) = refuse_count(items.len(), schema) {
                spot.note(problems, rule);
            }
            if let Some(of_item) = schema.get("items").and_then(Value::as_object) {
                spot.items().for_each(|item| node(&item, of_item, problems));
            }
        }
        (Content::Table(entries), "object") => table(spot, entries, schema, problems),
        _ => spot.note(problems, kind_rule(schema)),
    }
}

fn table(spot: &Spot<'_>, entries: &[Entry], schema: Schema, problems: &mut Collector) {
    let known = schema.get("properties").and_then(Value::as_object);
    let of_others = schema.get("additionalProperties").and_then(Value::as_object);
    let mut meant = Vec::new();
    for entry in entries {
        let below = Spot { key: spot.below(&entry.key), node: &entry.node };
        let of_key = known.and_then(|known| known.get(&entry.key)).and_then(Value::as_object).or(of_others);
        if let Some(of_key) = of_key {
            node(&below, of_key, problems);
            continue;
        }
        let keys = || known.into_iter().flat_map(Map::keys).map(String::as_str);
        let near = suggest::nearest(&entry.key, keys());
        meant.extend(near);
        let hint = match near {
            Some(near) => format!("did you mean {}?", spot.below(near)),
            None => format!("here stand {}", keys().collect::<Vec<_>>().join(", ")),
        };
        problems.note(entry.at, &below.key, format!("is not known; {hint}"));
    }
    for key in schema.get("required").and_then(Value::as_array).into_iter().flatten().filter_map(Value::as_str) {
        // Whoever misspelt a key is not told that it is missing, too.
        if spot.node.get(key).is_none() && !meant.contains(&key) {
            let about = known.and_then(|known| known[key]["description"].as_str()).unwrap_or_default();
            spot.note_below(problems, key, format!("is missing: {}", first_sentence(about)));
        }
    }
}

fn kind(schema: Schema) -> &'static str {
    match schema.get("type").and_then(Value::as_str) {
        Some(kind) => kind,
        // What has choices only says nothing else of its kind.
        None => "string",
    }
}

fn kind_rule(schema: Schema) -> String {
    match kind(schema) {
        "integer" => number_rule(schema),
        "boolean" => "must be true or false".into(),
        "array" => match schema.get("items").and_then(Value::as_object).map(|items| kind(followed(items))) {
            Some("object") => "must be a list of tables, each under its own [[…]]".into(),
            Some("array") => "must be a list of lists of texts".into(),
            Some("integer") => "must be a list of whole numbers".into(),
            _ => "must be a list of texts".into(),
        },
        "object" => "must be a table".into(),
        _ => text_rule(&choices(schema)),
    }
}

fn text_rule(choices: &[&str]) -> String {
    if choices.is_empty() { "must be text, in quotes".into() } else { format!("must be {}", either(choices)) }
}

fn refuse_text(text: &str, schema: Schema) -> Option<String> {
    let choices = choices(schema);
    if !choices.is_empty() {
        let hint = suggest::nearest(text, choices.iter().copied())
            .filter(|_| choices.len() > 1)
            .map_or_else(String::new, |near| format!("; did you mean {near}?"));
        return (!choices.contains(&text)).then(|| text_rule(&choices) + &hint);
    }
    if schema.contains_key("minLength") && text.is_empty() {
        return Some("must not be empty".into());
    }
    let pattern = schema.get("pattern").and_then(Value::as_str)?;
    (!fits(text, pattern)).then(|| schema["errorMessage"].as_str().unwrap_or_default().to_owned())
}

/// Whether a text is as one of the format's own patterns says; each is compiled once.
fn fits(text: &str, pattern: &str) -> bool {
    static PATTERNS: LazyLock<Vec<Regex>> = LazyLock::new(|| {
        [words::ID, words::VARIABLE, words::MODE].into_iter().filter_map(|p| Regex::new(p).ok()).collect()
    });
    PATTERNS.iter().any(|known| known.as_str() == pattern && known.is_match(text))
}

fn refuse_count(count: usize, schema: Schema) -> Option<String> {
    let limit = |key: &str| schema.get(key).and_then(Value::as_u64).and_then(|limit| usize::try_from(limit).ok());
    match (limit("minItems"), limit("maxItems")) {
        (Some(least), Some(most)) if least == most && count != least => Some(format!("must have {least} numbers")),
        (Some(1), _) if count == 0 => Some("must not be empty".into()),
        (Some(least), _) if count < least => Some(format!("must have at least {least}")),
        _ => None,
    }
}

fn number_rule(schema: Schema) -> String {
    match limits(schema) {
        (least, most) if least == most => format!("must be {least}"),
        (least, i64::MAX) => format!("must be a whole number, {least} or more"),
        (least, most) => format!("must be a whole number from {least} to {most}"),
    }
}

fn limits(schema: Schema) -> (i64, i64) {
    let limit = |key: &str| schema.get(key).and_then(Value::as_i64);
    if let Some(only) = limit("const") {
        return (only, only);
    }
    let most = if schema.get("format").is_some_and(|format| format == "uint32") { u32::MAX.into() } else { i64::MAX };
    (limit("minimum").unwrap_or(i64::MIN), limit("maximum").unwrap_or(most))
}

fn either(choices: &[&str]) -> String {
    match choices {
        [most @ .., last] if !most.is_empty() => format!("{} or {last}", most.join(", ")),
        _ => choices.join(""),
    }
}

fn first_sentence(text: &str) -> String {
    let line = text.replace('\n', " ");
    let end = line.find(". ").or_else(|| line.find(": ")).or_else(|| line.find("; ")).unwrap_or(line.len());
    let sentence = line[..end].trim_end_matches('.');
    let mut letters = sentence.chars();
    letters.next().map(|first| first.to_lowercase().chain(letters).collect()).unwrap_or_default()
}
