//! One file of a site becomes a whole profile: its base, if it has one, and every variable filled in.

use super::Missing;
use super::fill::{Value, fill, stand_at};
use crate::profile::{VariableKind, shipped};
use crate::tree::{Collector, Content, Entry, Node, Position, get, parse_toml, suggest};

/// The whole profile that a file stands for, and whether every variable has its value; `None` where the file does not
/// say enough for one.
pub(crate) fn resolve(root: &[Entry], missing: Missing, problems: &mut Collector) -> Option<(Vec<Entry>, bool)> {
    let mut open = Vec::new();
    let whole = if is_site(root) { from_base(root, &mut open, problems)? } else { by_defaults(root, &mut open) };
    let is_complete = open.is_empty();
    if missing == Missing::Refused {
        for Open { at, key, rule } in open {
            problems.note(at, &key, rule);
        }
    }
    Some((whole, is_complete))
}

/// A variable without a value: where to write it, and what to say of it.
struct Open {
    at: Option<Position>,
    key: String,
    rule: String,
}

/// Whether a file is a site profile.
pub(crate) fn is_site(root: &[Entry]) -> bool {
    get(root, "base").is_some()
}

/// A whole profile of the site's own: its variables have their defaults.
fn by_defaults(root: &[Entry], open: &mut Vec<Open>) -> Vec<Entry> {
    let mut values = Vec::new();
    for (at, variable) in variables(root).iter().enumerate() {
        match (text(variable, "id"), text(variable, "default")) {
            (Some(id), Some(text)) => values.push(Value { id, text, is_pattern: is_pattern(variable), at: None }),
            (Some(_), None) => {
                let key = format!("variable[{}]", at + 1);
                open.push(Open { at: variable.at, key, rule: "has no value: write default = \"…\" into it".into() });
            }
            _ => {}
        }
    }
    let mut filled = root.to_vec();
    fill(&mut filled, &values);
    filled
}

fn from_base(root: &[Entry], open: &mut Vec<Open>, problems: &mut Collector) -> Option<Vec<Entry>> {
    let base = get(root, "base")?;
    let id = base.text()?;
    let Some(shipped) = shipped::find(id) else {
        let near = suggest::nearest(id, shipped::SHIPPED.iter().map(|shipped| shipped.id));
        let hint = near.map_or("`countersign profile list` shows them".into(), |near| format!("did you mean {near}?"));
        problems.note(base.at, "base", format!("names no shipped profile; {hint}"));
        return None;
    };
    let mut whole = parse_toml(shipped.text, &mut Collector::new(id))?;
    stand_at(&mut whole, base.at);
    let values = get(root, "values");
    let known = whole.clone();
    let given = given(variables(&known), values, base, open, problems);
    fill(&mut whole, &given);
    remember(&mut whole, &given);
    for key in ["secret", "select"] {
        if let Some(found) = root.iter().find(|entry| entry.key == key) {
            put(&mut whole, found, problems);
        }
    }
    Some(whole)
}

/// Makes each variable's value its default: where a variable is asked for by its id, the site's own word is found.
fn remember(whole: &mut [Entry], given: &[Value<'_>]) {
    let variables = whole.iter_mut().find(|entry| entry.key == "variable").map(|entry| &mut entry.node.content);
    let Some(Content::List(variables)) = variables else { return };
    for variable in variables {
        let Some(value) = given.iter().find(|value| text(variable, "id") == Some(value.id)) else { continue };
        let Content::Table(entries) = &mut variable.content else { continue };
        let content = Content::Text(value.text.to_owned());
        entries.retain(|entry| entry.key != "default");
        entries.push(Entry { key: "default".to_owned(), at: value.at, node: Node { at: value.at, content } });
    }
}

/// Every variable's value, with what is wrong with them.
fn given<'a>(
    variables: &'a [Node],
    values: Option<&'a Node>,
    base: &Node,
    open: &mut Vec<Open>,
    problems: &mut Collector,
) -> Vec<Value<'a>> {
    let entries = values.map_or(&[][..], Node::entries);
    for entry in entries {
        let ids = || variables.iter().filter_map(|variable| text(variable, "id"));
        if !ids().any(|id| id == entry.key) {
            let near = suggest::nearest(&entry.key, ids());
            let hint = near.map_or_else(String::new, |near| format!("; did you mean {near}?"));
            problems.note(entry.at, &format!("values.{}", entry.key), format!("is no variable of the base{hint}"));
        }
    }
    let mut given = Vec::new();
    for variable in variables {
        let Some(id) = text(variable, "id") else { continue };
        let key = format!("values.{id}");
        let kind = kind(variable);
        if let Some(entry) = entries.iter().find(|entry| entry.key == id) {
            let Some(text) = entry.node.text() else { continue };
            match kind.refuses(text) {
                Some(rule) => problems.note(entry.node.at, &key, rule),
                None => given.push(Value { id, text, is_pattern: is_pattern(variable), at: entry.node.at }),
            }
        } else if let Some(text) = text(variable, "default") {
            given.push(Value { id, text, is_pattern: is_pattern(variable), at: None });
        } else {
            let question = text(variable, "question").unwrap_or_default();
            let rule = format!("is missing: write {id} = \"…\" below [values]; it answers: {question}");
            open.push(Open { at: values.unwrap_or(base).at, key, rule });
        }
    }
    given
}

/// Puts what the site found in its silent files in the place of the shipped profile's.
fn put(whole: &mut [Entry], found: &Entry, problems: &mut Collector) {
    let Some(Content::Table(installer)) =
        whole.iter_mut().find(|entry| entry.key == "installer").map(|entry| &mut entry.node.content)
    else {
        problems.note(found.at, &found.key, "is for a base with an installer, and this one has none; take it out");
        return;
    };
    installer.retain(|entry| entry.key != found.key);
    installer.push(found.clone());
}

fn variables(root: &[Entry]) -> &[Node] {
    get(root, "variable").map_or(&[], Node::items)
}

fn text<'a>(table: &'a Node, key: &str) -> Option<&'a str> {
    table.get(key).and_then(Node::text)
}

fn is_pattern(variable: &Node) -> bool {
    kind(variable) == VariableKind::Pattern
}

fn kind(variable: &Node) -> VariableKind {
    text(variable, "kind").and_then(VariableKind::named).unwrap_or_default()
}
