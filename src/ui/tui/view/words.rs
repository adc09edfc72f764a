//! Fitting words into columns.

use unicode_width::{UnicodeWidthChar, UnicodeWidthStr};

/// The columns that a text fills.
pub fn columns(text: &str) -> usize {
    text.width()
}

/// A text in lines of at most so many columns, broken at blanks; a word that is too long is cut.
pub fn wrap(text: &str, width: usize) -> Vec<String> {
    let width = width.max(1);
    let mut lines = Vec::new();
    let mut line = String::new();
    for word in text.split_whitespace() {
        if !line.is_empty() && columns(&line) + 1 + columns(word) > width {
            lines.push(std::mem::take(&mut line));
        }
        if !line.is_empty() {
            line.push(' ');
        }
        for letter in word.chars() {
            if columns(&line) + letter.width().unwrap_or(0) > width {
                lines.push(std::mem::take(&mut line));
            }
            line.push(letter);
        }
    }
    lines.push(line);
    lines
}

/// A line in parts of at most so many columns, every character kept; it is broken behind a blank where there is one in
/// the latter half, and what goes on is indented.
pub fn fold(line: &str, width: usize) -> Vec<String> {
    let width = width.max(4);
    let mut parts = Vec::new();
    let mut part = String::new();
    for letter in line.chars() {
        if columns(&part) + letter.width().unwrap_or(0) > width {
            let blank = part.rfind(' ').map(|at| at + 1).filter(|at| columns(&part[..*at]) > width / 2);
            let rest = part.split_off(blank.unwrap_or(part.len()));
            parts.push(std::mem::replace(&mut part, format!("  {rest}")));
        }
        part.push(letter);
    }
    parts.push(part);
    parts
}

/// A text cut to so many columns, with a mark where its end is missing.
pub fn cut(text: &str, width: usize, mark: &str) -> String {
    if columns(text) <= width {
        return text.to_owned();
    }
    let room = width.saturating_sub(columns(mark));
    let mut cut = String::new();
    for letter in text.chars() {
        if columns(&cut) + letter.width().unwrap_or(0) > room {
            break;
        }
        cut.push(letter);
    }
    cut.push_str(if width == 0 { "" } else { mark });
    cut
}

/// A text cut to so many columns, with the folders of the path in it left out first, and then its middle: a path is told
/// by its end.
pub fn cut_path(text: &str, width: usize, mark: &str) -> String {
    let mut words: Vec<String> = text.split(' ').map(str::to_owned).collect();
    while columns(&words.join(" ")) > width {
        let found = words.iter().enumerate().find_map(|(at, word)| Some((at, shorter(word, mark)?)));
        let Some((at, path)) = found else { break };
        words[at] = path;
    }
    let text_left = words.join(" ");
    if text.contains('/') { cut_middle(&text_left, width, mark) } else { cut(&text_left, width, mark) }
}

/// A text cut to so many columns, with a mark where its middle is missing.
fn cut_middle(text: &str, width: usize, mark: &str) -> String {
    let room = width.saturating_sub(columns(mark));
    if columns(text) <= width || room < 4 {
        return cut(text, width, mark);
    }
    let mut tail: Vec<char> = Vec::new();
    let mut used = 0;
    for letter in text.chars().rev() {
        used += letter.width().unwrap_or(0);
        if used > room / 2 {
            break;
        }
        tail.push(letter);
    }
    let tail: String = tail.into_iter().rev().collect();
    format!("{}{tail}", cut(text, width - columns(&tail), mark))
}

/// A path with one folder less; at last its name alone.
fn shorter(path: &str, mark: &str) -> Option<String> {
    let marked = path.strip_prefix(mark).and_then(|rest| rest.strip_prefix('/'));
    match marked.unwrap_or(path).trim_start_matches('/').split_once('/') {
        Some((_, rest)) => Some(format!("{mark}/{rest}")),
        None => marked.map(str::to_owned),
    }
}

/// A text with blanks behind it, to fill so many columns.
pub fn pad(text: &str, width: usize) -> String {
    format!("{text}{}", " ".repeat(width.saturating_sub(columns(text))))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_are_kept_whole_where_they_fit() {
        assert_eq!(wrap("one two three", 7), ["one two", "three"]);
        assert_eq!(wrap("abcdefgh ij", 3), ["abc", "def", "gh", "ij"]);
        assert_eq!(wrap("", 5), [""]);
        assert_eq!(wrap("日本語", 4), ["日本", "語"]);
        assert_eq!(wrap("a", 0), ["a"]);
    }

    #[test]
    fn folding_keeps_every_character() {
        assert_eq!(fold("+  abcdef", 6), ["+  abc", "  def"]);
        assert_eq!(fold("+ one two three", 12), ["+ one two ", "  three"]);
        assert_eq!(fold("", 6), [""]);
    }

    #[test]
    fn cutting_keeps_to_the_width() {
        assert_eq!(cut("abcdef", 4, "…"), "abc…");
        assert_eq!(cut("abc", 3, "…"), "abc");
        assert_eq!(cut("abc", 0, "…"), "");
        assert_eq!(cut_path("Write b2bi/Integrator/conf/a.xml", 20, "…"), "Write …/conf/a.xml");
        assert_eq!(cut_path("Write b2bi/conf/passport.xml", 16, "…"), "Write pa…ort.xml");
        assert_eq!(cut_path("/srv/a/b", 5, "…"), "…/a/b");
        assert_eq!(cut_path("/srv/a/bcd", 3, "…"), "bcd");
    }
}
