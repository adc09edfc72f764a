//! A `.properties` file's lines as Java sees them: comments, blank lines, and lines continued behind a backslash.

use std::ops::Range;

/// One line that is not blank.
pub(super) enum Line {
    /// From its `#` or `!` to its end.
    Comment(Range<usize>),
    /// A property.
    Logical(Logical),
}

/// A property's line, which may go over several lines of the file.
pub(super) struct Logical {
    /// Where in the file each of its characters stands: without leading blanks, and without what continues it.
    pub characters: Vec<usize>,
    /// Where its last line in the file ends, before the line break.
    pub end: usize,
}

/// Goes through a file's lines.
pub(super) struct Lines<'a> {
    text: &'a [u8],
    at: usize,
}

impl<'a> Lines<'a> {
    pub fn new(text: &'a [u8]) -> Self {
        Self { text, at: 0 }
    }

    fn comment(&mut self, start: usize) -> Line {
        let length = self.text[start..].iter().position(|byte| is_break(*byte));
        let end = length.map_or(self.text.len(), |length| start + length);
        self.at = end;
        Line::Comment(start..end)
    }

    /// Goes on behind a line break that a backslash hides: a `\r\n` counts as one.
    fn continue_behind(&mut self, line_break: u8) {
        if line_break == b'\r' && self.text.get(self.at) == Some(&b'\n') {
            self.at += 1;
        }
    }
}

impl Iterator for Lines<'_> {
    type Item = Line;

    // Follows the JDK's `Properties.LineReader` step by step, since its corner cases are what Java does.
    fn next(&mut self) -> Option<Line> {
        let mut characters = Vec::new();
        let (mut leading, mut continued, mut escaped) = (true, false, false);
        while let Some(&byte) = self.text.get(self.at) {
            let at = self.at;
            self.at += 1;
            if leading && (is_blank(byte) || (is_break(byte) && !continued)) {
                continue;
            }
            (leading, continued) = (false, false);
            if characters.is_empty() && matches!(byte, b'#' | b'!') {
                return Some(self.comment(at));
            }
            if !is_break(byte) {
                characters.push(at);
                escaped = byte == b'\\' && !escaped;
            } else if characters.is_empty() {
                leading = true;
            } else if escaped {
                characters.pop();
                if self.at == self.text.len() {
                    return Some(Line::Logical(Logical { characters, end: at }));
                }
                self.continue_behind(byte);
                (leading, continued, escaped) = (true, true, false);
            } else {
                return Some(Line::Logical(Logical { characters, end: at }));
            }
        }
        if characters.is_empty() {
            return None;
        }
        // A backslash that nothing follows is no part of the line.
        if escaped {
            characters.pop();
        }
        Some(Line::Logical(Logical { characters, end: self.text.len() }))
    }
}

fn is_blank(byte: u8) -> bool {
    matches!(byte, b' ' | b'\t' | b'\x0C')
}

fn is_break(byte: u8) -> bool {
    matches!(byte, b'\n' | b'\r')
}
