//! JSON to the tree. Values carry no positions; a key that stands twice is kept twice, for the reader to refuse.

use std::fmt;

use serde::de::{Deserialize, Deserializer, MapAccess, SeqAccess, Visitor};

use super::node::{Content, Entry, Node};
use super::problem::{Collector, Position};

/// Reads a whole text; `None` when it is not JSON, or not an object.
pub(crate) fn parse(text: &str, problems: &mut Collector) -> Option<Vec<Entry>> {
    match serde_json::from_str::<Node>(text) {
        Ok(Node { content: Content::Table(entries), .. }) => Some(entries),
        Ok(_) => {
            problems.note(None, "", "must be a JSON object");
            None
        }
        Err(error) => {
            let at = Position { line: error.line().max(1), column: error.column().max(1) };
            problems.note(Some(at), "", "is not valid JSON here");
            None
        }
    }
}

impl<'de> Deserialize<'de> for Node {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(Tree).map(|content| Self { at: None, content })
    }
}

struct Tree;

impl<'de> Visitor<'de> for Tree {
    type Value = Content;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("JSON")
    }

    fn visit_str<E>(self, text: &str) -> Result<Content, E> {
        Ok(Content::Text(text.into()))
    }

    fn visit_i64<E>(self, number: i64) -> Result<Content, E> {
        Ok(Content::Number(number))
    }

    fn visit_u64<E>(self, number: u64) -> Result<Content, E> {
        Ok(i64::try_from(number).map_or(Content::Other, Content::Number))
    }

    fn visit_f64<E>(self, _: f64) -> Result<Content, E> {
        Ok(Content::Other)
    }

    fn visit_bool<E>(self, truth: bool) -> Result<Content, E> {
        Ok(Content::Truth(truth))
    }

    fn visit_unit<E>(self) -> Result<Content, E> {
        Ok(Content::Other)
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut items: A) -> Result<Content, A::Error> {
        let mut list = Vec::new();
        while let Some(item) = items.next_element()? {
            list.push(item);
        }
        Ok(Content::List(list))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut pairs: A) -> Result<Content, A::Error> {
        let mut entries = Vec::new();
        while let Some((key, node)) = pairs.next_entry()? {
            entries.push(Entry { key, at: None, node });
        }
        Ok(Content::Table(entries))
    }
}
