//! The JSON Schema of the format, made from its types: their comments, their kinds, their limits. The same document
//! tells the reader which keys and kinds there are, and makes the reference page.

use std::sync::LazyLock;

use schemars::SchemaGenerator;
use serde_json::{Map, Value, json};

use super::{Profile, SiteProfile};

/// The schema of a file in `profiles/`: a whole profile, or a site profile, which has `base`.
pub fn schema() -> &'static Value {
    static SCHEMA: LazyLock<Value> = LazyLock::new(|| {
        let mut generator = SchemaGenerator::default();
        let whole = generator.subschema_for::<Profile>().to_value();
        let site = generator.subschema_for::<SiteProfile>().to_value();
        let mut definitions = generator.take_definitions(true);
        definitions.values_mut().for_each(without_null);
        json!({
            "$schema": "https://json-schema.org/draft/2020-12/schema",
            "title": "Countersign profile",
            "description": "A product as Countersign knows it, or a site's values for a shipped profile (then it has `base`).",
            "if": { "required": ["base"] },
            "then": site,
            "else": whole,
            "$defs": definitions,
        })
    });
    &SCHEMA
}

/// The schema of one of the format's tables, by the name of its type.
pub(super) fn definition(name: &str) -> &'static Map<String, Value> {
    static NOTHING: LazyLock<Map<String, Value>> = LazyLock::new(Map::new);
    schema()["$defs"][name].as_object().unwrap_or(&NOTHING)
}

/// A schema, or what it refers to.
pub(super) fn followed(schema: &'static Map<String, Value>) -> &'static Map<String, Value> {
    match schema.get("$ref").and_then(Value::as_str).and_then(|path| path.rsplit('/').next()) {
        Some(name) => definition(name),
        None => schema,
    }
}

/// The words that a text may be, where there are only some.
pub(super) fn choices(schema: &'static Map<String, Value>) -> Vec<&'static str> {
    let listed = schema.get("enum").and_then(Value::as_array).into_iter().flatten().filter_map(Value::as_str);
    let told = schema.get("oneOf").and_then(Value::as_array).into_iter().flatten();
    listed.chain(told.filter_map(|choice| choice["const"].as_str())).collect()
}

/// Takes out what TOML does not have: the generator writes "or null" for whatever may be left out.
fn without_null(schema: &mut Value) {
    let Some(object) = schema.as_object_mut() else { return };
    if let Some(Value::Array(kinds)) = object.get_mut("type") {
        kinds.retain(|kind| kind != "null");
        if let [only] = &kinds[..] {
            let only = only.clone();
            object.insert("type".into(), only);
        }
    }
    if let Some(Value::Array(either)) = object.get_mut("anyOf") {
        either.retain(|schema| schema["type"] != "null");
        if let [Value::Object(only)] = &either[..] {
            let only = only.clone();
            object.remove("anyOf");
            object.extend(only);
        }
    }
    object.retain(|key, value| key != "default" || is_worth_telling(value));
    for (key, value) in object {
        match (key.as_str(), value) {
            ("properties", Value::Object(keys)) => keys.values_mut().for_each(without_null),
            ("items" | "additionalProperties", of_items) => without_null(of_items),
            _ => {}
        }
    }
}

/// Whether a default says more than "nothing".
fn is_worth_telling(default: &Value) -> bool {
    match default {
        Value::Null | Value::Object(_) => false,
        Value::String(text) => !text.is_empty(),
        Value::Array(items) => !items.is_empty(),
        Value::Bool(_) | Value::Number(_) => true,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::answers::generated::assert_fresh;

    #[test]
    fn the_schema_in_the_repository_is_fresh() {
        let text = serde_json::to_string_pretty(schema()).expect("JSON");
        assert_fresh("profiles/schema.json", &format!("{text}\n"));
    }

    #[test]
    fn nothing_is_null_and_every_table_and_key_is_explained() {
        assert!(!schema().to_string().contains("null"));
        for (name, table) in schema()["$defs"].as_object().expect("tables") {
            assert!(table["description"].is_string(), "{name}");
            for (key, of_key) in table["properties"].as_object().into_iter().flatten() {
                assert!(of_key["description"].is_string(), "{name}.{key}");
            }
        }
    }
}
