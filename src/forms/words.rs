//! Lines of words with blanks between them, as in `10.0.0.1:1812 secret 3`.
//!
//! The key is the line's first words and, behind them, the number of the word that is the value: `10.0.0.1:1812 2`.

use std::ops::Range;

use super::spot::{Found, Spot};
use super::text::{MARK, absent, is_control};
use super::{FormError, quote};
use crate::secret::Secret;

/// What may stand right behind a value in quotes.
const PUNCTUATION: &[u8] = b";,)}]";

/// The value on the line that a key selects, and where it stands. With `quoted` it may stand in quotes, which are part
/// of what is found.
pub(super) fn find(text: &[u8], key: &str, quoted: bool) -> Result<Option<Found>, FormError> {
    let wanted = Wanted::of(key)?;
    let mut found = None;
    for line in lines(text).filter(|line| !is_comment(text, line)) {
        let words = words(text, line.clone());
        if !wanted.selects(text, &words) {
            continue;
        }
        if found.is_some() {
            return Err(FormError::Twice { key: key.into() });
        }
        let range = wanted.value(text, &line, &words, quoted);
        let (range, before) = range.map_err(|rule| FormError::Present { key: key.into(), rule })?;
        let written = &text[range.clone()];
        let value = std::str::from_utf8(written)
            .map_err(|_| FormError::Present { key: key.into(), rule: "is not UTF-8 text: write it anew" })?;
        let spot = Spot { around: (before, String::new()), ..Spot::at(range, quote::hand(written)) };
        found = Some(Found { value: Secret::copy_of(value), spot });
    }
    found.map_or_else(|| absent(text, key), |found| Ok(Some(found)))
}

/// Whether a value, as its form encoded it, can be a word.
pub(super) fn check(key: &str, value: &str, quoted: bool) -> Result<(), FormError> {
    let rule = if value.chars().any(is_control) {
        "a value with control characters cannot be a word"
    } else if quoted {
        return Ok(());
    } else if value.is_empty() {
        "nothing is no word: give a value"
    } else if value.chars().any(char::is_whitespace) {
        "a value with blanks in it needs the form quoted"
    } else if let Err(rule) = plain(value.as_bytes()) {
        rule
    } else {
        return Ok(());
    };
    Err(FormError::Value { key: key.into(), rule })
}

/// Whether a key has the form that is wanted here.
pub(super) fn check_key(key: &str) -> Result<(), FormError> {
    Wanted::of(key).map(drop)
}

/// Where values stand on lines that are commented out and that the key would select.
pub(super) fn commented_out(text: &[u8], key: &str) -> Vec<Range<usize>> {
    let Ok(wanted) = Wanted::of(key) else { return Vec::new() };
    lines(text)
        .filter(|line| is_comment(text, line))
        .filter_map(|line| {
            let signs = text[line.clone()].iter().take_while(|byte| b"#;/- \t".contains(byte)).count();
            let words = words(text, line.start + signs..line.end);
            let value = words.get(wanted.number - 1).filter(|_| wanted.selects(text, &words))?;
            Some(value.start..line.end)
        })
        .collect()
}

/// The line and the word on it that are looked for.
struct Wanted {
    first: Vec<Vec<u8>>,
    number: usize,
}

impl Wanted {
    fn of(key: &str) -> Result<Self, FormError> {
        let text = key.as_bytes();
        let mut first: Vec<Vec<u8>> = words(text, 0..text.len()).into_iter().map(|word| text[word].to_vec()).collect();
        let number = first.pop().and_then(|word| String::from_utf8(word).ok()?.parse().ok());
        let Some(number) = number.filter(|number| *number > first.len()) else {
            let rule =
                "is no key for lines of words: give the line's first words and the number of the word behind them";
            return Err(FormError::Key { key: key.into(), rule });
        };
        Ok(Self { first, number })
    }

