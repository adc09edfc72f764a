//! Sections of `key = value` lines, in the dialects that most programs share.
//!
//! Readers of such files differ in what they make of quotes, signs of comments behind a value, and lines that are
//! indented more deeply: what they would take in different ways is refused.

use std::ops::Range;

use super::spot::{Found, Spot};
use super::text::{MARK, absent, is_control, value_in_comment};
use super::{FormError, path, quote};
use crate::secret::Secret;

/// The value of a key in its section, and where it stands. With `quoted` a value may stand in quotes, which are part of
/// what is found.
pub(super) fn find(text: &[u8], key: &str, quoted: bool) -> Result<Option<Found>, FormError> {
    let wanted = Wanted::of(key);
    let lines: Vec<Range<usize>> = Lines::new(text).filter(|line| !is_comment(&text[line.clone()])).collect();
    let (mut in_section, mut indent, mut found) = (wanted.section.is_none(), None, None);
    for (index, line) in lines.iter().enumerate() {
        let line_text = &text[line.clone()];
        if line_text.first() == Some(&b'[') {
            let rule = "the section's name is not closed by ] alone: write [name]";
            let name = section(line_text).ok_or_else(|| FormError::file(text, line.start, rule))?;
            (in_section, indent) = (wanted.section.as_deref() == Some(name), None);
            continue;
        }
        let depth = depth(text, line);
        let is_deeper = indent.is_some_and(|indent| depth > indent);
        if !is_deeper {
            indent = Some(depth);
        }
        if !in_section || !wanted.is_named(line_text) {
            continue;
        }
        if found.is_some() {
            return Err(FormError::Twice { key: key.into() });
        }
        let goes_on =
            lines.get(index + 1).is_some_and(|next| text[next.start] != b'[' && self::depth(text, next) > depth);
        let present = |rule| FormError::Present { key: key.into(), rule };
        let range = wanted.value(line_text, is_deeper, goes_on, quoted).map_err(present)?;
        let blanks = text[line.end..].iter().take_while(|byte| matches!(byte, b' ' | b'\t')).count();
        let range = if range.is_empty() {
            line.end + blanks..line.end + blanks
        } else {
            line.start + range.start..line.start + range.end
        };
        let written = &text[range.clone()];
        let value = std::str::from_utf8(written).map_err(|_| present("is not UTF-8 text: write it anew"))?;
        found = Some(Found { value: Secret::copy_of(value), spot: Spot::at(range, quote::hand(written)) });
    }
    found.map_or_else(|| absent(text, key), |found| Ok(Some(found)))
}

/// Whether a value, as its form encoded it, can stand behind the sign.
pub(super) fn check(key: &str, value: &str, quoted: bool) -> Result<(), FormError> {
    let rule = if value.chars().any(is_control) {
        "a value with control characters cannot stand in an INI file"
    } else if quoted {
        return Ok(());
    } else if value.trim() != value {
        "a value with blanks at its ends needs the form quoted"
    } else if value.starts_with(['"', '\'']) {
        "a value that begins with a quote needs the form quoted"
    } else if extent(value.as_bytes(), false).is_err() {
        "a value with # or ; where a comment could begin, or with \\ at its end, needs the form quoted"
    } else {
        return Ok(());
    };
    Err(FormError::Value { key: key.into(), rule })
}

/// Where values stand that are commented out under the key's name.
pub(super) fn commented_out(text: &[u8], key: &str) -> Vec<Range<usize>> {
    let name = path::last(key);
    let comments = Lines::new(text).filter(|line| is_comment(&text[line.clone()]));
    comments.filter_map(|line| value_in_comment(text, line, &name, b"=:")).collect()
}

/// The section and the name that are looked for.
struct Wanted {
    section: Option<Vec<u8>>,
    name: Vec<u8>,
}

impl Wanted {
    fn of(key: &str) -> Self {
        let mut parts = path::parts(key);
        let name = parts.pop().unwrap_or_default().into_bytes();
        Self { section: (!parts.is_empty()).then(|| parts.join("/").into_bytes()), name }
    }

    /// Whether a line has this name, in whatever letters' case: some readers tell them apart and some do not.
    fn is_named(&self, line: &[u8]) -> bool {
        let Some((name, rest)) = line.split_at_checked(self.name.len()) else { return false };
        let ends = rest.trim_ascii_start().first().is_none_or(|byte| matches!(byte, b'=' | b':'));
        !self.name.is_empty() && name.eq_ignore_ascii_case(&self.name) && ends
    }

