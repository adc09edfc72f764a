//! A profile is read with positions: every mistake of the file in one pass.

use serde::de::DeserializeOwned;

use super::rules::{self, Stage};
use super::shape;
use super::site::{Missing, is_site, resolve};
use super::spot::Spot;
use super::typed::typed;
use super::{Profile, SiteProfile, shipped};
use crate::tree::{Collector, Content, Entry, Node, Problems, get, parse_toml};

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

/// Reads a profile's text; `name` is the name that problems carry. A site profile is judged with its base.
///
/// # Errors
/// Every mistake of the text, in its order.
pub fn read(text: &str, name: &str) -> Result<Read, Problems> {
    read_beside(text, name, &[])
}

/// As [`read`], where products beside the shipped ones are known by their ids.
pub fn read_beside(text: &str, name: &str, products: &[String]) -> Result<Read, Problems> {
    let mut problems = Collector::new(name);
    let Some(root) = judged(text, products, &mut problems) else { return Err(problems.finish()) };
    if is_site(&root) {
        filled(&root, products, Missing::Refused, &mut problems);
        finish(&root, problems).map(Read::Site)
    } else {
        finish(&root, problems).map(|profile| Read::Whole(Box::new(profile)))
    }
}

/// Reads a file of an estate as the whole profile that it stands for.
pub(super) fn whole(text: &str, name: &str, products: &[String], missing: Missing) -> Result<Profile, Problems> {
    let mut problems = Collector::new(name);
    let whole = judged(text, products, &mut problems).and_then(|root| filled(&root, products, missing, &mut problems));
    match whole {
        Some(whole) => finish(&whole, problems),
        None => Err(problems.finish()),
    }
}

/// The file's own rules.
fn judged(text: &str, products: &[String], problems: &mut Collector) -> Option<Vec<Entry>> {
    let root = parse_toml(text, problems)?;
    if let Some(rule) = refuse_format(&root) {
        problems.note(get(&root, "format").and_then(|node| node.at), "format", rule);
        // Another version's keys and rules are not ours to judge.
        return None;
    }
    let file = Node { at: None, content: Content::Table(root.clone()) };
    let file = Spot::root(&file);
    if is_site(&root) {
        shape::check(&file, "SiteProfile", problems);
    } else {
        shape::check(&file, "Profile", problems);
        rules::check(&file, Stage::Written, products, problems);
    }
    Some(root)
}

/// The whole profile that the file stands for, judged once its values are in it.
fn filled(root: &[Entry], products: &[String], missing: Missing, problems: &mut Collector) -> Option<Vec<Entry>> {
    let (whole, is_complete) = resolve(root, missing, problems)?;
    // A mistake in the file would be told once more.
    if problems.is_empty() && is_complete {
        let node = Node { at: None, content: Content::Table(whole.clone()) };
        rules::check(&Spot::root(&node), Stage::Filled, products, problems);
        problems.blame(get(root, "values").map_or(&[], Node::entries), "values");
    }
    Some(whole)
}

fn refuse_format(root: &[Entry]) -> Option<String> {
    match get(root, "format").map(Node::number) {
        Some(Some(FORMAT)) => None,
        Some(Some(newer)) if newer > FORMAT => {
            Some(format!("is newer than this version reads: it reads format {FORMAT}"))
        }
        Some(_) => Some(format!("must be {FORMAT}")),
        None => Some(format!("is missing: the file must say format = {FORMAT}")),
    }
}

fn finish<T: DeserializeOwned>(root: &[Entry], mut problems: Collector) -> Result<T, Problems> {
    if problems.is_empty() {
        match typed(root) {
            Ok(read) => return Ok(read),
            Err(_) => problems.note(None, "", "is no profile of this format"),
        }
    }
    Err(problems.finish())
}

/// The id of the product that a text describes, if it says so much.
pub fn product_id(text: &str) -> Option<String> {
    let root = parse_toml(text, &mut Collector::new(""))?;
    match get(&root, "base") {
        Some(base) => product_id_of(&parse_toml(shipped::find(base.text()?)?.text, &mut Collector::new(""))?),
        None => product_id_of(&root),
    }
}

fn product_id_of(root: &[Entry]) -> Option<String> {
    get(root, "product")?.get("id")?.text().map(str::to_owned)
}
