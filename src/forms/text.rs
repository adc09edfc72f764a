//! Files as text: encoding and byte order mark, and what is commented out.

use std::ops::Range;

use super::FormError;
use super::spot::Found;

/// A UTF-8 byte order mark.
pub(super) const MARK: &str = "\u{FEFF}";

/// A file's text without its byte order mark, and how many bytes the mark takes.
pub(super) fn document<'a>(text: &'a [u8], rule: &'static str) -> Result<(&'a str, usize), FormError> {
    let whole = std::str::from_utf8(text).map_err(|error| FormError::file(text, error.valid_up_to(), rule))?;
    let document = whole.strip_prefix(MARK).unwrap_or(whole);
    Ok((document, whole.len() - document.len()))
}

/// Where a `#` begins what may be a comment, to the end of its line; with `behind_blank` only one at a line's start or
/// behind a blank counts. What stands in `spot` begins none.
///
/// One in a text in quotes is taken for a comment too: then more is hidden than need be.
pub(super) fn hash_comments<'a>(
    text: &'a [u8],
    spot: &'a Range<usize>,
    behind_blank: bool,
) -> impl Iterator<Item = Range<usize>> + 'a {
    let mut next = 0;
    text.split(|byte| matches!(byte, b'\n' | b'\r')).filter_map(move |line| {
        let line = next..next + line.len();
        next = line.end + 1;
        let begins = |at: &usize| {
            let is_apart = *at == line.start || matches!(text[at - 1], b' ' | b'\t');
            text[*at] == b'#' && !spot.contains(at) && (is_apart || !behind_blank)
        };
        line.clone().find(begins).map(|at| at..line.end)
    })
}

/// Of a comment the stretch behind `name` and one of these signs: a value that is commented out.
///
/// Rather too much than too little: whatever else stands behind it in the comment goes with it.
pub(super) fn value_in_comment(text: &[u8], comment: Range<usize>, name: &str, signs: &[u8]) -> Option<Range<usize>> {
    let body = text.get(comment.clone())?;
    let names = (0..body.len()).filter(|at| !name.is_empty() && body[*at..].starts_with(name.as_bytes()));
    let value = names.filter_map(|at| behind_sign(body, at + name.len(), signs)).find(|at| *at < body.len())?;
    Some(comment.start + value..comment.end)
}

/// Where the value begins when a sign follows here; blanks and a closing quote may stand before it.
fn behind_sign(body: &[u8], name_end: usize, signs: &[u8]) -> Option<usize> {
    let skip =
        |from: usize, skipped: &[u8]| from + body[from..].iter().take_while(|byte| skipped.contains(byte)).count();
    let sign = skip(name_end, b"\"' \t");
    let is_sign = body.get(sign).is_some_and(|byte| signs.contains(byte));
    is_sign.then(|| skip(sign + 1, b" \t\r\n"))
}

/// The answer for a key that no line has: it is not there, unless others are taken in that may hold it.
pub(super) fn absent(text: &[u8], key: &str) -> Result<Option<Found>, FormError> {
    if includes_others(text) {
        let rule = "is not in the file, which includes others: name the one that holds it";
        return Err(FormError::Present { key: key.into(), rule });
    }
    Ok(None)
}

/// Whether a line has the file take in others: `include x`, `!includedir x`, `@include x` and the like.
fn includes_others(text: &[u8]) -> bool {
    text.split(|byte| matches!(byte, b'\n' | b'\r')).any(|line| {
        let line = line.trim_ascii_start();
        let line = line.strip_prefix(b"!").or(line.strip_prefix(b"@")).unwrap_or(line);
        let word = line.split(|byte| !byte.is_ascii_alphanumeric()).next().unwrap_or_default();
        [&b"include"[..], b"includedir"].iter().any(|sign| word.eq_ignore_ascii_case(sign)) && word.len() < line.len()
    })
}

/// What a file cannot hold and still be read the same everywhere: NUL and other control characters, and characters that
/// are none.
pub(super) fn is_control(character: char) -> bool {
    character.is_control() || matches!(character, '\u{2028}' | '\u{2029}' | '\u{FEFF}' | '\u{FFFE}' | '\u{FFFF}')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn files_that_take_in_others_are_known() {
        for (text, includes) in [
            ("a = 1\n!includedir /etc/x\n", true),
            ("  include x.conf", true),
            ("@include x", true),
            ("included = 1", false),
            ("# include x", false),
            ("include", false),
        ] {
            assert_eq!(includes_others(text.as_bytes()), includes, "{text}");
        }
    }

    #[test]
    fn a_value_in_a_comment_is_found_behind_its_name() {
        let found = |text: &str| {
            value_in_comment(text.as_bytes(), 0..text.len(), "key", b"=:").map(|range| text[range].to_owned())
        };
        for (text, value) in [
            ("# key = v w", Some("v w")),
            ("#key:v", Some("v")),
            ("// \"key\" : \"v\",", Some("\"v\",")),
            ("# the key, key = v", Some("v")),
            ("# the key", None),
            ("# key =", None),
            ("# the key is key", None),
        ] {
            assert_eq!(found(text).as_deref(), value, "{text}");
        }
    }
}