    /// Where on its line the value stands: behind the sign and the blanks round it. Where a line is indented more deeply
    /// than the entry before it, some readers take it for more of that one.
    fn value(&self, line: &[u8], is_deeper: bool, goes_on: bool, quoted: bool) -> Result<Range<usize>, &'static str> {
        let rest =
            line.strip_prefix(self.name.as_slice()).ok_or("stands there in other letters' case: write it alike")?;
        let behind_sign =
            rest.trim_ascii_start().get(1..).ok_or("stands there without = or : and a value: add them")?;
        if is_deeper {
            return Err("is indented more deeply than the entry before it, as if that went on: indent both alike");
        }
        if goes_on {
            return Err("seems to go on in the next line, which is indented more deeply: put it on one line");
        }
        let start = line.len() - behind_sign.trim_ascii_start().len();
        let length = extent(&line[start..], quoted)?;
        Ok(start..start + length)
    }
}

/// How much of a line's rest is the value.
fn extent(rest: &[u8], quoted: bool) -> Result<usize, &'static str> {
    let rest = rest.trim_ascii_end();
    if matches!(rest, [b'"' | b'\'', ..]) {
        if !quoted {
            return Err("stands in quotes, and its form does not: give it the form quoted");
        }
        let end = quote::closing(rest).ok_or("begins with a quote that is not closed on its line: close it")?;
        let behind = rest[end..].trim_ascii_start();
        let is_comment = behind.len() < rest.len() - end && is_comment(behind);
        if !behind.is_empty() && !is_comment {
            return Err("has something behind its closing quote: remove it");
        }
        return Ok(end);
    }
    let sign = |at: usize| matches!(rest[at], b'#' | b';') && (at == 0 || rest[at - 1].is_ascii_whitespace());
    if (0..rest.len()).any(sign) {
        return Err("has # or ; behind it, which some readers take for a comment: put that on a line of its own");
    }
    if rest.ends_with(b"\\") {
        return Err("ends with \\, by which some readers go on in the next line: write it in the form quoted");
    }
    Ok(rest.len())
}

/// The name of a section; `None` when more than a comment stands behind its bracket.
fn section(line: &[u8]) -> Option<&[u8]> {
    let end = line.iter().position(|byte| *byte == b']')?;
    let rest = line[end + 1..].trim_ascii();
    (rest.is_empty() || is_comment(rest)).then(|| line[1..end].trim_ascii())
}

fn is_comment(line: &[u8]) -> bool {
    matches!(line, [b'#' | b';', ..])
}

/// How far in a line begins: characters between the line break before it and its first one.
fn depth(text: &[u8], line: &Range<usize>) -> usize {
    let before = text[..line.start].strip_prefix(MARK.as_bytes()).unwrap_or(&text[..line.start]);
    before.iter().rev().take_while(|byte| !matches!(byte, b'\n' | b'\r')).count()
}

/// The lines that are not blank, each without the blanks round it.
struct Lines<'a> {
    text: &'a [u8],
    at: usize,
}

impl<'a> Lines<'a> {
    fn new(text: &'a [u8]) -> Self {
        Self { text, at: if text.starts_with(MARK.as_bytes()) { MARK.len() } else { 0 } }
    }
}

impl Iterator for Lines<'_> {
    type Item = Range<usize>;

    fn next(&mut self) -> Option<Self::Item> {
        let rest = &self.text[self.at..];
        let start = self.at + rest.iter().position(|byte| !byte.is_ascii_whitespace())?;
        let length = self.text[start..].iter().position(|byte| matches!(byte, b'\n' | b'\r'));
        let end = length.map_or(self.text.len(), |length| start + length);
        self.at = end;
        Some(start..start + self.text[start..end].trim_ascii_end().len())
    }
}

#[cfg(test)]
mod tests {
    use crate::forms::{Form, FormError, Format, MASK, Shape};
    use crate::secret::Secret;

    fn shape(form: Form) -> Shape {
        Shape { format: Format::Ini, form }
    }

    fn read(text: &str, key: &str, form: Form) -> Option<String> {
        shape(form).read(text.as_bytes(), key).expect("readable").map(|secret| secret.expose().to_owned())
    }

