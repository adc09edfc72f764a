//! TOML to the tree, with positions. The parser's own messages would print the line, so only their place is used.

use ::toml::Spanned;
use ::toml::de::{DeTable, DeValue};

use super::node::{Content, Entry, Node};
use super::problem::{Collector, Position};

/// Reads a whole text; every syntax error is noted, the first of each line. `None` when there is one: what could be
/// read around it would only bring more complaints.
pub(crate) fn parse(text: &str, problems: &mut Collector) -> Option<Vec<Entry>> {
    let (root, errors) = DeTable::parse_recoverable(text);
    let mut broken_lines = Vec::new();
    for error in errors {
        let span = error.span().unwrap_or(0..0);
        let at = Position::of(text, span.start);
        if error.message() == "duplicate key" {
            problems.note(Some(at), text.get(span).unwrap_or_default(), "stands twice");
        } else if !broken_lines.contains(&at.line) {
            problems.note(Some(at), "", "is not valid TOML here");
            broken_lines.push(at.line);
        }
    }
    broken_lines.is_empty().then(|| entries(text, root.get_ref()))
}

/// The entries of a table, in the order of the file.
fn entries(text: &str, table: &DeTable<'_>) -> Vec<Entry> {
    let entry = |(key, value): (&Spanned<_>, _)| Entry {
        key: String::from(key.get_ref() as &str),
        at: Some(Position::of(text, key.span().start)),
        node: node(text, value),
    };
    let mut sorted: Vec<(&Spanned<_>, &Spanned<DeValue<'_>>)> = table.iter().collect();
    sorted.sort_by_key(|(key, _)| key.span().start);
    sorted.into_iter().map(entry).collect()
}

fn node(text: &str, value: &Spanned<DeValue<'_>>) -> Node {
    let content = match value.get_ref() {
        DeValue::String(string) => Content::Text(string.to_string()),
        DeValue::Integer(number) => {
            i64::from_str_radix(number.as_str(), number.radix()).map_or(Content::Other, Content::Number)
        }
        DeValue::Array(items) => Content::List(items.iter().map(|item| node(text, item)).collect()),
        DeValue::Table(table) => Content::Table(entries(text, table)),
        DeValue::Boolean(truth) => Content::Truth(*truth),
        DeValue::Float(_) | DeValue::Datetime(_) => Content::Other,
    };
    Node { at: Some(Position::of(text, value.span().start)), content }
}
