//! One tree for both ways of writing answers.

use super::Position;

/// A value of the file and where it stands.
pub(super) struct Node {
    pub(super) at: Option<Position>,
    pub(super) content: Content,
}

/// What a value is.
pub(super) enum Content {
    Text(String),
    Number(i64),
    List(Vec<Node>),
    Table(Vec<Entry>),
    /// What no field takes: a truth value, a fraction, a date, a number without measure.
    Other,
}

/// A key of a table and its value.
pub(super) struct Entry {
    pub(super) key: String,
    pub(super) at: Option<Position>,
    pub(super) node: Node,
}