    fn write(text: &str, value: &str, form: Form) -> String {
        let written = shape(form).write(text.as_bytes(), "s/k", &Secret::new(value.into())).expect("written");
        String::from_utf8(written.to_vec()).expect("text")
    }

    #[test]
    fn keys_are_found_in_their_section() {
        let text =
            "\u{FEFF}k = 0\r\n[s]\r\nk:1 # no\n[ a/b ] ; c\n  k = 2\n  l =3 4 \nx\ny y\n[c:d]\nC:/p = 5\n[s]\nz=";
        for (key, value) in [
            ("k", "0"),
            ("~0", ""),
            ("a~1b/k", "2"),
            ("a~1b/l", "3 4"),
            ("c:d/C:~1p", "5"),
            ("s/z", ""),
            ("a/b/k", "2"),
        ] {
            let found = read(text, key, Form::Plain);
            assert_eq!(found.unwrap_or_default(), value, "{key}");
        }
        assert!(matches!(shape(Form::Plain).read(text.as_bytes(), "s/k"), Err(FormError::Present { .. })));
        for key in ["a/k", "x", "z", "a~1b/k2", ""] {
            assert_eq!(read(text, key, Form::Plain), None, "{key}");
        }
    }

    #[test]
    fn quotes_belong_to_the_form_quoted() {
        for (text, value) in [("k = \" a\\\"b \" ; c", " a\"b "), ("k='x'", "x"), ("k=x y", "x y"), ("k = \"\"", "")] {
            assert_eq!(read(text, "k", Form::Quoted).as_deref(), Some(value), "{text}");
        }
        for text in ["k = \"secret", "k = \"secret\" x", "k = \"secret\"#", "k = \"sec\\ret\"", "k = it's secret"] {
            let error = shape(Form::Quoted).read(text.as_bytes(), "k").err().expect("refused");
            assert!(matches!(error, FormError::Present { .. }), "{text}");
            assert!(!error.to_string().contains("secret"));
        }
        assert!(matches!(shape(Form::Plain).read(b"k = \"secret\"", "k"), Err(FormError::Present { .. })));
    }

    #[test]
    fn only_the_value_changes() {
        assert_eq!(write("[s]\r\n  k :  old \t\r\n# x", "a=b:c%d", Form::Plain), "[s]\r\n  k :  a=b:c%d \t\r\n# x");
        assert_eq!(write("[s]\nk=", "new", Form::Plain), "[s]\nk=new");
        assert_eq!(write("[s]\nk = \n", "new", Form::Plain), "[s]\nk = new\n");
        assert_eq!(write("[s]\nk= 'old' ; c", "new", Form::Quoted), "[s]\nk= 'new' ; c");
        assert_eq!(write("[s]\nk= 'old' ; c", "ne\\'w", Form::Quoted), "[s]\nk= \"ne\\\\'w\" ; c");
    }

    #[test]
    fn people_see_neither_the_value_nor_one_commented_out() {
        let text = "; k = older ; k\n[s]\nk = secret\n  # s/k: oldest\n# k is it\n";
        assert_eq!(
            Format::Ini.masked(text.as_bytes(), "s/k"),
            Ok(format!("; k = {MASK}\n[s]\nk = {MASK}\n  # s/k: {MASK}\n# k is it\n"))
        );
    }

    #[test]
    fn what_readers_take_in_different_ways_is_refused_without_showing_it() {
        for text in [
            "k = secret # c",
            "k = secret ; c",
            "k = ; secret",
            "k = secret\\",
            "k = secret\n  more",
            "k = secret\n# c\n\n  more",
            "a = 1\n  k = secret",
            "K = secret",
            "k",
        ] {
            let error = Format::Ini.read(text.as_bytes(), "k").err().expect(text);
            assert!(matches!(error, FormError::Present { .. }), "{text}");
            assert!(!error.to_string().contains("secret"));
        }
        for text in ["k=1\nk=2", "k=1\nK=2", "K:1\nk=2"] {
            let error = Format::Ini.read(text.as_bytes(), "k").err().expect("refused");
            assert!(matches!(error, FormError::Twice { .. } | FormError::Present { .. }), "{text}");
        }
        assert!(matches!(Format::Ini.read(b"a=1\n[s", "k"), Err(FormError::File { line: 2, .. })));
    }
}
