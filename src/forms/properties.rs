//! Java's `.properties`, read as `java.util.Properties.load(InputStream)` does: Latin-1, with `\uXXXX` for the rest.

mod lines;

use std::ops::Range;

use zeroize::Zeroizing;

use super::FormError;
use super::spot::{Found, Hand, Spot};
use crate::secret::Secret;
use lines::{Line, Lines, Logical};

/// A UTF-8 byte order mark, as the three Latin-1 characters that Java takes it for.
const MARK: &[u8] = b"\xEF\xBB\xBF";

/// The value of a property and where it stands.
pub(super) fn find(text: &[u8], key: &str) -> Result<Option<Found>, FormError> {
    let mut found = None;
    for line in Lines::new(text) {
        let Line::Logical(line) = line else { continue };
        let property = Property::split(text, &line);
        // Java refuses the whole file when any escape in it is broken.
        let (Some(name), Some(value)) = (decode(text, property.name), decode(text, property.value)) else {
            let rule = "\\u is not followed by four hexadecimal digits, so Java does not read the file";
            return Err(FormError::file(text, line.end, rule));
        };
        if is_behind_mark(text, &line) && same(&name[MARK.len()..], key) {
            let rule = "stands right behind a byte order mark, where Java does not see it: remove the mark";
            return Err(FormError::Present { key: key.into(), rule });
        }
        if !same(&name, key) {
            continue;
        }
        if found.is_some() {
            return Err(FormError::Twice { key: key.into() });
        }
        let value = secret(&value).ok_or_else(|| FormError::Present {
            key: key.into(),
            rule: "holds half a character (a \\u escape without its other half): write it anew",
        })?;
        found = Some(Found { value, spot: property.spot(&line) });
    }
    Ok(found)
}

/// Writes a value so that Java reads exactly this one. Everything beyond printable ASCII becomes `\uXXXX`, so the
/// file's own encoding does not matter.
pub(super) fn escape(value: &str) -> Zeroizing<String> {
    // Six characters for each of at most as many UTF-16 units as bytes.
    let mut out = Zeroizing::new(String::with_capacity(value.len() * 6));
    for (at, character) in value.char_indices() {
        match character {
            // Blanks at the ends: Java drops those before the value, and editors those behind it.
            ' ' if at == 0 || at + 1 == value.len() => out.push_str("\\u0020"),
            '\\' | '=' | ':' | '#' | '!' => out.extend(['\\', character]),
            ' '..='~' => out.push(character),
            other => other.encode_utf16(&mut [0; 2]).iter().for_each(|unit| push_unit(&mut out, *unit)),
        }
    }
    out
}

fn push_unit(out: &mut String, unit: u16) {
    out.push_str("\\u");
    out.extend([12, 8, 4, 0].map(|shift| char::from(b"0123456789ABCDEF"[usize::from(unit >> shift & 0xF)])));
}

/// Where values stand that are commented out under this key.
pub(super) fn commented_out(text: &[u8], key: &str) -> Vec<Range<usize>> {
    Lines::new(text)
        .filter_map(|line| {
            let Line::Comment(comment) = line else { return None };
            let start = comment.clone().find(|at| !b"#! \t\x0C".contains(&text[*at]))?;
            let line = Logical { characters: (start..comment.end).collect(), end: comment.end };
            let property = Property::split(text, &line);
            let name = decode(text, property.name)?;
            (same(&name, key) && !property.value.is_empty()).then(|| property.spot(&line).first)
        })
        .collect()
}

/// A line's two halves, as the positions of their characters in the file.
struct Property<'a> {
    name: &'a [usize],
    value: &'a [usize],
    has_separator: bool,
}

impl<'a> Property<'a> {
    /// The name ends at the first `=`, `:` or blank without a backslash; one `=` or `:` and all blanks go with it.
    fn split(text: &[u8], line: &'a Logical) -> Self {
        let characters = line.characters.as_slice();
        let byte = |index: &usize| text[characters[*index]];
        let mut escaped = false;
        let name = (0..characters.len())
            .find(|index| {
                let ends = !escaped && b"=: \t\x0C".contains(&byte(index));
                escaped = !escaped && byte(index) == b'\\';
                ends
            })
            .unwrap_or(characters.len());
        let mut has_sign = false;
        let value = (name..characters.len())
            .find(|index| match byte(index) {
                b' ' | b'\t' | b'\x0C' => false,
                b'=' | b':' if !has_sign => {
                    has_sign = true;
                    false
                }
                _ => true,
            })
            .unwrap_or(characters.len());
        Self { name: &characters[..name], value: &characters[value..], has_separator: name < characters.len() }
    }

    fn spot(&self, line: &Logical) -> Spot {
        let behind = line.characters.last().map_or(line.end, |last| last + 1);
        let start = self.value.first().copied().unwrap_or(behind);
        let around = (if self.has_separator { "" } else { "=" }, String::new());
        Spot { around, ..Spot::at(start..line.end, Hand::Bare) }
    }
}

