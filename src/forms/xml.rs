//! XML 1.0: the value is the text of one element.

mod steps;
mod text;

use std::ops::Range;

use quick_xml::events::{BytesDecl, Event};
use zeroize::Zeroizing;

use super::FormError;
use super::spot::{Found, Hand, Spot};
use crate::secret::Secret;
use steps::{Step, Steps};
pub(super) use text::escape;
use text::{Piece, decode, is_allowed};

/// The text of the element that a key names, and where it stands.
pub(super) fn find(text: &[u8], key: &str) -> Result<Option<Found>, FormError> {
    let mut search = Search { text, key, path: Vec::new(), seen_root: false, open: None, found: None };
    for step in Steps::new(text)? {
        let Step { event, range } = step?;
        search.take(&event, range)?;
    }
    if search.path.is_empty() && search.seen_root {
        Ok(search.found)
    } else {
        Err(FormError::file(text, text.len(), "the XML document ends before its root element does"))
    }
}

/// Where comments stand that hold an element of the key's name.
pub(super) fn commented_out(text: &[u8], key: &str) -> Vec<Range<usize>> {
    let element = format!("<{}", key.rsplit('/').next().unwrap_or(key));
    let Ok(steps) = Steps::new(text) else { return Vec::new() };
    steps
        .map_while(Result::ok)
        .filter(|step| matches!(&step.event, Event::Comment(comment) if comment.contains(&element)))
        .map(|step| step.range.start + "<!--".len()..step.range.end - "-->".len())
        .collect()
}

/// What has been met on the way through the document.
struct Search<'a> {
    text: &'a [u8],
    key: &'a str,
    /// Names of the elements that are open.
    path: Vec<String>,
    seen_root: bool,
    open: Option<Open>,
    found: Option<Found>,
}

/// The element that the key names, while it is open.
struct Open {
    depth: usize,
    pieces: Vec<(Piece, Range<usize>)>,
}

impl Search<'_> {
    fn take(&mut self, event: &Event, range: Range<usize>) -> Result<(), FormError> {
        match event {
            Event::Start(tag) => {
                self.enter(tag.name().as_ref(), range.start)?;
                if self.is_named() {
                    self.check_alone()?;
                    self.open = Some(Open { depth: self.path.len(), pieces: Vec::new() });
                }
            }
            Event::Empty(tag) => {
                self.enter(tag.name().as_ref(), range.start)?;
                if self.is_named() {
                    self.check_alone()?;
                    let around = (">", format!("</{}>", tag.name().as_ref()));
                    let first = range.end - "/>".len()..range.end;
                    let spot = Spot { around, ..Spot::at(first, Hand::Bare) };
                    self.found = Some(Found { value: Secret::new(String::new()), spot });
                }
                self.path.pop();
            }
            Event::End(_) => {
                if let Some(open) = self.open.take_if(|open| open.depth == self.path.len()) {
                    self.found = Some(self.close(open.pieces, range.start)?);
                }
                self.path.pop();
            }
            Event::Text(_) => self.piece(Piece::Text, range)?,
            Event::CData(_) => self.piece(Piece::Verbatim, range)?,
            Event::GeneralRef(_) => self.piece(Piece::Reference, range)?,
            Event::Decl(declaration) => self.check_encoding(declaration, range.start)?,
            Event::Comment(_) | Event::PI(_) | Event::DocType(_) | Event::Eof => {}
        }
        Ok(())
    }

    fn enter(&mut self, name: &str, at: usize) -> Result<(), FormError> {
        if self.open.is_some() {
            let rule = "holds other elements, so it is no place for a value: name one inside it";
            return Err(FormError::Present { key: self.key.into(), rule });
        }
        if self.path.is_empty() && self.seen_root {
            return Err(FormError::file(self.text, at, "the XML document has a second root element"));
        }
        self.seen_root = true;
        self.path.push(name.to_owned());
        Ok(())
    }

    /// Whether the path down to the innermost element ends as the key does.
    fn is_named(&self) -> bool {
        let mut names = self.path.iter().rev();
        self.key.rsplit('/').all(|part| names.next().is_some_and(|name| name == part))
    }

    fn check_alone(&self) -> Result<(), FormError> {
        if self.found.is_some() { Err(FormError::Twice { key: self.key.into() }) } else { Ok(()) }
    }

    /// Other encodings that look like ASCII are fine as long as nothing but ASCII is in the file.
    fn check_encoding(&self, declaration: &BytesDecl, at: usize) -> Result<(), FormError> {
        let is_utf8 = match declaration.encoding() {
            None => true,
            Some(Ok(name)) => ["utf-8", "us-ascii"].iter().any(|known| name.eq_ignore_ascii_case(known)),
            Some(Err(_)) => false,
        };
        if is_utf8 || self.text.is_ascii() {
            Ok(())
        } else {
            Err(FormError::file(self.text, at, "the XML file declares an encoding other than UTF-8: convert it"))
        }
    }

    fn piece(&mut self, piece: Piece, range: Range<usize>) -> Result<(), FormError> {
        let raw = &self.text[range.clone()];
        if matches!(piece, Piece::Text) && raw.windows(3).any(|three| three == b"]]>") {
            return Err(FormError::file(self.text, range.start, "]]> stands in XML text: write ]]&gt; there"));
        }
        let is_blank = raw.iter().all(u8::is_ascii_whitespace);
        if let Some(open) = &mut self.open {
            open.pieces.push((piece, range));
        } else if self.path.is_empty() && !is_blank {
            return Err(FormError::file(self.text, range.start, "the XML document has text outside its root element"));
        }
        Ok(())
    }

    fn close(&self, pieces: Vec<(Piece, Range<usize>)>, end: usize) -> Result<Found, FormError> {
        let present = |rule| FormError::Present { key: self.key.into(), rule };
        // Decoding never makes text longer.
        let room = pieces.iter().map(|(_, range)| range.len()).sum();
        let mut value = Zeroizing::new(String::with_capacity(room));
        for (piece, range) in &pieces {
            decode(*piece, &self.text[range.clone()], &mut value)
                .ok_or_else(|| present("holds a reference to something outside it: write the value itself"))?;
        }
        if !value.chars().all(is_allowed) {
            return Err(present("holds a character that XML does not allow: write the value anew"));
        }
        let mut ranges = pieces.into_iter().map(|(_, range)| range);
        let first = ranges.next().unwrap_or(end..end);
        let spot = Spot { others: ranges.collect(), ..Spot::at(first, Hand::Bare) };
        Ok(Found { value: Secret::new(std::mem::take(&mut value)), spot })
    }
}

