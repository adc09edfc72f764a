//! Words in braces: `{home}` in a command, a path or a pattern.

use std::ops::Range;

/// Keys whose values are patterns: there a backslash word such as `\p{alpha}` is no word in braces, and what is filled in
/// stands for itself.
const PATTERNS: [&str; 9] =
    ["aligned", "differs", "pending", "success", "failure", "lists", "products", "secrets", "other_secrets"];

/// Whether a value is a pattern, by its key.
pub fn is_pattern(key: &str) -> bool {
    PATTERNS.contains(&key)
}

/// Every word in braces, with where it stands, braces included. Other braces, such as a pattern's `{2,3}`, are none.
pub fn words(text: &str) -> Vec<(Range<usize>, &str)> {
    let mut words = Vec::new();
    let mut from = 0;
    while let Some(open) = text[from..].find('{').map(|at| from + at) {
        from = open + 1;
        let Some(close) = text[from..].find('}').map(|at| from + at) else { break };
        let word = &text[from..close];
        if is_word(word) && !is_class(&text[..open]) {
            words.push((open..close + 1, word));
            from = close + 1;
        }
    }
    words
}

/// Whether it may be the name of a variable.
pub fn is_word(word: &str) -> bool {
    word.starts_with(|first: char| first.is_ascii_lowercase())
        && word.chars().all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '_' || c == '-')
}

/// Whether a brace behind this belongs to a pattern's character class, as in `\p{alpha}` or `\x{e9}`.
fn is_class(before: &str) -> bool {
    let mut back = before.chars().rev();
    matches!(back.next(), Some('p' | 'P' | 'x' | 'u' | 'U')) && back.take_while(|c| *c == '\\').count() % 2 == 1
}

/// The text with every word replaced for which there is a value.
pub fn replace<'a>(text: &str, value: impl Fn(&str) -> Option<std::borrow::Cow<'a, str>>) -> String {
    let mut replaced = String::with_capacity(text.len());
    let mut done = 0;
    for (range, word) in words(text) {
        if let Some(value) = value(word) {
            replaced.push_str(&text[done..range.start]);
            replaced.push_str(&value);
            done = range.end;
        }
    }
    replaced.push_str(&text[done..]);
    replaced
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_words_in_braces_are_found() {
        let found = |text| words(text).into_iter().map(|(_, word)| word).collect::<Vec<_>>();
        assert_eq!(found("{home}/{a{b}} {Not} {2,3} { x } {x"), ["home", "b"]);
        assert_eq!(found(r"\p{alpha}\x{e9} \\p{yes} p{also}"), ["yes", "also"]);
    }

    #[test]
    fn a_value_is_put_in_once_and_what_has_none_stays() {
        let value = |word: &str| (word == "a").then(|| "{b}".into());
        assert_eq!(replace("{a}-{b}{a}", value), "{b}-{b}{b}");
    }
}
