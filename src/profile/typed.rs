//! A tree becomes one of the format's types.

use serde::de::DeserializeOwned;
use toml::{Table, Value};

use crate::tree::{Content, Entry, Node};

/// The type that a tree stands for; the error says nothing about the text.
pub(super) fn typed<T: DeserializeOwned>(root: &[Entry]) -> Result<T, toml::de::Error> {
    table(root).try_into()
}

fn table(entries: &[Entry]) -> Table {
    entries.iter().map(|entry| (entry.key.clone(), value(&entry.node))).collect()
}

fn value(node: &Node) -> Value {
    match &node.content {
        Content::Text(text) => Value::String(text.clone()),
        Content::Number(number) => Value::Integer(*number),
        Content::Truth(truth) => Value::Boolean(*truth),
        Content::List(items) => Value::Array(items.iter().map(value).collect()),
        Content::Table(entries) => Value::Table(table(entries)),
        // No type takes one, so it is refused as what it is not.
        Content::Other => Value::Float(0.0),
    }
}
