//! Values in quotes.

use zeroize::Zeroizing;

use super::spot::Hand;
use super::text::is_control;

/// A text in double quotes as JSON, TOML and YAML read it alike: `\"`, `\\`, `\t`, and `\uXXXX` for what has no sign.
pub(super) fn double(value: &str) -> Zeroizing<String> {
    // At most six characters for a byte.
    let mut out = Zeroizing::new(String::with_capacity(value.len() * 6 + 2));
    out.push('"');
    for character in value.chars() {
        match character {
            '"' | '\\' => out.extend(['\\', character]),
            '\t' => out.push_str("\\t"),
            other if is_control(other) => {
                out.push_str("\\u");
                out.extend([12, 8, 4, 0].map(|shift| digit(u32::from(other) >> shift & 0xF)));
            }
            other => out.push(other),
        }
    }
    out.push('"');
    out
}

fn digit(value: u32) -> char {
    char::from_digit(value, 16).unwrap_or_default().to_ascii_uppercase()
}

/// A text in single quotes, where none stands in it and nothing that would need a sign of its own.
pub(super) fn single(value: &str) -> Option<Zeroizing<String>> {
    let plain = !value.contains('\'') && !value.chars().any(is_control);
    plain.then(|| Zeroizing::new(["'", value, "'"].concat()))
}

/// A text in the quotes of formats that have none of their own: double ones with `\"` and `\\` in them, or single ones
/// where those stood before and nothing is to be escaped.
pub(super) fn ours(value: &str, hand: Hand) -> Zeroizing<String> {
    let kept = if hand == Hand::Single && !value.contains('\\') { single(value) } else { None };
    kept.unwrap_or_else(|| {
        let mut out = Zeroizing::new(String::with_capacity(value.len() * 2 + 2));
        out.push('"');
        for character in value.chars() {
            if matches!(character, '"' | '\\') {
                out.push('\\');
            }
            out.push(character);
        }
        out.push('"');
        out
    })
}

/// What [`ours`] wrote, or a text without quotes that needs none. `None` when readers could take it in different ways.
pub(super) fn read_ours(text: &str) -> Option<Zeroizing<String>> {
    let Some(end) = closing(text.as_bytes()) else {
        return (!text.contains(['"', '\'', '\\'])).then(|| Zeroizing::new(text.to_owned()));
    };
    if end != text.len() {
        return None;
    }
    let inner = &text[1..end - 1];
    if text.starts_with('\'') {
        // Some readers take a backslash there for itself, some do not.
        return (!inner.contains('\\')).then(|| Zeroizing::new(inner.to_owned()));
    }
    let mut out = Zeroizing::new(String::with_capacity(inner.len()));
    let mut rest = inner.chars();
    while let Some(character) = rest.next() {
        let read = if character == '\\' { rest.next().filter(|next| matches!(next, '"' | '\\'))? } else { character };
        out.push(read);
    }
    Some(out)
}

/// Behind the quote that closes a text which begins with one, on the same line.
pub(super) fn closing(text: &[u8]) -> Option<usize> {
    let quote = *text.first().filter(|byte| matches!(byte, b'"' | b'\''))?;
    let mut at = 1;
    loop {
        match *text.get(at)? {
            b'\n' | b'\r' => return None,
            b'\\' if quote == b'"' => at += 2,
            byte if byte == quote => return Some(at + 1),
            _ => at += 1,
        }
    }
}

/// The hand in which a value is written.
pub(super) fn hand(written: &[u8]) -> Hand {
    match written.first() {
        Some(b'\'') => Hand::Single,
        Some(b'"') => Hand::Double,
        _ => Hand::Bare,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn quotes_are_read_as_they_were_written() {
        for value in ["", "a", " a ", "\"", "\\", "\\\"", "'", "a'\\b", "\u{e9}"] {
            for hand in [Hand::Bare, Hand::Single, Hand::Double] {
                let written = ours(value, hand);
                assert_eq!(read_ours(&written).as_ref().map(|read| read.as_str()), Some(value), "{}", *written);
            }
        }
        assert_eq!(*ours("a", Hand::Single), "'a'");
    }

    #[test]
    fn what_readers_take_in_different_ways_is_none() {
        for text in ["\"a\\n\"", "\"a", "\"a\"b", "'a\\b'", "a\"b", "a\\b"] {
            assert!(read_ours(text).is_none(), "{text}");
        }
        assert_eq!(read_ours("bare").as_ref().map(|read| read.as_str()), Some("bare"));
    }
}
