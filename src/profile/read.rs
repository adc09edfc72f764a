//! A profile is read with positions: every mistake of the file in one pass.

use super::site::{is_site, resolve};
use super::typed::typed;
use super::{Profile, SiteProfile};
use crate::tree::{Collector, Entry, Node, Problems, get, parse_toml};

/// The version of the format that is read.
pub const FORMAT: i64 = 1;

/// What a file holds.
#[derive(Debug, Clone)]
pub enum Read {
    /// A whole profile, as it stands, with its variables in braces.
    Whole(Box<Profile>),
    /// A site profile, as it stands.
    Site(SiteProfile),
}

/// Reads a profile's text; `name` is the name that problems carry.
///
/// # Errors
/// Every mistake of the text, in its order.
pub fn read(text: &str, name: &str) -> Result<Read, Problems> {
    let mut problems = Collector::new(name);
    let root = judged(text, &mut problems);
    match root {
        Some(root) if is_site(&root) => finish(&root, problems).map(Read::Site),
        Some(root) => finish(&root, problems).map(|profile| Read::Whole(Box::new(profile))),
        None => Err(problems.finish()),
    }
}

/// Reads a file of an estate as the whole profile that it stands for.
pub(super) fn whole(text: &str, name: &str) -> Result<Profile, Problems> {
    let mut problems = Collector::new(name);
    let Some(root) = judged(text, &mut problems) else { return Err(problems.finish()) };
    match resolve(&root, &mut problems) {
        Some(whole) => finish(&whole, problems),
        None => Err(problems.finish()),
    }
}

fn judged(text: &str, problems: &mut Collector) -> Option<Vec<Entry>> {
    let root = parse_toml(text, problems)?;
    if get(&root, "format").and_then(Node::number) != Some(FORMAT) {
        problems.note(get(&root, "format").and_then(|node| node.at), "format", format!("must be {FORMAT}"));
        return None;
    }
    Some(root)
}

fn finish<T: serde::de::DeserializeOwned>(root: &[Entry], mut problems: Collector) -> Result<T, Problems> {
    if problems.is_empty() {
        match typed(root) {
            Ok(read) => return Ok(read),
            Err(_) => problems.note(None, "", "is no profile of this format"),
        }
    }
    Err(problems.finish())
}
