//! Lines of a log, and lines that were wrapped.

use std::collections::VecDeque;

/// Lines that one entry may be wrapped into for a pattern to fit it.
const WRAPPED: usize = 3;
/// Most bytes of a line; what is longer counts as wrapped there.
const LONGEST: usize = 16 << 10;

/// How wrapped lines are put together: as where one was wrapped between words, and as where within one.
const BETWEEN: [&str; 2] = [" ", ""];

/// Puts text together into lines, wherever it was cut.
#[derive(Default)]
pub(super) struct Lines {
    begun: String,
    passage: Passage,
}

/// The last lines, as far as they may be one that was wrapped.
#[derive(Default)]
pub(super) struct Passage(VecDeque<String>);

/// One way to read a passage.
pub(super) struct Reading {
    /// Its lines as one.
    pub text: String,
    /// Where the last of them begins in it.
    pub last: usize,
}

impl Lines {
    /// Takes what came next, and tells each line that it completes with what stands before it.
    pub fn add(&mut self, text: &str, each: &mut dyn FnMut(&str, &Passage)) {
        for part in text.split_inclusive('\n') {
            let mut rest = part;
            while self.begun.len() + rest.len() > LONGEST {
                let room = rest.floor_char_boundary(LONGEST - self.begun.len().min(LONGEST));
                self.begun.push_str(&rest[..room]);
                rest = &rest[room..];
                self.complete(each);
            }
            self.begun.push_str(rest);
            if part.ends_with('\n') {
                self.complete(each);
            }
        }
    }

    /// Tells the last line, which has no end.
    pub fn finish(&mut self, each: &mut dyn FnMut(&str, &Passage)) {
        if !self.begun.is_empty() {
            self.complete(each);
        }
    }

    fn complete(&mut self, each: &mut dyn FnMut(&str, &Passage)) {
        let line = self.begun.trim_end_matches(['\n', '\r']);
        self.passage.add(line);
        each(line, &self.passage);
        self.begun.clear();
    }
}

impl Passage {
    /// Adds a line. One that begins an entry, and one behind a blank line, goes on with nothing.
    fn add(&mut self, line: &str) {
        if line.trim().is_empty() || begins_entry(line) {
            self.0.clear();
        }
        if !line.trim().is_empty() {
            self.0.push_back(line.to_owned());
        }
        if self.0.len() > WRAPPED {
            self.0.pop_front();
        }
    }

    /// The last line by itself, then with those before it, put together in every way.
    pub fn readings(&self) -> Vec<Reading> {
        let mut readings = Vec::new();
        let lines: Vec<&str> = self.0.iter().map(String::as_str).collect();
        for first in (0..lines.len()).rev() {
            let mut texts = vec![(lines[first].to_owned(), 0)];
            for line in &lines[first + 1..] {
                texts =
                    texts.into_iter().flat_map(|(text, _)| BETWEEN.map(|between| join(&text, between, line))).collect();
            }
            readings.extend(texts.into_iter().map(|(text, last)| Reading { text, last }));
        }
        readings
    }

    #[cfg(test)]
    pub fn of(lines: &[&str]) -> Self {
        let mut passage = Self::default();
        for line in lines {
            passage.add(line);
        }
        passage
    }
}

/// The text with another line behind it, and where that begins.
fn join(text: &str, between: &str, line: &str) -> (String, usize) {
    let text = [text.trim_end(), between].concat();
    let last = text.len();
    (text + line.trim(), last)
}

/// Whether a line begins with a date or a time, perhaps in brackets: then it is no rest of the one before it.
fn begins_entry(line: &str) -> bool {
    let line = line.trim_start_matches(['[', '(', '<']).as_bytes();
    let shape: Vec<u8> = line.iter().take(10).map(|byte| if byte.is_ascii_digit() { b'0' } else { *byte }).collect();
    [
        "0000-00-00",
        "0000/00/00",
        "0000.00.00",
        "00/00/0000",
        "00.00.0000",
        "00-00-0000",
        "00:00:00",
        "00/00/00 ",
        "00000000 00",
    ]
    .iter()
    .any(|date| shape.starts_with(&date.as_bytes()[..date.len().min(10)]))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn lines(pieces: &[&str]) -> Vec<String> {
        let mut told = Vec::new();
        let mut lines = Lines::default();
        for piece in pieces {
            lines.add(piece, &mut |line, _| told.push(line.to_owned()));
        }
        lines.finish(&mut |line, _| told.push(line.to_owned()));
        told
    }

    fn readings(of: &[&str]) -> Vec<String> {
        Passage::of(of).readings().into_iter().map(|reading| reading.text).collect()
    }

    #[test]
    fn both_line_ends_are_known_and_a_line_may_come_in_pieces() {
        assert_eq!(lines(&["one\r\ntw", "o\r", "\n\nthree"]), ["one", "two", "", "three"]);
    }

    #[test]
    fn a_wrapped_line_is_read_with_and_without_a_blank() {
        let wrapped = ["2018-08-23 06:18:50 - self-regis", "   tration was", "refused"];
        let read = readings(&wrapped);
        assert_eq!(read[0], "refused");
        assert_eq!(read[1..3], ["   tration was refused", "   tration wasrefused"]);
        assert_eq!(read[3], "2018-08-23 06:18:50 - self-regis tration was refused");
        assert_eq!(read[5], "2018-08-23 06:18:50 - self-registration was refused");
        assert_eq!(read.len(), 7);
    }

    #[test]
    fn what_begins_with_a_date_goes_on_with_nothing() {
        for line in
            ["2018-08-23 06:18:50,726 - INFO", "[2018-08-23T06", "06:18:50 INFO", "23/08/2018 06", "[23.08.2018"]
        {
            assert_eq!(readings(&["registration", line]), [line]);
        }
        assert_eq!(readings(&["registration", "", "refused"]), ["refused"]);
        assert_eq!(readings(&["registration", "12 refused"]).len(), 3);
        assert_eq!(readings(&["one", "two", "three", "four"])[3], "two three four");
    }

    #[test]
    fn a_line_without_end_is_cut_and_counts_as_wrapped() {
        let mut most = 0;
        let mut lines = Lines::default();
        for _ in 0..100 {
            lines.add(&"é".repeat(1000), &mut |line, passage| {
                most = most.max(line.len());
                assert!(passage.readings().len() <= 7);
            });
        }
        assert!(most <= LONGEST && lines.begun.len() <= LONGEST);
    }

    proptest! {
        #[test]
        fn where_the_text_is_cut_does_not_matter(text in "(?s).{0,200}", cut in 0_usize..200) {
            let cut = text.floor_char_boundary(cut.min(text.len()));
            let (first, second) = text.split_at(cut);
            prop_assert_eq!(lines(&[first, second]), lines(&[&text]));
        }

        #[test]
        fn a_line_wrapped_anywhere_reads_as_it_was(words in "[a-z]{1,9}( [a-z]{1,9}){3,12}", first in 1_usize..30, second in 1_usize..30, indent in " {0,4}") {
            let first = first.min(words.len() - 1);
            let second = (first + second).min(words.len());
            let (a, b, c) = (&words[..first], &words[first..second], &words[second..]);
            let wrapped = [a, &format!("{indent}{b}"), &format!("{indent}{c}")];
            let wrapped: Vec<&str> = wrapped.iter().copied().filter(|line| !line.trim().is_empty()).collect();
            prop_assert!(readings(&wrapped).contains(&words));
            for reading in Passage::of(&wrapped).readings() {
                prop_assert!(reading.text.is_char_boundary(reading.last) && reading.last < reading.text.len());
            }
        }
    }
}