    fn selects(&self, text: &[u8], words: &[Range<usize>]) -> bool {
        !words.is_empty()
            && words.len() >= self.first.len()
            && self.first.iter().zip(words).all(|(wanted, word)| text[word.clone()] == wanted[..])
    }

    /// Where the value stands, and what must stand before it where there is none yet.
    fn value(
        &self,
        text: &[u8],
        line: &Range<usize>,
        words: &[Range<usize>],
        quoted: bool,
    ) -> Result<(Range<usize>, &'static str), &'static str> {
        let before = &words[..words.len().min(self.number - 1)];
        if before[self.first.len()..].iter().any(|word| matches!(text[word.start], b'#' | b';')) {
            return Err("stands behind a sign of a comment: remove what is before it");
        }
        let Some(word) = words.get(self.number - 1) else {
            let has_room = words.len() + 1 == self.number;
            let end = text[line.end..].iter().take_while(|byte| is_blank(**byte)).count() + line.end;
            let before = if end == line.end && !words.is_empty() { " " } else { "" };
            return if has_room { Ok((end..end, before)) } else { Err("is on a line with too few words: complete it") };
        };
        let written = &text[word.clone()];
        if !quoted || !matches!(written, [b'"' | b'\'', ..]) {
            return plain(written).map(|()| (word.clone(), ""));
        }
        let end = quote::closing(written).ok_or("begins with a quote that is not closed on its line: close it")?;
        if written[end..].iter().all(|byte| PUNCTUATION.contains(byte)) {
            Ok((word.start..word.start + end, ""))
        } else {
            Err("has something behind its closing quote: put a blank between them")
        }
    }
}

/// Whether readers agree on what a word without quotes is.
fn plain(word: &[u8]) -> Result<(), &'static str> {
    match word {
        [b'"' | b'\'', ..] => Err("begins with a quote: give it the form quoted"),
        [b'#' | b';', ..] => Err("begins with # or ;, as a comment does: give it the form quoted"),
        [.., b';' | b','] => Err("ends with ; or , which could belong to the line: give it the form quoted"),
        _ => Ok(()),
    }
}

/// The words of a line. One that begins with a quote goes as far as that is closed, and on to the next blank.
fn words(text: &[u8], line: Range<usize>) -> Vec<Range<usize>> {
    let mut words = Vec::new();
    let mut at = line.start;
    while let Some(blanks) = text[at..line.end].iter().position(|byte| !is_blank(*byte)) {
        let start = at + blanks;
        let inside = quote::closing(&text[start..line.end]).unwrap_or(0);
        let rest = text[start + inside..line.end].iter().position(|byte| is_blank(*byte));
        at = rest.map_or(line.end, |rest| start + inside + rest);
        words.push(start..at);
    }
    words
}

/// The lines, each without the blanks round it.
fn lines(text: &[u8]) -> impl Iterator<Item = Range<usize>> {
    let mark = if text.starts_with(MARK.as_bytes()) { MARK.len() } else { 0 };
    let mut next = mark;
    text[mark..].split(|byte| matches!(byte, b'\n' | b'\r')).map(move |line| {
        let start = next + line.iter().take_while(|byte| is_blank(**byte)).count();
        let length = line.len() - line.iter().rev().take_while(|byte| is_blank(**byte)).count();
        let end = (next + length).max(start);
        next += line.len() + 1;
        start..end
    })
}

fn is_comment(text: &[u8], line: &Range<usize>) -> bool {
    [&b"#"[..], b";", b"//", b"--"].iter().any(|sign| text[line.clone()].starts_with(sign))
}

fn is_blank(byte: u8) -> bool {
    matches!(byte, b' ' | b'\t')
}

#[cfg(test)]
mod tests {
    use crate::forms::{Form, FormError, Format, MASK, Shape};
    use crate::secret::Secret;

    fn shape(form: Form) -> Shape {
        Shape { format: Format::Words, form }
    }

