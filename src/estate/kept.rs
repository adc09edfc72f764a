//! The output of a command, kept within a bound: its beginning and its end.

use std::collections::VecDeque;

use zeroize::Zeroize;

/// Bytes of the beginning that are kept.
const HEAD: usize = 256 << 10;
/// Bytes of the end that are kept.
const TAIL: usize = 1792 << 10;

/// What a command wrote. Without `Debug`, and wiped: it may have written what it was given.
#[derive(Default)]
pub struct Kept {
    head: Vec<u8>,
    tail: VecDeque<u8>,
    written: u64,
}

impl Kept {
    /// Takes what came next.
    pub(super) fn add(&mut self, bytes: &[u8]) {
        self.written += bytes.len() as u64;
        let (first, rest) = bytes.split_at(bytes.len().min(HEAD - self.head.len()));
        self.head.extend_from_slice(first);
        self.tail.extend(rest);
        let over = self.tail.len().saturating_sub(TAIL);
        self.tail.drain(..over);
    }

    /// How many bytes were written and not kept.
    pub fn lost(&self) -> u64 {
        self.written - (self.head.len() + self.tail.len()) as u64
    }

    /// What is kept. Where something between beginning and end is lost, so are the lines that it cut in two.
    pub fn bytes(&self) -> Vec<u8> {
        let mut bytes = self.head.clone();
        let mut tail = self.tail.iter().copied().collect::<Vec<u8>>();
        if self.lost() > 0 {
            bytes.truncate(bytes.iter().rposition(|byte| *byte == b'\n').map_or(0, |end| end + 1));
            let line = tail.iter().position(|byte| *byte == b'\n').map_or(tail.len(), |end| end + 1);
            tail.drain(..line);
        }
        bytes.extend(tail);
        bytes
    }
}

impl Drop for Kept {
    fn drop(&mut self) {
        self.head.zeroize();
        self.tail.make_contiguous().zeroize();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_short_output_is_kept_whole() {
        let mut kept = Kept::default();
        kept.add(b"one\ntw");
        kept.add(b"o");
        assert_eq!((kept.bytes(), kept.lost()), (b"one\ntwo".to_vec(), 0));
    }

    #[test]
    fn of_a_long_one_the_beginning_and_the_end_are_kept_in_whole_lines() {
        let mut kept = Kept::default();
        kept.add(b"first\n");
        for _ in 0..400 {
            kept.add("0123456789abcdef ".repeat(500).as_bytes());
            kept.add(b"\n");
        }
        kept.add(b"last");
        let text = String::from_utf8(kept.bytes()).expect("text");
        assert!(kept.lost() > 0 && text.len() <= HEAD + TAIL);
        assert!(text.starts_with("first\n") && text.ends_with("\nlast"));
        let whole = |line: &str| line.len() < 9 || line.len() == 8500;
        assert!(text.lines().all(whole));
    }

    #[test]
    fn a_line_without_end_leaves_nothing_when_it_was_cut() {
        let mut kept = Kept::default();
        kept.add(&vec![b'y'; HEAD + TAIL + 1]);
        assert_eq!((kept.bytes(), kept.lost()), (Vec::new(), 1));
    }
}
