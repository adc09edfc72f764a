//! One silent file in memory: its text, its rows, and what is to be changed in them.

use std::collections::HashMap;
use std::path::PathBuf;

use zeroize::Zeroizing;

use super::error::{At, Rule, SilentError};
use super::escape::{Decoded, decode, shown};
use super::grammar::{Assignment, assignments};

/// Rows of this name include a file: `IncludeFiles.<Product>`.
pub(super) const INCLUDE: &str = "IncludeFiles.";

/// Properties that installers write about a variable, by a manual or in a public file.
const PROPERTIES: [&str; 10] =
    ["Default", "DefaultValue", "Format", "LogicalName", "Max", "Min", "ModuleType", "ParentName", "Title", "Type"];

/// One silent file.
pub(super) struct SilentFile {
    /// Where it was read.
    pub path: PathBuf,
    /// Its name below the master's folder.
    pub name: PathBuf,
    /// Under which name the master includes it; empty for the master itself.
    pub product: String,
    text: Zeroizing<Vec<u8>>,
    rows: Vec<Row>,
    by_name: HashMap<String, usize>,
}

struct Row {
    stands: Assignment,
    /// The value where it is not simply the bytes that stand there.
    decoded: Option<Zeroizing<String>>,
    change: Option<Change>,
}

enum Change {
    Value { written: Zeroizing<Vec<u8>>, read: Zeroizing<String> },
    Gone,
}

impl SilentFile {
    /// Takes a text apart.
    pub fn parse(path: PathBuf, name: PathBuf, product: String, text: Zeroizing<Vec<u8>>) -> Result<Self, SilentError> {
        let found =
            assignments(&text).map_err(|(byte, rule)| SilentError::new(At::of(path.clone(), &text, byte), rule))?;
        let mut file = Self {
            path,
            name,
            product,
            rows: Vec::with_capacity(found.len()),
            by_name: HashMap::with_capacity(found.len()),
            text,
        };
        for stands in found {
            let name = shown(&file.text[stands.name.clone()]).into_owned();
            if let Some(earlier) = file.by_name.insert(name.clone(), file.rows.len()) {
                let line = file.at_byte(file.rows[earlier].stands.name.start).line;
                return Err(SilentError::new(file.at_byte(stands.name.start), Rule::Twice { name, line }));
            }
            file.rows.push(Row { stands, decoded: None, change: None });
        }
        file.decode_values()?;
        Ok(file)
    }

    fn decode_values(&mut self) -> Result<(), SilentError> {
        for index in 0..self.rows.len() {
            let value = self.rows[index].stands.value.clone();
            let decoded = match decode(&self.text[value.clone()]) {
                Ok(Decoded::AsItIs) => None,
                Ok(Decoded::Other(text)) => Some(text),
                // What is said about a variable may be a pattern or a picture of a value: nobody takes it for one.
                Err(_) if self.is_about_another(self.name_of(index)) => {
                    Some(shown(&self.text[value]).into_owned().into())
                }
                Err(offset) => return Err(SilentError::new(self.at_byte(value.start + offset), Rule::Backslash)),
            };
            self.rows[index].decoded = decoded;
        }
        Ok(())
    }

    /// The value under a name.
    pub fn get(&self, name: &str) -> Option<&str> {
        let row = self.rows.get(self.find(name)?)?;
        match &row.change {
            Some(Change::Value { read, .. }) => Some(read),
            Some(Change::Gone) => None,
            None => match &row.decoded {
                Some(text) => Some(text),
                None => std::str::from_utf8(&self.text[row.stands.value.clone()]).ok(),
            },
        }
    }

    /// Whether a row of this name says something.
    pub fn has(&self, name: &str) -> bool {
        self.find(name).is_some()
    }

    /// The names of all rows that say something, in the file's order.
    pub fn names(&self) -> impl Iterator<Item = &str> {
        (0..self.rows.len()).filter(|row| !self.rows[*row].is_gone()).map(|row| self.name_of(row))
    }

    /// Whether a row is about a variable and none itself.
    pub fn is_about_another(&self, name: &str) -> bool {
        name.starts_with(INCLUDE)
            || name.rsplit_once('.').is_some_and(|(variable, property)| {
                !variable.is_empty() && (PROPERTIES.contains(&property) || self.has(variable))
            })
    }

    /// Where a name stands.
    pub fn at(&self, name: &str) -> Option<At> {
        Some(self.at_byte(self.rows[self.find(name)?].stands.name.start))
    }

    /// Where a name's value stands.
    pub fn value_at(&self, name: &str) -> Option<At> {
        Some(self.at_byte(self.rows[self.find(name)?].stands.value.start))
    }

    /// Gives a name that is there another value, in both its spellings.
    pub fn set(&mut self, name: &str, written: Zeroizing<Vec<u8>>, read: Zeroizing<String>) {
        if let Some(row) = self.find(name) {
            self.rows[row].change = Some(Change::Value { written, read });
        }
    }

    /// Takes a line away, if it is there.
    pub fn remove(&mut self, name: &str) {
        if let Some(row) = self.find(name) {
            self.rows[row].change = Some(Change::Gone);
        }
    }

    /// The text with every change, and not another byte changed.
    pub fn print(&self) -> Zeroizing<Vec<u8>> {
        let more: usize = self.rows.iter().map(Row::growth).sum();
        // Room for all of it at once: what a growing buffer leaves behind is not wiped.
        let mut out = Zeroizing::new(Vec::with_capacity(self.text.len() + more));
        let mut from = 0;
        for row in &self.rows {
            let (range, written) = match &row.change {
                None => continue,
                Some(Change::Gone) => (row.stands.line.clone(), &[][..]),
                Some(Change::Value { written, .. }) => (row.stands.value.clone(), written.as_slice()),
            };
            out.extend_from_slice(&self.text[from..range.start]);
            if self.wants_blank(row) && !written.is_empty() {
                out.push(b' ');
            }
            out.extend_from_slice(written);
            from = range.end;
        }
        out.extend_from_slice(&self.text[from..]);
        out
    }

    /// Whether a blank stands before the sign and none behind it, as where a value is missing.
    fn wants_blank(&self, row: &Row) -> bool {
        let Assignment { name, value, .. } = &row.stands;
        value.is_empty() && value.start > name.end + 1 && self.text[value.start - 1] == b'='
    }

    fn find(&self, name: &str) -> Option<usize> {
        self.by_name.get(name).copied().filter(|row| self.rows.get(*row).is_none_or(|row| !row.is_gone()))
    }

    fn name_of(&self, row: usize) -> &str {
        // A name is ASCII.
        std::str::from_utf8(&self.text[self.rows[row].stands.name.clone()]).unwrap_or_default()
    }

    fn at_byte(&self, byte: usize) -> At {
        At::of(self.path.clone(), &self.text, byte)
    }
}

impl Row {
    fn is_gone(&self) -> bool {
        matches!(self.change, Some(Change::Gone))
    }

    fn growth(&self) -> usize {
        match &self.change {
            Some(Change::Value { written, .. }) => written.len() + 1,
            _ => 0,
        }
    }
}
