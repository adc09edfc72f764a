//! A value of a profile with the path to it: where rules look, and what problems name.

use crate::tree::{Collector, Content, Node, Position};

/// A value and the path to it, such as `place[1].file`.
#[derive(Debug, Clone)]
pub(super) struct Spot<'a> {
    pub(super) key: String,
    pub(super) node: &'a Node,
}

impl<'a> Spot<'a> {
    /// The whole file.
    pub(super) fn root(node: &'a Node) -> Self {
        Self { key: String::new(), node }
    }

    /// The value under a key, or under several, one in the other.
    pub(super) fn get(&self, path: &str) -> Option<Self> {
        path.split('.')
            .try_fold(self.clone(), |spot, key| Some(Self { key: spot.below(key), node: spot.node.get(key)? }))
    }

    /// The path to a key of this table.
    pub(super) fn below(&self, key: &str) -> String {
        if self.key.is_empty() { key.into() } else { format!("{}.{key}", self.key) }
    }

    /// A list's items; none where it is not one.
    pub(super) fn items(&self) -> impl Iterator<Item = Self> {
        let item = |(at, node)| Self { key: format!("{}[{}]", self.key, at + 1), node };
        self.node.items().iter().enumerate().map(item).collect::<Vec<_>>().into_iter()
    }

    /// The items of the list under a key.
    pub(super) fn list(&self, path: &str) -> impl Iterator<Item = Self> + use<'a> {
        self.get(path).into_iter().flat_map(|list| list.items().collect::<Vec<_>>())
    }

    /// The text, unless it is empty, which is told elsewhere.
    pub(super) fn text(&self) -> Option<&'a str> {
        self.node.text().filter(|text| !text.is_empty())
    }

    /// The text under a key.
    pub(super) fn text_of(&self, path: &str) -> Option<&'a str> {
        self.get(path).and_then(|spot| spot.text())
    }

    /// Whether a list under a key has items.
    pub(super) fn has(&self, path: &str) -> bool {
        self.get(path).is_some_and(|spot| match &spot.node.content {
            Content::Text(text) => !text.is_empty(),
            Content::List(items) => !items.is_empty(),
            _ => true,
        })
    }

    /// Whether the truth value under a key is `true`.
    pub(super) fn is(&self, path: &str) -> bool {
        self.get(path).is_some_and(|spot| spot.node.is_true())
    }

    /// Notes a problem of this value.
    pub(super) fn note(&self, problems: &mut Collector, rule: impl Into<String>) {
        problems.note(self.node.at, &self.key, rule);
    }

    /// Notes a problem of a key that is not there.
    pub(super) fn note_below(&self, problems: &mut Collector, key: &str, rule: impl Into<String>) {
        problems.note(self.node.at, &self.below(key), rule);
    }

    /// Every text in it, with the key that it stands under.
    pub(super) fn texts(&self) -> Vec<(Self, &'a str)> {
        let mut texts = Vec::new();
        self.gather("", &mut texts);
        texts
    }

    fn gather(&self, name: &'a str, texts: &mut Vec<(Self, &'a str)>) {
        match &self.node.content {
            Content::Text(_) => texts.push((self.clone(), name)),
            Content::List(_) => self.items().for_each(|item| item.gather(name, texts)),
            Content::Table(entries) => {
                for entry in entries {
                    let spot = Self { key: self.below(&entry.key), node: &entry.node };
                    spot.gather(&entry.key, texts);
                }
            }
            _ => {}
        }
    }

    /// The table at the root that it stands in.
    pub(super) fn table(&self) -> &str {
        self.key.split(['.', '[']).next().unwrap_or_default()
    }

    /// Where it stands.
    pub(super) fn at(&self) -> Option<Position> {
        self.node.at
    }
}
