//! A screen as text: what is written once, and beside it how each theme shows it.
//!
//! The lines of the screen come first. Below them stand, for each line, the runs of cells that are not plain, as
//! `letter column+length`; and at the end what each letter means in each theme. `examples/pictures` draws from the same.

use std::collections::BTreeMap;
use std::fmt::Write;

use ratatui::buffer::{Buffer, Cell};
use ratatui::layout::Rect;
use ratatui::style::{Color, Modifier};
use unicode_width::UnicodeWidthStr;

use crate::ui::tui::theme::{Look, Theme};

const THEMES: [Theme; 3] = [Theme::Terminal, Theme::Mono, Theme::Contrast];

/// How a cell looks in each theme.
type Styles = [String; THEMES.len()];

/// A screen in all themes, as `draw` draws it in each. Only styles may differ between them.
pub fn shot(ascii: bool, cursor: Option<(u16, u16)>, mut draw: impl FnMut(Look) -> Buffer) -> String {
    let screens = THEMES.map(|theme| draw(Look::new(theme, ascii)));
    let [text, ..] = screens.each_ref().map(lines);
    for screen in &screens {
        assert_eq!(lines(screen), text, "a theme changes what is written");
    }
    let plain = THEMES.map(|theme| {
        let mut cell = Cell::EMPTY;
        cell.set_style(Look::new(theme, ascii).base);
        named(&cell)
    });
    let mut letters: BTreeMap<Styles, char> = BTreeMap::new();
    let mut order = Vec::new();
    let mut runs = String::new();
    for y in 0..screens[0].area.height {
        let line = runs_of(&screens, y, &plain);
        let told: Vec<String> = line
            .into_iter()
            .map(|(styles, column, length)| {
                let next = char::from(b'a' + u8::try_from(letters.len()).expect("few styles"));
                let letter = *letters.entry(styles.clone()).or_insert_with(|| {
                    order.push(styles);
                    next
                });
                format!("{letter} {column}+{length}")
            })
            .collect();
        if !told.is_empty() {
            writeln!(runs, "{y:>3}: {}", told.join(", ")).expect("written");
        }
    }
    let cursor = cursor.map_or_else(|| "none".into(), |(x, y)| format!("{x},{y}"));
    let legend: String =
        order.iter().map(|styles| format!("  {}: {}\n", letters[styles], styles.join(" | "))).collect();
    let themes = THEMES.map(Theme::name).join(" | ");
    let Rect { width, height, .. } = screens[0].area;
    format!(
        "{text}size: {width}x{height}\ncursor: {cursor}\n{runs}themes: {themes}\n  plain: {}\n{legend}",
        plain.join(" | ")
    )
}

fn lines(screen: &Buffer) -> String {
    let mut text = String::new();
    for y in 0..screen.area.height {
        let mut line = String::new();
        let mut covered = 0;
        for x in 0..screen.area.width {
            let symbol = screen[(x, y)].symbol();
            if covered > 0 {
                covered -= 1;
                continue;
            }
            line.push_str(symbol);
            covered = symbol.width().saturating_sub(1);
        }
        writeln!(text, "|{}", line.trim_end()).expect("written");
    }
    text
}

/// The runs of one line that are not plain.
fn runs_of(screens: &[Buffer], y: u16, plain: &Styles) -> Vec<(Styles, u16, u16)> {
    let mut runs: Vec<(Styles, u16, u16)> = Vec::new();
    for x in 0..screens[0].area.width {
        let styles: Styles = std::array::from_fn(|theme| named(&screens[theme][(x, y)]));
        match runs.last_mut() {
            Some((last, column, length)) if *last == styles && *column + *length == x => *length += 1,
            _ if styles == *plain => {}
            _ => runs.push((styles, x, 1)),
        }
    }
    runs
}

/// A cell's style in words.
fn named(cell: &Cell) -> String {
    let mut words = Vec::new();
    for (modifier, word) in [
        (Modifier::BOLD, "bold"),
        (Modifier::DIM, "dim"),
        (Modifier::UNDERLINED, "underlined"),
        (Modifier::REVERSED, "reversed"),
    ] {
        if cell.modifier.contains(modifier) {
            words.push(word.to_owned());
        }
    }
    if cell.fg != Color::Reset {
        words.push(colour(cell.fg));
    }
    if cell.bg != Color::Reset {
        words.push(format!("on {}", colour(cell.bg)));
    }
    if words.is_empty() { "default".into() } else { words.join(" ") }
}

/// The name of one of the 16 colours that every terminal has.
fn colour(colour: Color) -> String {
    let name = colour.to_string().to_lowercase();
    assert!(!matches!(colour, Color::Rgb(..) | Color::Indexed(_)), "{name} is none of the 16 colours");
    name
}
