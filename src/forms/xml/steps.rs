//! An XML document's events, each with the bytes it stands in.

use std::ops::Range;

use quick_xml::Reader;
use quick_xml::events::Event;

use crate::forms::FormError;

/// One event and the bytes it stands in.
pub(super) struct Step<'a> {
    pub event: Event<'a>,
    pub range: Range<usize>,
}

/// The document's events in order, until its end or the first error.
pub(super) struct Steps<'a> {
    text: &'a [u8],
    reader: Option<Reader<&'a [u8]>>,
    /// Byte order marks, which the reader leaves out of its positions.
    skipped: usize,
}

impl<'a> Steps<'a> {
    pub fn new(text: &'a [u8]) -> Result<Self, FormError> {
        let document = std::str::from_utf8(text)
            .map_err(|error| FormError::file(text, error.valid_up_to(), "the XML file is not UTF-8: convert it"))?;
        let document = document.trim_start_matches('\u{FEFF}');
        let reader = Some(Reader::from_str(document));
        Ok(Self { text, reader, skipped: text.len() - document.len() })
    }

    fn place(&self, of: u64) -> usize {
        usize::try_from(of).unwrap_or(usize::MAX).saturating_add(self.skipped)
    }
}

impl<'a> Iterator for Steps<'a> {
    type Item = Result<Step<'a>, FormError>;

    fn next(&mut self) -> Option<Self::Item> {
        let reader = self.reader.as_mut()?;
        let start = reader.buffer_position();
        let event = reader.read_event();
        let (end, wrong) = (reader.buffer_position(), reader.error_position());
        match event {
            Ok(Event::Eof) => None,
            Ok(event) => Some(Ok(Step { event, range: self.place(start)..self.place(end) })),
            // The parser's own error would name what stands there.
            Err(_) => {
                self.reader = None;
                Some(Err(FormError::file(self.text, self.place(wrong), "the XML is not well-formed")))
            }
        }
    }
}
