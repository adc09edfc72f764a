//! Values are put into every text of a profile.

use std::borrow::Cow;

use regex::escape;

use crate::profile::braces::{is_pattern, replace, words};
use crate::tree::{Content, Entry, Node, Position};

/// A variable's value.
pub(super) struct Value<'a> {
    pub(super) id: &'a str,
    pub(super) text: &'a str,
    /// It is a pattern itself, so it is not escaped where it becomes a part of one.
    pub(super) is_pattern: bool,
    /// Where the site's file says it.
    pub(super) at: Option<Position>,
}

/// Fills in everything but the variables themselves. What is filled in stands where its value stands from here on.
pub(super) fn fill(root: &mut [Entry], values: &[Value<'_>]) {
    for entry in root.iter_mut().filter(|entry| entry.key != "variable") {
        node(&mut entry.node, &entry.key, values);
    }
}

/// Fills in one value, which stands under this key.
fn node(node: &mut Node, key: &str, values: &[Value<'_>]) {
    match &mut node.content {
        Content::Text(text) => {
            let mut at = None;
            let value = |word: &str| {
                let value = values.iter().find(|value| value.id == word)?;
                Some(if is_pattern(key) && !value.is_pattern {
                    Cow::Owned(escape(value.text))
                } else {
                    Cow::Borrowed(value.text)
                })
            };
            for (_, word) in words(text) {
                at = at.or_else(|| values.iter().find(|value| value.id == word).and_then(|value| value.at));
            }
            *text = replace(text, value);
            node.at = at.or(node.at);
        }
        Content::List(items) => items.iter_mut().for_each(|item| self::node(item, key, values)),
        Content::Table(entries) => {
            // An alphabet holds braces that stand for themselves.
            for entry in entries.iter_mut().filter(|entry| entry.key != "alphabet") {
                self::node(&mut entry.node, &entry.key, values);
            }
        }
        Content::Number(_) | Content::Truth(_) | Content::Other => {}
    }
}

/// Gives a tree that was read from another text one place.
pub(super) fn stand_at(entries: &mut [Entry], at: Option<Position>) {
    for entry in entries {
        entry.at = at;
        stand(&mut entry.node, at);
    }
}

fn stand(node: &mut Node, at: Option<Position>) {
    node.at = at;
    match &mut node.content {
        Content::List(items) => items.iter_mut().for_each(|item| stand(item, at)),
        Content::Table(entries) => stand_at(entries, at),
        _ => {}
    }
}
