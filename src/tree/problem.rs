//! What is wrong with a file that people wrote: where, which key, which rule. Never a line of the file, never a value.

use std::fmt;

use serde::Serialize;

use super::node::Entry;

/// A place in a text; both count from 1, the column in characters.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Position {
    /// The line.
    pub line: usize,
    /// The column.
    pub column: usize,
}

impl Position {
    /// The place of a byte in a text.
    pub(crate) fn of(text: &str, byte: usize) -> Self {
        let before = text.get(..byte).unwrap_or(text);
        let line_start = before.rfind('\n').map_or(0, |newline| newline + 1);
        Self { line: before.matches('\n').count() + 1, column: before[line_start..].chars().count() + 1 }
    }
}

/// One broken rule.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Problem {
    /// The file, `standard input`, or where else the value came from.
    pub file: String,
    /// The line, from 1.
    pub line: Option<usize>,
    /// The column in characters, from 1.
    pub column: Option<usize>,
    /// The key, `table.key`; empty when it is about the file as a whole.
    pub key: String,
    /// What must hold; reads on after the key.
    pub rule: String,
}

impl fmt::Display for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.file)?;
        if let (Some(line), Some(column)) = (self.line, self.column) {
            write!(f, ":{line}:{column}")?;
        }
        f.write_str(": ")?;
        if !self.key.is_empty() {
            write!(f, "{} ", self.key)?;
        }
        f.write_str(&self.rule)
    }
}

/// Everything that is wrong, in the order of the file; one line each.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Problems(pub Vec<Problem>);

impl fmt::Display for Problems {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (at, problem) in self.0.iter().enumerate() {
            if at > 0 {
                f.write_str("\n")?;
            }
            problem.fmt(f)?;
        }
        Ok(())
    }
}

impl std::error::Error for Problems {}

/// Collects the problems of one text.
pub(crate) struct Collector {
    file: String,
    problems: Vec<Problem>,
}

impl Collector {
    pub(crate) fn new(file: &str) -> Self {
        Self { file: file.into(), problems: Vec::new() }
    }

    /// Notes a problem of the file itself.
    pub(crate) fn note(&mut self, at: Option<Position>, key: &str, rule: impl Into<String>) {
        let file = self.file.clone();
        self.note_in(&file, at, key, rule);
    }

    /// Notes a problem of a value that another origin gave.
    pub(crate) fn note_in(&mut self, file: &str, at: Option<Position>, key: &str, rule: impl Into<String>) {
        self.problems.push(Problem {
            file: file.into(),
            line: at.map(|at| at.line),
            column: at.map(|at| at.column),
            key: printable(key),
            rule: rule.into(),
        });
    }

    /// Names these keys of a table in the problems that stand at their values, each rule once: what a value brings about
    /// elsewhere is told of the value.
    pub(crate) fn blame(&mut self, entries: &[Entry], table: &str) {
        let mut told: Vec<Problem> = Vec::new();
        for mut problem in std::mem::take(&mut self.problems) {
            let at = problem.line.zip(problem.column);
            let here = |entry: &&Entry| entry.node.at.map(|at| (at.line, at.column)) == at;
            if let Some(entry) = entries.iter().find(here).filter(|_| at.is_some()) {
                problem.key = format!("{table}.{}", printable(&entry.key));
            }
            if !told.contains(&problem) {
                told.push(problem);
            }
        }
        self.problems = told;
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.problems.is_empty()
    }

    /// The problems in the order of the file, those without a place first.
    pub(crate) fn finish(mut self) -> Problems {
        self.problems.sort_by_key(|problem| (problem.line, problem.column));
        Problems(self.problems)
    }
}

/// A key as a terminal may show it: no control characters, and not endless.
fn printable(key: &str) -> String {
    let quotes = |c: char| matches!(c, '"' | '\'');
    let shown = key.chars().take(80);
    let shown: String = shown.flat_map(|c| if quotes(c) { vec![c] } else { c.escape_debug().collect() }).collect();
    if key.chars().nth(80).is_some() { shown + "…" } else { shown }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn columns_count_characters_and_lines_start_at_one() {
        let text = "a\n\u{e9}\u{e9}b\r\nc";
        let at = |byte| {
            let position = Position::of(text, byte);
            (position.line, position.column)
        };
        assert_eq!((at(0), at(2), at(6), at(9), at(99)), ((1, 1), (2, 1), (2, 3), (3, 1), (3, 2)));
    }

    #[test]
    fn keys_cannot_write_to_the_terminal() {
        assert_eq!(printable("a\u{1b}[2Jb"), "a\\u{1b}[2Jb");
        assert!(printable(&"x".repeat(5000)).chars().count() < 100);
    }
}
