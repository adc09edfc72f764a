//! The tree becomes answers: every key known, every value of its kind, every rule kept, and all problems in one pass.

use std::fs::File;
use std::io::{self, Read};
use std::path::Path;

use super::repositories::{heading, is_key, shown};
use super::{FORMAT, Position, Problems};
use crate::profile::is_site;
use crate::tree::{Collector, Content, Entry, Node, parse_json, parse_toml, suggest};
use crate::wizard::repositories::{FILE_TABLE, slot_of};
use crate::wizard::{Answers, Field, FieldKind, Origin, SITE_TABLE, Value, field, fields, missing};

/// No answer file is longer than this, in bytes.
const MAX_LENGTH: u64 = 1 << 20;

/// Reads an answer file. What it does not name has its default.
pub fn read_file(path: &Path) -> Result<Answers, Problems> {
    read_file_over(path, |_| Ok(Answers::default()))
}

/// Reads an answer file into answers that others have given before; values from a stronger origin stay. What was given
/// before may depend on the estate's folder, so `base` is told the one that the file names.
pub fn read_file_over<E: From<Problems>>(
    path: &Path,
    base: impl FnOnce(Option<&str>) -> Result<Answers, E>,
) -> Result<Answers, E> {
    let file = path.display().to_string();
    let refuse = |rule: String| {
        let mut problems = Collector::new(&file);
        problems.note(None, "", rule);
        problems.finish()
    };
    let bytes = read_bytes(path).map_err(|error| refuse(format!("cannot be read: {error}")))?;
    let text = String::from_utf8(bytes).map_err(|_| refuse("is not UTF-8 text".into()))?;
    read_toml_over(&file, &text, base)
}

/// Reads the text of an answer file; `file` is the name that problems carry.
pub fn read_toml(file: &str, text: &str) -> Result<Answers, Problems> {
    read_toml_over(file, text, |_| Ok(Answers::default()))
}

/// Reads the same model as JSON, as it comes on standard input.
pub fn read_json(text: &str) -> Result<Answers, Problems> {
    read_json_over(text, |_| Ok(Answers::default()))
}

/// As [`read_file_over`], for JSON.
pub fn read_json_over<E: From<Problems>>(
    text: &str,
    base: impl FnOnce(Option<&str>) -> Result<Answers, E>,
) -> Result<Answers, E> {
    let mut problems = Collector::new("standard input");
    let root = parse_json(text, &mut problems);
    judge(root, base, problems)
}

/// As [`read_file_over`], for a text; `file` is the name that problems carry.
pub fn read_toml_over<E: From<Problems>>(
    file: &str,
    text: &str,
    base: impl FnOnce(Option<&str>) -> Result<Answers, E>,
) -> Result<Answers, E> {
    let mut problems = Collector::new(file);
    let root = parse_toml(text, &mut problems);
    judge(root, base, problems)
}

fn read_bytes(path: &Path) -> io::Result<Vec<u8>> {
    let mut bytes = Vec::new();
    File::open(path)?.take(MAX_LENGTH + 1).read_to_end(&mut bytes)?;
    if bytes.len() as u64 > MAX_LENGTH {
        return Err(io::Error::new(io::ErrorKind::FileTooLarge, "it is longer than 1 MiB"));
    }
    Ok(bytes)
}

fn judge<E: From<Problems>>(
    root: Option<Vec<Entry>>,
    base: impl FnOnce(Option<&str>) -> Result<Answers, E>,
    mut problems: Collector,
) -> Result<Answers, E> {
    let Some(root) = root else { return Err(problems.finish().into()) };
    if let Some(rule) = refuse_format(&root) {
        let at = root.iter().find(|entry| entry.key == "format").and_then(|entry| entry.node.at);
        problems.note(at, "format", rule);
        // Another version's keys and rules are not ours to judge.
        return Err(problems.finish().into());
    }
    let answers = base(named_folder(&root))?;
    let mut reader = Reader { answers, problems, places: Vec::new(), refused: Vec::new(), given_repositories: false };
    reader.entries("", &root);
    reader.rules();
    if reader.problems.is_empty() { Ok(reader.answers) } else { Err(reader.problems.finish().into()) }
}

/// The estate's folder, where the text names one.
fn named_folder(root: &[Entry]) -> Option<&str> {
    let inside = |entries: &'_ [Entry], key: &str| entries.iter().position(|entry| entry.key == key);
    let Content::Table(estate) = &root[inside(root, "estate")?].node.content else { return None };
    let Content::Text(dir) = &estate[inside(estate, "dir")?].node.content else { return None };
    Some(dir)
}

fn refuse_format(root: &[Entry]) -> Option<String> {
    match root.iter().find(|entry| entry.key == "format").map(|entry| &entry.node.content) {
        Some(Content::Number(FORMAT)) => None,
        Some(Content::Number(newer)) if *newer > FORMAT => {
            Some(format!("is newer than this version reads: it reads format {FORMAT}"))
        }
        Some(_) => Some(format!("must be {FORMAT}")),
        None => Some(format!("is missing: the file must say format = {FORMAT}")),
    }
}

pub(super) struct Reader {
    pub(super) answers: Answers,
    pub(super) problems: Collector,
    /// Where each field's value and each table stands.
    pub(super) places: Vec<(String, Option<Position>)>,
    /// Fields that have a problem already.
    refused: Vec<&'static str>,
    /// Whether the file names any repository.
    pub(super) given_repositories: bool,
}

