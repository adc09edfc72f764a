//! How a value is written: a backslash is doubled, as Windows paths show it and as Java's properties have it.

use std::borrow::Cow;

use zeroize::Zeroizing;

/// Bytes as people see them: UTF-8, and Latin-1 where they are not.
pub(super) fn shown(bytes: &[u8]) -> Cow<'_, str> {
    match std::str::from_utf8(bytes) {
        Ok(text) => Cow::Borrowed(text),
        Err(_) => Cow::Owned(bytes.iter().map(|byte| char::from(*byte)).collect()),
    }
}

/// A value as its reader takes it.
pub(super) enum Decoded {
    /// As it stands there.
    AsItIs,
    /// Something else.
    Other(Zeroizing<String>),
}

/// Resolves a value's backslashes. Besides `\\` those are known that Java's properties put before punctuation, and `\u`
/// with four hexadecimal digits.
///
/// # Errors
/// The offset of a backslash that stands alone: a reader might drop it, or take more than it for one character.
pub(super) fn decode(value: &[u8]) -> Result<Decoded, usize> {
    let text = shown(value);
    if !text.contains('\\') {
        return Ok(if let Cow::Owned(text) = text { Decoded::Other(text.into()) } else { Decoded::AsItIs });
    }
    let mut out = Zeroizing::new(String::with_capacity(text.len()));
    let mut rest = text.char_indices().peekable();
    while let Some((at, character)) = rest.next() {
        if character != '\\' {
            out.push(character);
            continue;
        }
        match rest.next() {
            Some((_, next @ ('\\' | ':' | '=' | '#' | '!' | ' '))) => out.push(next),
            Some((digits, 'u')) => {
                let code = text.get(digits + 1..digits + 5).filter(|code| code.bytes().all(|b| b.is_ascii_hexdigit()));
                let known = code.and_then(|code| u32::from_str_radix(code, 16).ok()).and_then(char::from_u32);
                out.push(known.ok_or_else(|| offset(&text, value, at))?);
                for _ in 0..4 {
                    rest.next();
                }
            }
            _ => return Err(offset(&text, value, at)),
        }
    }
    Ok(Decoded::Other(out))
}

/// The offset in the bytes of an offset in the text that was made of them.
fn offset(text: &str, value: &[u8], at: usize) -> usize {
    if text.len() == value.len() { at } else { text[..at].chars().count() }
}

/// Whether a line that ends with this value would go on in the next one for a reader that knows Java's rules.
pub(super) fn ends_open(value: &[u8]) -> bool {
    value.iter().rev().take_while(|byte| **byte == b'\\').count() % 2 == 1
}

/// Writes a value so that it reads back equal.
///
/// # Errors
/// What the grammar cannot hold.
pub(super) fn encode(value: &str) -> Result<Zeroizing<Vec<u8>>, &'static str> {
    if value.contains(['\n', '\r']) {
        return Err("a value with a line break cannot stand in a silent file");
    }
    if value.starts_with([' ', '\t']) || value.ends_with([' ', '\t']) {
        return Err("a value that begins or ends with a blank cannot stand in a silent file, where blanks are cut off");
    }
    if !value.bytes().all(|byte| matches!(byte, b' '..=b'~')) {
        return Err("only printable ASCII characters can stand in a silent file, whose encoding no manual tells");
    }
    let mut out = Zeroizing::new(Vec::with_capacity(value.len() * 2));
    for byte in value.bytes() {
        if byte == b'\\' {
            out.push(byte);
        }
        out.push(byte);
    }
    Ok(out)
}
