//! `[repositories."NAME"]`: each such table is a slot of the wizard's.

use super::read::Reader;
use crate::tree::{Content, Entry, Node};
use crate::wizard::repositories::{ANOTHER, COMPONENT, FILE_TABLE, SLOTS, Slot, YES, slot_of, slots};
use crate::wizard::{Answers, Origin};

/// The keys of a slot that are no keys of its table: its name is the table's, and another slot is another table.
const NO_KEYS: [&str; 2] = ["name", ANOTHER];

/// The table's heading that stands for a slot in the file.
pub(super) fn heading(slot: Slot, answers: &Answers) -> String {
    format!("{FILE_TABLE}.{}", quoted(slot.text(answers, "name")))
}

/// A field's id as the file names it.
pub(super) fn shown(id: &str, answers: &Answers) -> String {
    match id.rsplit_once('.').and_then(|(table, key)| Some((slot_of(table)?, key))) {
        Some((slot, key)) => {
            let table = heading(slot, answers);
            if NO_KEYS.contains(&key) { table } else { format!("{table}.{key}") }
        }
        None => id.to_owned(),
    }
}

/// The names of the repositories that were answered before a file is read.
pub(super) fn known(answers: &Answers) -> Vec<String> {
    slots(answers)
        .map(|slot| slot.field("name"))
        .filter(|name| answers.origin(name) >= Origin::Record)
        .map(|name| answers.text(name).to_owned())
        .collect()
}

/// Whether a field stands in the file as a key of its own.
pub(super) fn is_key(id: &str) -> bool {
    id.rsplit_once('.').is_none_or(|(table, key)| slot_of(table).is_none() || !NO_KEYS.contains(&key))
}

/// A name as TOML writes it where a key stands.
fn quoted(name: &str) -> String {
    toml_edit::Key::new(name).display_repr().into_owned()
}

impl Reader {
    /// Takes the tables of all repositories. One that was answered before under the same name is the same one, others
    /// get the next slots.
    pub(super) fn repositories(&mut self, root: &Entry) {
        let Content::Table(entries) = &root.node.content else {
            self.problems.note(root.node.at, FILE_TABLE, "must be a table with one table for each repository");
            return;
        };
        let known = std::mem::take(&mut self.known_repositories);
        let mut last = known.len();
        for (at, entry) in entries.iter().enumerate() {
            if entries[..at].iter().any(|earlier| earlier.key == entry.key) {
                self.problems.note(entry.at, &format!("{FILE_TABLE}.{}", quoted(&entry.key)), "stands twice");
                continue;
            }
            let before = known.iter().position(|name| *name == entry.key);
            let slot = before.unwrap_or_else(|| {
                last += 1;
                last - 1
            });
            if slot >= SLOTS {
                let rule = format!(
                    "is one too many: at most {SLOTS} are set up here; add others later, with `countersign gateway add`"
                );
                self.problems.note(entry.at, &format!("{FILE_TABLE}.{}", quoted(&entry.key)), rule);
                return;
            }
            self.repository(Slot(slot + 1), entry);
        }
    }

    fn repository(&mut self, slot: Slot, entry: &Entry) {
        let table = format!("{FILE_TABLE}.{}", quoted(&entry.key));
        if slot.0 > 1 {
            let _ = self.answers.offer(Slot(slot.0 - 1).field(ANOTHER), YES.into(), Origin::Answers);
        }
        let Content::Table(entries) = &entry.node.content else {
            self.problems.note(entry.node.at, &table, "must be a table");
            return;
        };
        let name = slot.field("name");
        self.given_repositories = true;
        self.places.push((name.rsplit_once('.').map_or(name, |(table, _)| table).to_owned(), entry.at));
        self.field_named(name, &Node { content: Content::Text(entry.key.clone()), at: entry.at });
        for key in entries.iter().filter(|key| NO_KEYS.contains(&key.key.as_str())) {
            let rule = "is no key: the table's own name is the repository's, and each repository has a table";
            self.problems.note(key.at, &format!("{table}.{}", key.key), rule);
        }
        let own = entries.iter().filter(|key| !NO_KEYS.contains(&key.key.as_str())).cloned().collect::<Vec<_>>();
        self.entries(&name[..name.len() - ".name".len()], &own);
    }

    /// Repositories are a component's, which must be selected.
    pub(super) fn repositories_have_their_component(&mut self) {
        if self.given_repositories && !self.answers.has_component(COMPONENT) {
            let first = Slot(1);
            let at = self.place(first.field("name"));
            let rule = format!("needs the component {COMPONENT}: name it in components, or take the table out");
            let shown = heading(first, &self.answers);
            self.problems.note(at, &shown, rule);
        }
    }
}
