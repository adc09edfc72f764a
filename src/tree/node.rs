//! One tree for every syntax that we read.

use super::problem::Position;

/// A value of the file and where it stands.
#[derive(Debug, Clone)]
pub(crate) struct Node {
    pub(crate) at: Option<Position>,
    pub(crate) content: Content,
}

/// What a value is.
#[derive(Debug, Clone)]
pub(crate) enum Content {
    Text(String),
    Number(i64),
    List(Vec<Node>),
    Table(Vec<Entry>),
    Truth(bool),
    /// What nothing takes: a fraction, a date, a number without measure.
    Other,
}

/// A key of a table and its value.
#[derive(Debug, Clone)]
pub(crate) struct Entry {
    pub(crate) key: String,
    pub(crate) at: Option<Position>,
    pub(crate) node: Node,
}

impl Node {
    pub(crate) fn text(&self) -> Option<&str> {
        match &self.content {
            Content::Text(text) => Some(text),
            _ => None,
        }
    }

    pub(crate) fn number(&self) -> Option<i64> {
        match self.content {
            Content::Number(number) => Some(number),
            _ => None,
        }
    }

    /// Whether it is the truth value `true`.
    pub(crate) fn is_true(&self) -> bool {
        matches!(self.content, Content::Truth(true))
    }

    /// A list's items; none for anything else.
    pub(crate) fn items(&self) -> &[Self] {
        match &self.content {
            Content::List(items) => items,
            _ => &[],
        }
    }

    /// A table's entries; none for anything else.
    pub(crate) fn entries(&self) -> &[Entry] {
        match &self.content {
            Content::Table(entries) => entries,
            _ => &[],
        }
    }

    /// The value under a key of a table.
    pub(crate) fn get(&self, key: &str) -> Option<&Self> {
        get(self.entries(), key)
    }
}

/// The value under a key.
pub(crate) fn get<'a>(entries: &'a [Entry], key: &str) -> Option<&'a Node> {
    entries.iter().find(|entry| entry.key == key).map(|entry| &entry.node)
}
