//! Breaking text into lines by what a terminal shows.

use unicode_width::{UnicodeWidthChar, UnicodeWidthStr};

/// Breaks behind spaces and slashes; a word that is longer than a line is cut. At least one line; none is wider than
/// `width` columns as long as each character fits.
pub fn wrap(text: &str, width: usize) -> Vec<String> {
    let mut lines = vec![String::new()];
    for word in text.split_inclusive([' ', '/']) {
        let fits = columns(lines.last()) + word.trim_end().width() <= width;
        if !fits && lines.last().is_some_and(|line| !line.is_empty()) {
            lines.push(String::new());
        }
        for character in word.chars() {
            // A space at the end of a line needs no column: it is taken off below.
            if character != ' ' && columns(lines.last()) + character.width().unwrap_or(0) > width {
                lines.push(String::new());
            }
            if let Some(line) = lines.last_mut() {
                line.push(character);
            }
        }
    }
    lines.into_iter().map(|line| line.trim_end().to_owned()).collect()
}

/// The text without control characters: what a server said must not steer a terminal.
pub fn plain(text: String) -> String {
    if text.contains(char::is_control) { text.replace(char::is_control, " ") } else { text }
}

fn columns(line: Option<&String>) -> usize {
    line.map_or(0, |line| line.width())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_break_behind_spaces_and_slashes_and_inside_words_only_where_they_must() {
        for (text, expected) in [
            ("", vec![""]),
            ("one two", vec!["one two"]),
            ("one two three", vec!["one two", "three"]),
            ("b2bi/conf/x.xml", vec!["b2bi/", "conf/", "x.xml"]),
            ("abcdefghijk", vec!["abcdefgh", "ijk"]),
            ("密码密码密码", vec!["密码密码", "密码"]),
            ("one twos three", vec!["one twos", "three"]),
        ] {
            assert_eq!(wrap(text, 8), expected, "{text}");
        }
    }

    #[test]
    fn no_control_character_reaches_the_terminal() {
        assert_eq!(plain("red\u{1b}[31m\nline".into()), "red [31m line");
    }
}
