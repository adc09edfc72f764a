//! Columns that fit into the terminal: one of them gives way and is wrapped, and a row can have a note below it.

use unicode_width::UnicodeWidthStr;

use super::WIDTH;
use super::wrap::{plain, wrap};

const GAP: &str = "  ";
const NOTE_INDENT: &str = "    ";
/// The wrapped column is never narrower than this.
const LEAST: usize = 16;

/// Rows under headings.
pub(super) struct Table<const N: usize> {
    headings: [&'static str; N],
    flexible: usize,
    rows: Vec<([String; N], Option<String>)>,
}

impl<const N: usize> Table<N> {
    /// A table whose column `flexible` is wrapped where the others need the room.
    pub(super) fn new(headings: [&'static str; N], flexible: usize) -> Self {
        Self { headings, flexible, rows: Vec::new() }
    }

    /// Adds a row.
    pub(super) fn row(&mut self, cells: [String; N]) {
        self.rows.push((cells.map(plain), None));
    }

    /// Adds a row and a note below it.
    pub(super) fn row_with_note(&mut self, cells: [String; N], note: String) {
        self.rows.push((cells.map(plain), Some(plain(note))));
    }

    /// All of it, each line ended.
    pub(super) fn text(&self) -> String {
        let widths = self.widths();
        let mut text = self.line(&self.headings.map(str::to_owned), &widths);
        for (cells, note) in &self.rows {
            text.push_str(&self.line(cells, &widths));
            for line in note.iter().flat_map(|note| wrap(note, WIDTH - NOTE_INDENT.len())) {
                text.extend([NOTE_INDENT, &line, "\n"]);
            }
        }
        text
    }

    fn widths(&self) -> [usize; N] {
        let mut widths = self.headings.map(UnicodeWidthStr::width);
        for (cells, _) in &self.rows {
            for (width, cell) in widths.iter_mut().zip(cells) {
                *width = cell.width().max(*width);
            }
        }
        let others = widths.iter().sum::<usize>() - widths[self.flexible] + GAP.len() * (N - 1);
        widths[self.flexible] = widths[self.flexible].min(WIDTH.saturating_sub(others).max(LEAST));
        widths
    }

    fn line(&self, cells: &[String; N], widths: &[usize; N]) -> String {
        let wrapped = wrap(&cells[self.flexible], widths[self.flexible]);
        let mut text = String::new();
        for (index, part) in wrapped.iter().enumerate() {
            let mut line = String::new();
            for (column, cell) in cells.iter().enumerate() {
                let cell = match (column == self.flexible, index) {
                    (true, _) => part,
                    (false, 0) => cell,
                    (false, _) => "",
                };
                let gap = if column + 1 == N { "" } else { GAP };
                let padding = " ".repeat(widths[column].saturating_sub(cell.width()));
                line.extend([cell, &padding, gap]);
            }
            text.push_str(line.trim_end());
            text.push('\n');
        }
        text
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn columns_stand_below_each_other_and_the_flexible_one_gives_way() {
        let mut table = Table::new(["a", "place", "verdict"], 1);
        table.row(["integrator".into(), "b2bi/".repeat(15), "✓ aligned".into()]);
        table.row_with_note(["密".into(), "x".into(), "? can't tell".into()], "no answer within 5 s".into());
        let expected = "\
a           place                                                   verdict
integrator  b2bi/b2bi/b2bi/b2bi/b2bi/b2bi/b2bi/b2bi/b2bi/b2bi/      ✓ aligned
            b2bi/b2bi/b2bi/b2bi/b2bi/
密          x                                                       ? can't tell
    no answer within 5 s
";
        assert_eq!(table.text(), expected);
        assert!(table.text().lines().all(|line| line.width() <= WIDTH));
    }
}