#[cfg(test)]
mod tests {
    use crate::forms::{FormError, Format, MASK};
    use crate::secret::Secret;

    fn read(text: &str, key: &str) -> Option<String> {
        Format::Xml.read(text.as_bytes(), key).expect("readable").map(|secret| secret.expose().to_owned())
    }

    fn write(text: &str, value: &str) -> String {
        let written = Format::Xml.write(text.as_bytes(), "k", &Secret::new(value.into())).expect("written");
        String::from_utf8(written.to_vec()).expect("text")
    }

    #[test]
    fn text_is_read_in_full() {
        for (text, value) in [
            ("<k>v</k>", "v"),
            ("<k/>", ""),
            ("<k></k>", ""),
            ("<k a='1'> v </k >", " v "),
            ("<k>&lt;&#65;&#x1F511;&quot;</k>", "<A🔑\""),
            ("<k>a<![CDATA[<&>]]]]>b</k>", "a<&>]]b"),
            ("<k>a<!-- no --><?no?>b</k>", "ab"),
            ("<k>\r\na\rb\n</k>", "\na\nb\n"),
            ("\u{FEFF}<?xml version='1.0'?><!DOCTYPE k><k>é</k>", "é"),
        ] {
            assert_eq!(read(text, "k").as_deref(), Some(value), "{text:?}");
        }
    }

    #[test]
    fn a_path_tells_elements_of_one_name_apart() {
        let text = "<a><b><k>1</k></b><c><k>2</k></c></a>";
        assert_eq!(read(text, "b/k").as_deref(), Some("1"));
        assert_eq!(read(text, "a/c/k").as_deref(), Some("2"));
        assert_eq!(read(text, "x/k"), None);
        assert_eq!(read(text, "x/a/b/k"), None);
        assert_eq!(read(text, ""), None);
    }

    #[test]
    fn only_the_value_changes() {
        assert_eq!(write("<a>\r\n\t<k x = '1' >old</k\n></a>", "é<"), "<a>\r\n\t<k x = '1' >&#233;&lt;</k\n></a>");
        assert_eq!(write("<a><k x='1' /></a>", "v"), "<a><k x='1' >v</k></a>");
        assert_eq!(write("<k>a<!-- c -->&lt;<![CDATA[b]]></k>", "v"), "<k>v<!-- c --></k>");
        assert_eq!(write("<k><!-- c --></k>", "v"), "<k><!-- c -->v</k>");
    }

    #[test]
    fn people_see_neither_the_value_nor_one_commented_out() {
        let text = "<a><!-- <k>old</k> --><!-- a k --><k>secret</k></a>";
        assert_eq!(
            Format::Xml.masked(text.as_bytes(), "a/k"),
            Ok(format!("<a><!--{MASK}--><!-- a k --><k>{MASK}</k></a>"))
        );
        assert_eq!(Format::Xml.masked(b"<k/>", "k"), Ok(format!("<k>{MASK}</k>")));
    }

    #[test]
    fn what_cannot_be_a_value_is_refused_without_showing_it() {
        for text in ["<k>secret<a/></k>", "<k>&secret;</k>", "<k>secret&#1;</k>", "<k>secret&#0;</k>"] {
            let error = Format::Xml.read(text.as_bytes(), "k").err().expect("refused");
            assert!(matches!(error, FormError::Present { .. }), "{text}");
            assert!(!error.to_string().contains("secret"));
        }
        let control = Format::Xml.write(b"<k>v</k>", "k", &Secret::new("a\u{1}".into()));
        assert!(matches!(control, Err(FormError::Value { .. })));
    }

    #[test]
    fn what_is_no_document_is_refused_by_line_and_rule() {
        for text in [
            "",
            "\n",
            "\n<k>secret",
            "\n<k>secret</a>",
            "<k>\n&secret</k>",
            "<k/>\n<k/>",
            "<k/>\nsecret",
            "<k>secret]]></k>",
            "<?xml version='1.0' encoding='ISO-8859-1'?><k>secreté</k>",
        ] {
            let error = Format::Xml.read(text.as_bytes(), "k").err().expect("refused");
            assert!(matches!(error, FormError::File { .. }), "{text:?}: {error}");
            assert!(!error.to_string().contains("secret"));
        }
        assert!(matches!(Format::Xml.read(b"<a>\n\xE9</a>", "k"), Err(FormError::File { line: 2, .. })));
        assert_eq!(read("<?xml version='1.0' encoding='ISO-8859-1'?><k>v</k>", "k").as_deref(), Some("v"));
    }
}