/// Resolves the escapes, into UTF-16 as Java does. `None` when a `\u` is broken.
fn decode(text: &[u8], characters: &[usize]) -> Option<Zeroizing<Vec<u16>>> {
    let mut out = Zeroizing::new(Vec::with_capacity(characters.len()));
    let mut rest = characters.iter().map(|at| text[*at]);
    while let Some(byte) = rest.next() {
        let unit = if byte == b'\\' { unescape(&mut rest)? } else { u16::from(byte) };
        out.push(unit);
    }
    Some(out)
}

/// What a backslash and the characters behind it stand for.
fn unescape(rest: &mut impl Iterator<Item = u8>) -> Option<u16> {
    let digit = |byte: u8| char::from(byte).to_digit(16).and_then(|digit| u16::try_from(digit).ok());
    Some(match rest.next()? {
        b'u' => {
            let mut unit = 0;
            for _ in 0..4 {
                unit = unit << 4 | digit(rest.next()?)?;
            }
            unit
        }
        b't' => u16::from(b'\t'),
        b'n' => u16::from(b'\n'),
        b'r' => u16::from(b'\r'),
        b'f' => 0x0C,
        other => u16::from(other),
    })
}

/// The text of UTF-16 units; `None` when half a surrogate pair is among them.
fn secret(units: &[u16]) -> Option<Secret> {
    // Three bytes for a unit at most.
    let mut text = Zeroizing::new(String::with_capacity(units.len() * 3));
    for character in char::decode_utf16(units.iter().copied()) {
        text.push(character.ok()?);
    }
    Some(Secret::new(std::mem::take(&mut text)))
}

fn same(name: &[u16], key: &str) -> bool {
    key.encode_utf16().eq(name.iter().copied())
}

fn is_behind_mark(text: &[u8], line: &Logical) -> bool {
    text.starts_with(MARK) && line.characters.starts_with(&[0, 1, 2])
}

#[cfg(test)]
mod tests {
    use crate::forms::{FormError, Format, MASK};
    use crate::secret::Secret;

    fn read(text: &str) -> Option<String> {
        let latin1: Vec<u8> = text.chars().map(|c| u8::try_from(u32::from(c)).expect("Latin-1")).collect();
        Format::Properties.read(&latin1, "k").expect("readable").map(|secret| secret.expose().to_owned())
    }

    fn write(text: &str, value: &str) -> String {
        let written = Format::Properties.write(text.as_bytes(), "k", &Secret::new(value.into())).expect("written");
        String::from_utf8(written.to_vec()).expect("text")
    }

    // What `java.util.Properties` (17) gives for each.
    #[test]
    fn values_are_read_as_java_reads_them() {
        for (text, value) in [
            ("k=v", "v"),
            ("k:v", "v"),
            ("k v", "v"),
            ("k", ""),
            ("k=", ""),
            ("  k \t= \x0Cv w ", "v w "),
            ("k==v", "=v"),
            ("k : = v", "= v"),
            ("k = a\\\n   b\\\r\n\tc", "abc"),
            ("k = a\\\\\nb=c", "a\\"),
            ("k=\\ a\\tb\\q\\u00e9\\uD83D\\uDE00", " a\tbqé😀"),
            ("#k=1\n!k=2\n\\\n# k=3\nk=4", "4"),
            ("a=1\\\n#2\nk=3", "3"),
            ("k=é", "é"),
            ("\\u006b=v", "v"),
            ("a=\\\n\nk=v", "v"),
            ("k=v\\", "v"),
        ] {
            assert_eq!(read(text).as_deref(), Some(value), "{text:?}");
        }
        for text in ["", "# k=v", "a=\\\nk=v", "\\k\\==v", "k\\ =v", "K=v"] {
            assert_eq!(read(text), None, "{text:?}");
        }
    }

    #[test]
    fn only_the_value_changes() {
        assert_eq!(
            write("# c\r\n  k : a\\\r\n   b\r\nx=\\u00e9", " é#"),
            "# c\r\n  k : \\u0020\\u00E9\\#\r\nx=\\u00e9"
        );
        assert_eq!(write("k", "v"), "k=v");
        assert_eq!(write("k ", "=v"), "k \\=v");
        assert_eq!(write("k=\\", "new"), "k=new");
        assert_eq!(write("k=\na=b", "v"), "k=v\na=b");
    }

    #[test]
    fn people_see_neither_the_value_nor_one_commented_out() {
        let text = "#k=old\n# about k\n ! k : older\nk=secret\\\n  more\nk2=v\n";
        assert_eq!(
            Format::Properties.masked(text.as_bytes(), "k"),
            Ok(format!("#k={MASK}\n# about k\n ! k : {MASK}\nk={MASK}\nk2=v\n"))
        );
        assert_eq!(Format::Properties.masked(b"#\xE9\nk=", "k"), Ok(format!("#é\nk={MASK}")));
    }

    #[test]
    fn what_java_would_not_read_is_refused_by_line_and_rule() {
        let error = Format::Properties.read(b"k=v\nx=secret\\u12", "k").err().expect("refused");
        assert!(matches!(error, FormError::File { line: 2, .. }));
        assert!(!error.to_string().contains("secret"));
        let hidden = Format::Properties.read("\u{FEFF}k=v".as_bytes(), "k").err().expect("refused");
        assert!(hidden.to_string().contains("byte order mark"));
        assert!(matches!(Format::Properties.read(b"k=\\uD83D", "k"), Err(FormError::Present { .. })));
    }
}
