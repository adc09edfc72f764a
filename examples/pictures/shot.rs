//! Reads a snapshot: the lines of the screen, and how each cell looks in one theme.

use std::collections::HashMap;

/// How a cell looks.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
#[expect(clippy::struct_excessive_bools, reason = "a terminal's attributes are independent of each other")]
pub struct Style {
    /// The colour's name; `None` for the terminal's own.
    pub colour: Option<String>,
    /// The same for what lies under the text.
    pub ground: Option<String>,
    pub bold: bool,
    pub dim: bool,
    pub underlined: bool,
    pub reversed: bool,
}

/// One cell: its character, empty where the one before covers it.
#[derive(Debug, Clone)]
pub struct Cell {
    pub symbol: String,
    pub style: Style,
}

/// A screen.
#[derive(Debug)]
pub struct Shot {
    pub lines: Vec<Vec<Cell>>,
    pub cursor: Option<(usize, usize)>,
    pub plain: Style,
}

impl Shot {
    /// Reads a snapshot as the tests write it.
    pub fn parse(text: &str, theme: &str) -> Result<Self, String> {
        let body = text.splitn(3, "---\n").nth(2).ok_or("is no snapshot")?;
        let written: Vec<&str> = body.lines().filter_map(|line| line.strip_prefix('|')).collect();
        let rest = || body.lines().filter(|line| !line.starts_with('|'));
        let themes = rest().find_map(|line| line.strip_prefix("themes: ")).ok_or("names no themes")?;
        let at = themes.split(" | ").position(|name| name == theme).ok_or("does not have this theme")?;
        let legend: HashMap<&str, Style> = rest()
            .skip_while(|line| !line.starts_with("themes: "))
            .filter_map(|line| line.trim().split_once(": "))
            .filter_map(|(letter, styles)| Some((letter, Style::parse(styles.split(" | ").nth(at)?))))
            .collect();
        let plain = legend.get("plain").cloned().ok_or("does not say what is plain")?;
        let (width, _) = size(text).ok_or("does not say how large it is")?;
        let mut lines: Vec<Vec<Cell>> = written.iter().map(|line| cells(line, width, &plain)).collect();
        for line in rest().take_while(|line| !line.starts_with("themes: ")) {
            let Some((row, runs)) = line.split_once(": ") else { continue };
            let Ok(row) = row.trim().parse::<usize>() else { continue };
            for run in runs.split(", ") {
                let (letter, from, length) = parse_run(run).ok_or("has a run that nobody understands")?;
                let style = legend.get(letter).ok_or("has a letter without meaning")?;
                let row = lines.get_mut(row).ok_or("has runs below its last line")?;
                row.iter_mut().skip(from).take(length).for_each(|cell| cell.style = style.clone());
            }
        }
        let cursor = rest().find_map(|line| pair(line.strip_prefix("cursor: ")?, ','));
        Ok(Self { lines, cursor, plain })
    }
}

/// `letter column+length`.
fn parse_run(run: &str) -> Option<(&str, usize, usize)> {
    let (letter, place) = run.split_once(' ')?;
    let (from, length) = pair(place, '+')?;
    Some((letter, from, length))
}

fn pair(text: &str, between: char) -> Option<(usize, usize)> {
    let (first, second) = text.split_once(between)?;
    Some((first.parse().ok()?, second.parse().ok()?))
}

/// The size that the snapshot says it has.
fn size(text: &str) -> Option<(usize, usize)> {
    text.lines().find_map(|line| pair(line.strip_prefix("size: ")?, 'x'))
}

fn cells(line: &str, width: usize, plain: &Style) -> Vec<Cell> {
    let mut cells: Vec<Cell> = Vec::new();
    for letter in line.chars() {
        cells.push(Cell { symbol: letter.to_string(), style: plain.clone() });
    }
    cells.resize(width.max(cells.len()), Cell { symbol: " ".into(), style: plain.clone() });
    cells
}

impl Style {
    fn parse(words: &str) -> Self {
        let mut style = Self::default();
        let mut ground = false;
        for word in words.split(' ') {
            match word {
                "default" => {}
                "bold" => style.bold = true,
                "dim" => style.dim = true,
                "underlined" => style.underlined = true,
                "reversed" => style.reversed = true,
                "on" => ground = true,
                colour if ground => style.ground = Some(colour.to_owned()),
                colour => style.colour = Some(colour.to_owned()),
            }
        }
        style
    }
}