    fn read(text: &str, key: &str, form: Form) -> Option<String> {
        shape(form).read(text.as_bytes(), key).expect("readable").map(|secret| secret.expose().to_owned())
    }

    fn write(text: &str, key: &str, value: &str, form: Form) -> String {
        let written = shape(form).write(text.as_bytes(), key, &Secret::new(value.into())).expect("written");
        String::from_utf8(written.to_vec()).expect("text")
    }

    #[test]
    fn the_key_selects_a_line_and_a_word_on_it() {
        let text =
            "\u{FEFF}# host:1 no\nhost:1\tone 3 # c\r\n  host:2 two 3\nset a b four\nset a c five\n\"my user\" six\n";
        for (key, value) in [
            ("host:1 2", "one"),
            ("host:2 2", "two"),
            ("set a b 4", "four"),
            ("set  a\tc 4", "five"),
            ("\"my user\" 2", "six"),
            ("host:1 3", "3"),
        ] {
            assert_eq!(read(text, key, Form::Plain).as_deref(), Some(value), "{key}");
        }
        assert_eq!(read(text, "host:3 2", Form::Plain), None);
        assert_eq!(read("one\n", "1", Form::Plain).as_deref(), Some("one"));
    }

    #[test]
    fn quotes_belong_to_the_form_quoted() {
        let text = "secret = \"a b\\\\\"; # x\nother = bare\n";
        assert_eq!(read(text, "secret = 3", Form::Quoted).as_deref(), Some("a b\\"));
        assert_eq!(read(text, "other = 3", Form::Quoted).as_deref(), Some("bare"));
        assert_eq!(write(text, "secret = 3", " \"", Form::Quoted), text.replace("a b\\\\", " \\\""));
        for text in ["k \"secret", "k \"secret\"x", "k sec\"ret", "k ;secret"] {
            let error = shape(Form::Quoted).read(text.as_bytes(), "k 2").err().expect("refused");
            assert!(matches!(error, FormError::Present { .. }), "{text}");
            assert!(!error.to_string().contains("secret"));
        }
    }

    #[test]
    fn only_the_value_changes() {
        assert_eq!(write("h  old\t3 \r\n", "h 2", "new", Form::Plain), "h  new\t3 \r\n");
        assert_eq!(write("k =\n", "k = 3", "new", Form::Plain), "k = new\n");
        assert_eq!(write("k = \n", "k = 3", "new", Form::Plain), "k = new\n");
        assert_eq!(write("k", "k 2", "a b", Form::Quoted), "k \"a b\"");
    }

    #[test]
    fn people_see_neither_the_value_nor_one_commented_out() {
        let text = "# h older 3\n#h: x\nh secret 3\n -- h oldest\n";
        let shown = format!("# h {MASK}\n#h: x\nh {MASK} 3\n -- h {MASK}\n");
        assert_eq!(Format::Words.masked(text.as_bytes(), "h 2"), Ok(shown));
    }

    #[test]
    fn what_is_not_clear_is_refused_without_showing_it() {
        for text in ["k 'secret'", "k secret;", "k #secret", "k"] {
            let key = if text == "k" { "k 3" } else { "k 2" };
            let error = Format::Words.read(text.as_bytes(), key).err().expect("refused");
            assert!(matches!(error, FormError::Present { .. }), "{text}");
            assert!(!error.to_string().contains("secret"));
        }
        assert!(matches!(Format::Words.read(b"include x", "k 2"), Err(FormError::Present { .. })));
        assert!(matches!(Format::Words.read(b"k # secret", "k 3"), Err(FormError::Present { .. })));
        assert!(matches!(Format::Words.read(b"k 1\nk 2", "k 2"), Err(FormError::Twice { .. })));
        for key in ["", "k", "k 1", "0", "k -2", "k 2 x"] {
            assert!(matches!(Format::Words.read(b"k 1", key), Err(FormError::Key { .. })), "{key}");
        }
    }
}
