//! How XML writes text: references, CDATA sections, line breaks.

use std::fmt::Write;

use quick_xml::escape::resolve_predefined_entity;
use quick_xml::events::BytesRef;
use zeroize::Zeroizing;

use crate::forms::FormError;

/// A part of an element's text.
#[derive(Clone, Copy)]
pub(super) enum Piece {
    /// Characters as they stand.
    Text,
    /// A CDATA section.
    Verbatim,
    /// A character or entity reference.
    Reference,
}

/// Writes a value as element text. Everything beyond ASCII becomes a character reference, so the file's own encoding
/// does not matter.
pub(in crate::forms) fn escape(key: &str, value: &str) -> Result<Zeroizing<String>, FormError> {
    if !value.chars().all(is_allowed) {
        return Err(FormError::Value { key: key.into(), rule: "a value with control characters cannot stand in XML" });
    }
    // At most six characters for each byte: `&#127;`.
    let mut out = Zeroizing::new(String::with_capacity(value.len() * 6));
    for character in value.chars() {
        match character {
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '&' => out.push_str("&amp;"),
            '\t' | ' '..='~' => out.push(character),
            // Writing to a string cannot fail.
            other => drop(write!(out, "&#{};", u32::from(other))),
        }
    }
    Ok(out)
}

/// Appends what a piece of the document stands for. `None` when it is a reference to an entity of the document's own.
pub(super) fn decode(piece: Piece, raw: &[u8], out: &mut String) -> Option<()> {
    let raw = std::str::from_utf8(raw).ok()?;
    match piece {
        Piece::Text => push_lines(raw, out),
        Piece::Verbatim => push_lines(raw.strip_prefix("<![CDATA[")?.strip_suffix("]]>")?, out),
        Piece::Reference => {
            let name = raw.strip_prefix('&')?.strip_suffix(';')?;
            match BytesRef::new(name).resolve_char_ref().ok()? {
                Some(character) => out.push(character),
                None => out.push_str(resolve_predefined_entity(name)?),
            }
        }
    }
    Some(())
}

/// Every line break becomes one newline (section 2.11).
fn push_lines(raw: &str, out: &mut String) {
    for (index, line) in raw.split("\r\n").enumerate() {
        if index > 0 {
            out.push('\n');
        }
        out.extend(line.chars().map(|character| if character == '\r' { '\n' } else { character }));
    }
}

/// The characters that XML 1.0 allows in a document (section 2.2).
pub(super) fn is_allowed(character: char) -> bool {
    matches!(character, '\t' | '\n' | '\r' | ' '..='\u{D7FF}' | '\u{E000}'..='\u{FFFD}' | '\u{10000}'..)
}
