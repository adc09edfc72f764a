//! Draws a screen as SVG: text of one style is one element, lines and blocks are drawn, so that no font can misplace them.

use std::fmt::Write;

use super::shot::{Cell, Shot, Style};

/// Columns and rows, in pixels.
const CELL: (usize, usize) = (9, 19);
/// Between the text and the edge.
const EDGE: usize = 14;
const SIZE: usize = 15;
/// From the top of a row to the line that letters stand on.
const BASE: usize = 14;
const FONTS: &str = "ui-monospace,SFMono-Regular,Menlo,Consolas,'DejaVu Sans Mono','Liberation Mono',monospace";
/// The terminal's own colours, and what they become when they are dimmed.
const GROUND: &str = "#14171c";
const TEXT: &str = "#d5dae1";
const DIMMED: &str = "#868e9a";

/// The picture.
pub fn draw(shot: &Shot) -> String {
    let columns = shot.lines.first().map_or(0, Vec::len);
    let (width, height) = (columns * CELL.0 + 2 * EDGE, shot.lines.len() * CELL.1 + 2 * EDGE);
    let ground = colour(shot.plain.ground.as_deref()).unwrap_or(GROUND);
    let mut body = String::new();
    for (row, line) in shot.lines.iter().enumerate() {
        draw_line(line, EDGE + row * CELL.1, ground, &mut body);
    }
    if let Some((column, row)) = shot.cursor {
        let (x, y) = (EDGE + column * CELL.0, EDGE + row * CELL.1 + 1);
        put(&mut body, &format!("<path fill=\"{TEXT}\" fill-opacity=\".75\" d=\"M{x} {y}h{}v17h-{0}z\"/>", CELL.0 - 1));
    }
    let what: String = shot.lines.first().into_iter().flatten().map(|cell| cell.symbol.as_str()).collect();
    let title = escaped(&what.split_whitespace().collect::<Vec<_>>().join(" "));
    format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {width} {height}\" width=\"{width}\" height=\"{height}\" \
         font-family=\"{FONTS}\" font-size=\"{SIZE}\" xml:space=\"preserve\">\n\
         <title>{title}</title>\n\
         <rect width=\"{width}\" height=\"{height}\" rx=\"8\" fill=\"{ground}\"/>\n{body}</svg>\n"
    )
}

fn put(body: &mut String, element: &str) {
    body.push_str(element);
    body.push('\n');
}

/// A row, run by run.
fn draw_line(line: &[Cell], top: usize, ground: &str, body: &mut String) {
    let mut from = 0;
    while from < line.len() {
        let kind = kind_of(&line[from]);
        let length =
            line[from..].iter().take_while(|cell| cell.style == line[from].style && kind_of(cell) == kind).count();
        draw_run(&line[from..from + length], kind, (EDGE + from * CELL.0, top), ground, body);
        from += length;
    }
}

/// What a character is drawn as.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Kind {
    /// Text that every fixed-width font has.
    Text,
    /// A mark, which may come from another font: it stands for itself.
    Mark(char),
    /// A line or a block.
    Shape(char),
}

fn kind_of(cell: &Cell) -> Kind {
    match cell.symbol.chars().next().unwrap_or(' ') {
        shape @ ('─' | '│' | '┌' | '┐' | '└' | '┘' | '▌' | '█' | '░') => Kind::Shape(shape),
        letter if letter.is_ascii() => Kind::Text,
        mark => Kind::Mark(mark),
    }
}

fn draw_run(run: &[Cell], kind: Kind, (x, y): (usize, usize), ground: &str, body: &mut String) {
    let style = &run[0].style;
    let (ink, under) = inks(style, ground);
    let width = run.len() * CELL.0;
    if under != ground {
        put(body, &format!("<path fill=\"{under}\" d=\"M{x} {y}h{width}v{}h-{width}z\"/>", CELL.1));
    }
    if style.underlined {
        let line = y + BASE + 3;
        put(body, &format!("<path stroke=\"{ink}\" stroke-opacity=\".55\" d=\"M{x} {line}.5h{width}\"/>"));
    }
    match kind {
        Kind::Shape(shape) => draw_shape(shape, run.len(), (x, y), ink, body),
        Kind::Mark(mark) => (0..run.len()).for_each(|at| {
            let x = x + at * CELL.0;
            put(body, &text(&mark.to_string(), 1, (x, y), ink, style.bold));
        }),
        Kind::Text => draw_words(run, (x, y), ink, style.bold, body),
    }
}