impl Reader {
    /// Takes the entries of a table; of the root, whose name is empty.
    pub(super) fn entries(&mut self, table: &str, entries: &[Entry]) {
        for (at, entry) in entries.iter().enumerate() {
            let id = if table.is_empty() { entry.key.clone() } else { format!("{table}.{}", entry.key) };
            if entries[..at].iter().any(|earlier| earlier.key == entry.key) {
                self.problems.note(entry.at, &shown(&id, &self.answers), "stands twice");
            } else if id == FILE_TABLE && !is_site() {
                self.repositories(entry);
            } else if let (true, Content::Table(entries)) = (is_table(&id), &entry.node.content) {
                self.places.push((id.clone(), entry.at));
                self.entries(&id, entries);
            } else if is_table(&id) {
                self.problems.note(entry.node.at, &id, "must be a table");
            } else if let Some(field) = field(&id) {
                self.field(field, &entry.node);
            } else if !table.is_empty() {
                let rule = unknown_in_table(table, &entry.key, &self.answers);
                self.problems.note(entry.at, &shown(&id, &self.answers), rule);
            } else if id != "format" {
                self.problems.note(entry.at, &id, unknown_at_root(&id));
            }
        }
    }

    /// As [`Reader::field`], by the field's id.
    pub(super) fn field_named(&mut self, id: &str, node: &Node) {
        if let Some(field) = field(id) {
            self.field(field, node);
        }
    }

    fn field(&mut self, field: &'static Field, node: &Node) {
        self.places.push((field.id.to_owned(), node.at));
        let bad_items = self.items(field, node);
        let rule = match value(node) {
            Some(value) => {
                let rule = field.kind.check(&value).err();
                // What has the right shape is kept even so, for the rules of other fields to see.
                let _ = self.answers.offer(field.id, value, Origin::Answers);
                rule
            }
            None => Some(field.kind.rule()),
        };
        if let Some(rule) = rule {
            self.refused.push(field.id);
            if !bad_items {
                self.problems.note(node.at, &shown(field.id, &self.answers), rule);
            }
        }
    }

    /// Notes the entries of a list that are wrong by themselves, each at its own place.
    fn items(&mut self, field: &Field, node: &Node) -> bool {
        let (Content::List(items), FieldKind::Components | FieldKind::Fields) = (&node.content, field.kind) else {
            return false;
        };
        let mut bad = false;
        for (at, item) in items.iter().enumerate() {
            let rule = match &item.content {
                Content::Text(text) => field.kind.check_item(text),
                _ => Err("must be text".into()),
            };
            if let Err(rule) = rule {
                self.problems.note(item.at, &format!("{}[{}]", field.id, at + 1), rule);
                bad = true;
            }
        }
        bad
    }

    /// The rules between the answers.
    fn rules(&mut self) {
        self.repositories_have_their_component();
        for missing in missing(&self.answers) {
            if self.refused.contains(&missing.field) {
                continue;
            }
            let origin = self.answers.origin(missing.field);
            if origin > Origin::Answers {
                self.problems.note_in(&origin.to_string(), None, missing.field, missing.rule);
            } else {
                let shown = shown(missing.field, &self.answers);
                self.problems.note(self.place(missing.field), &shown, missing.rule);
            }
        }
    }

    /// Where a field stands, else its table.
    pub(super) fn place(&self, id: &str) -> Option<Position> {
        let found = self.places.iter().find(|(place, _)| place == id).and_then(|(_, at)| *at);
        found.or_else(|| self.place(id.rsplit_once('.')?.0))
    }
}

/// Whether a table of fields, or of such tables, has this name. Repositories have other names in the file.
fn is_table(id: &str) -> bool {
    fields().any(|(_, field)| is_below(field.id, id)) && slot_of(id).is_none()
}

fn is_below(id: &str, table: &str) -> bool {
    id.strip_prefix(table).is_some_and(|rest| rest.starts_with('.'))
}

fn value(node: &Node) -> Option<Value> {
    match &node.content {
        Content::Text(text) => Some(Value::Text(text.clone())),
        Content::Number(number) => Some(Value::Number(*number)),
        Content::List(items) => {
            let texts = items.iter().map(|item| match &item.content {
                Content::Text(text) => Some(text.clone()),
                _ => None,
            });
            texts.collect::<Option<Vec<_>>>().map(Value::List)
        }
        Content::Table(_) | Content::Truth(_) | Content::Other => None,
    }
}

fn unknown_at_root(key: &str) -> String {
    if key == SITE_TABLE {
        return "is for an estate whose folder holds profiles of a site's own products, and this one holds none; take \
                the table out"
            .into();
    }
    let first = |id: &'static str| id.split('.').next().unwrap_or(id);
    let known = fields().map(|(_, field)| first(field.id)).filter(|table| slot_of(table).is_none());
    let known = known.chain(["format", FILE_TABLE]);
    let near = suggest::nearest(key, known).map(str::to_owned);
    let elsewhere = || fields().find(|(_, field)| field.key() == key).map(|(_, field)| field.id.to_owned());
    match near.or_else(elsewhere) {
        Some(near) => format!("is not known; did you mean {near}?"),
        None => "is not known".into(),
    }
}

fn unknown_in_table(table: &str, key: &str, answers: &Answers) -> String {
    let shown_table = slot_of(table).map_or_else(|| table.to_owned(), |slot| heading(slot, answers));
    let mut keys: Vec<&str> = Vec::new();
    for id in fields().map(|(_, field)| field.id).filter(|id| is_below(id, table) && is_key(id)) {
        let key = id[table.len() + 1..].split('.').next().unwrap_or_default();
        if !keys.contains(&key) {
            keys.push(key);
        }
    }
    match suggest::nearest(key, keys.iter().copied()) {
        Some(near) => format!("is not known; did you mean {shown_table}.{near}?"),
        None => format!("is not known; [{shown_table}] takes {}", keys.join(", ")),
    }
}
