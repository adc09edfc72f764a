//! The way down a YAML document to the node that a path names.

use std::ops::Range;

use saphyr_parser::{Event, ScalarStyle, Span};

use super::plain::is_text;
use crate::forms::spot::{Found, Hand, Spot};
use crate::forms::{FormError, path, quote};
use crate::secret::Secret;

/// What has been met on the way through the document.
pub(super) struct Search<'a> {
    document: &'a str,
    /// The byte order mark, which the parser is not shown.
    skipped: usize,
    key: &'a str,
    parts: Vec<String>,
    /// The collections that are open.
    open: Vec<Collection>,
    pub found: Option<Found>,
}

/// A mapping or sequence that is open.
struct Collection {
    /// Whether the path leads through it.
    on_path: bool,
    /// Whether the path's next part was met in it.
    met: bool,
    next: Next,
}

/// What the next node in a collection is.
enum Next {
    Key,
    /// The value of a key: its name, where it is a scalar, and where it ends.
    Value(Option<String>, usize),
    Item(usize),
}

/// How a node stands to the path.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Step {
    /// The path leads elsewhere.
    Aside,
    /// The path leads through it.
    Through,
    /// The path ends at it; where it is a mapping's value, its key ends at this character.
    End(Option<usize>),
}

impl<'a> Search<'a> {
    pub fn new(document: &'a str, skipped: usize, key: &'a str) -> Self {
        Self { document, skipped, key, parts: path::parts(key), open: Vec::new(), found: None }
    }

    /// Takes the next event, which stands here.
    pub fn take(&mut self, event: &Event<'_>, span: Span) -> Result<(), FormError> {
        match event {
            Event::MappingEnd | Event::SequenceEnd => drop(self.open.pop()),
            Event::Scalar(value, style, anchor, tag) => match self.step(Some(value), span)? {
                Step::End(key_end) if *anchor == 0 && tag.is_none() => {
                    self.found = Some(self.scalar(value, *style, span, key_end)?);
                }
                Step::End(_) => return Err(self.present("carries an anchor or a tag: write the value without it")),
                Step::Through if tag.is_some() => {
                    return Err(self.present("stands behind a tag, which may take in another file: name that file"));
                }
                Step::Through | Step::Aside => {}
            },
            Event::Alias(_) => {
                if self.step(None, span)? != Step::Aside {
                    return Err(self.present("stands behind an alias, so it belongs to other keys too: write it out"));
                }
            }
            Event::MappingStart(..) => self.enter(Next::Key, span)?,
            Event::SequenceStart(..) => self.enter(Next::Item(0), span)?,
            Event::Nothing | Event::StreamStart | Event::StreamEnd | Event::DocumentStart(_) | Event::DocumentEnd => {}
        }
        Ok(())
    }

    fn enter(&mut self, next: Next, span: Span) -> Result<(), FormError> {
        let step = self.step(None, span)?;
        if matches!(step, Step::End(_)) {
            return Err(self.present("holds other entries, so it is no place for a value: name one inside it"));
        }
        self.open.push(Collection { on_path: step == Step::Through, met: false, next });
        Ok(())
    }

    /// How the next node stands to the path; `name` is its text, where it is a scalar.
    fn step(&mut self, name: Option<&str>, span: Span) -> Result<Step, FormError> {
        let depth = self.open.len();
        let Some(collection) = self.open.last_mut() else { return Ok(Step::Through) };
        let part = depth.checked_sub(1).and_then(|index| self.parts.get(index));
        let (is_named, key_end) = match &mut collection.next {
            Next::Key => {
                collection.next = Next::Value(name.map(str::to_owned), span.end.index());
                return Ok(Step::Aside);
            }
            Next::Value(label, end) => {
                let found = (label.is_some() && label.as_ref() == part, Some(*end));
                collection.next = Next::Key;
                found
            }
            Next::Item(index) => {
                *index += 1;
                (part.is_some_and(|part| part.parse() == Ok(*index - 1)), None)
            }
        };
        if !is_named || !collection.on_path {
            return Ok(Step::Aside);
        }
        if std::mem::replace(&mut collection.met, true) {
            return Err(FormError::Twice { key: self.key.into() });
        }
        Ok(if depth == self.parts.len() { Step::End(key_end) } else { Step::Through })
    }

    /// The value of the scalar at which the path ends.
    fn scalar(&self, value: &str, style: ScalarStyle, span: Span, key_end: Option<usize>) -> Result<Found, FormError> {
        let start = self.byte(span.start.index());
        let whole = self.document[start..self.byte(span.end.index()).max(start)].trim_end();
        // The parser counts blanks and a comment behind a quoted scalar to it.
        let written = closing(whole).map_or(whole, |end| &whole[..end]);
        let range = start + self.skipped..start + written.len() + self.skipped;
        if matches!(style, ScalarStyle::Literal | ScalarStyle::Folded) || written.contains(['\n', '\r']) {
            return Err(self.present("goes over several lines: write the value on one"));
        }
        let hand = match style {
            ScalarStyle::SingleQuoted | ScalarStyle::DoubleQuoted => quote::hand(written.as_bytes()),
            _ if value.is_empty() => return self.empty(key_end),
            _ if written == value && is_text(value) => Hand::Bare,
            _ if written == value => {
                return Err(self.present("is no text to every reader as it stands: put the value in quotes"));
            }
            _ => return Err(self.present("cannot be told from what stands round it: put the value in quotes")),
        };
        Ok(Found { value: Secret::copy_of(value), spot: Spot::at(range, hand) })
    }

    /// A value that is not there yet: its place is behind the colon.
    fn empty(&self, key_end: Option<usize>) -> Result<Found, FormError> {
        let behind_key = key_end.map(|end| self.byte(end));
        let colon = behind_key.and_then(|end| {
            let blanks = self.document[end..].bytes().take_while(|byte| matches!(byte, b' ' | b'\t')).count();
            self.document[end + blanks..].starts_with(':').then_some(end + blanks + 1 + self.skipped)
        });
        let at: Range<usize> = colon.map(|at| at..at).ok_or_else(|| self.present("is empty: write \"\" there"))?;
        let spot = Spot { around: (" ", String::new()), ..Spot::at(at, Hand::Bare) };
        Ok(Found { value: Secret::copy_of(""), spot })
    }

    /// The byte at which a character stands; the parser counts characters.
    fn byte(&self, index: usize) -> usize {
        self.document.char_indices().nth(index).map_or(self.document.len(), |(at, _)| at)
    }

    fn present(&self, rule: &'static str) -> FormError {
        FormError::Present { key: self.key.into(), rule }
    }
}

/// Behind the quote that closes a scalar which begins with one.
fn closing(written: &str) -> Option<usize> {
    let bytes = written.as_bytes();
    let quote = *bytes.first().filter(|byte| matches!(byte, b'"' | b'\''))?;
    let mut at = 1;
    loop {
        match (*bytes.get(at)?, bytes.get(at + 1)) {
            (b'\\', _) if quote == b'"' => at += 2,
            (b'\'', Some(b'\'')) if quote == b'\'' => at += 2,
            (byte, _) if byte == quote => return Some(at + 1),
            _ => at += 1,
        }
    }
}