/// The words of a run, without the blanks around them.
fn draw_words(run: &[Cell], (x, y): (usize, usize), ink: &str, bold: bool, body: &mut String) {
    let all: String = run.iter().map(|cell| cell.symbol.as_str()).collect();
    let words = all.trim();
    if !words.is_empty() {
        let before = all.len() - all.trim_start().len();
        put(body, &text(words, words.len(), (x + before * CELL.0, y), ink, bold));
    }
}

fn text(words: &str, columns: usize, (x, y): (usize, usize), ink: &str, bold: bool) -> String {
    let weight = if bold { " font-weight=\"bold\"" } else { "" };
    let (y, length, words) = (y + BASE, columns * CELL.0, escaped(words));
    format!(
        "<text x=\"{x}\" y=\"{y}\" fill=\"{ink}\"{weight} textLength=\"{length}\" \
         lengthAdjust=\"spacingAndGlyphs\">{words}</text>"
    )
}

/// Lines go through the middle of their cells.
fn draw_shape(shape: char, count: usize, (x, y): (usize, usize), ink: &str, body: &mut String) {
    let (width, height) = CELL;
    let (middle, centre) = (x + width / 2, y + height / 2);
    let (right, bottom) = (x + width * count, y + height);
    let path = match shape {
        '─' => format!("M{x} {centre}.5H{right}"),
        '│' => format!("M{middle}.5 {y}V{bottom}"),
        '┌' => format!("M{right} {centre}.5H{middle}.5V{bottom}"),
        '┐' => format!("M{x} {centre}.5H{middle}.5V{bottom}"),
        '└' => format!("M{middle}.5 {y}V{centre}.5H{right}"),
        '┘' => format!("M{middle}.5 {y}V{centre}.5H{x}"),
        block => {
            let (width, opacity) = match block {
                '▌' => (width / 2, ""),
                '░' => (width * count, " fill-opacity=\".25\""),
                _ => (width * count, ""),
            };
            put(body, &format!("<path fill=\"{ink}\"{opacity} d=\"M{x} {y}h{width}v{height}h-{width}z\"/>"));
            return;
        }
    };
    put(body, &format!("<path fill=\"none\" stroke=\"{ink}\" d=\"{path}\"/>"));
}

/// What letters are drawn in, and what lies under them.
fn inks<'a>(style: &Style, ground: &'a str) -> (&'a str, &'a str) {
    let ink = match colour(style.colour.as_deref()) {
        Some(ink) => ink,
        None if style.dim => DIMMED,
        None => TEXT,
    };
    let under = colour(style.ground.as_deref()).unwrap_or(ground);
    if style.reversed { (under, ink) } else { (ink, under) }
}

/// The 16 colours, as a dark terminal has them.
fn colour(name: Option<&str>) -> Option<&'static str> {
    Some(match name? {
        "black" => "#000000",
        "red" => "#f2777a",
        "green" => "#8fce7c",
        "yellow" => "#e5c07b",
        "blue" => "#6aa6f8",
        "magenta" => "#c792ea",
        "cyan" => "#56c8d8",
        "gray" => "#c8ccd4",
        "darkgray" => "#7f848e",
        "lightred" => "#ff8a80",
        "lightgreen" => "#55ff55",
        "lightyellow" => "#ffff55",
        "lightblue" => "#82aaff",
        "lightmagenta" => "#ff80ff",
        "lightcyan" => "#7fffff",
        _ => "#ffffff",
    })
}

fn escaped(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;")
}
