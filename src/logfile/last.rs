//! The last that a log said.

use std::fs::File;
use std::io;
use std::os::unix::fs::FileExt;
use std::path::Path;

use super::encoding::{Decoder, Encoding};
use super::lines::Lines;
use super::newest::files;
use super::patterns::{Patterns, Said};
use super::position::{beginning, open};

/// Bytes that are read at once, from the end backwards.
const BLOCK: u64 = 1 << 20;
/// Bytes behind a block that are read with it: its last lines may go on there.
const BEHIND: u64 = 64 << 10;

/// The last line of a log that is recognised; `None` when there is none. `*` in the last part of the path stands for any
/// text, then the newest file counts.
///
/// # Errors
/// The encoding is not known, there is no such file, or it cannot be read.
pub fn last(pattern: &Path, encoding: &str, patterns: &Patterns) -> io::Result<Option<Said>> {
    let encoding: Encoding = encoding.parse().map_err(io::Error::other)?;
    let newest = files(pattern)?.pop().ok_or_else(|| io::Error::new(io::ErrorKind::NotFound, "it is not there"))?;
    let file = open(&newest)?;
    let mut end = file.metadata()?.len();
    let mark = beginning(&file)?;
    while end > 0 {
        let from = end.saturating_sub(BLOCK);
        let from = from - from % Decoder::new(encoding, &mark).unit();
        if let Some(said) = within(&file, from, end + BEHIND, Decoder::new(encoding, &mark), patterns)? {
            return Ok(Some(said));
        }
        end = from;
    }
    Ok(None)
}

/// The last that is said between two places. A line that began before the first does not count.
fn within(file: &File, from: u64, to: u64, mut decoder: Decoder, patterns: &Patterns) -> io::Result<Option<Said>> {
    let mut bytes = vec![0; usize::try_from(to - from).map_err(io::Error::other)?];
    let mut read = 0;
    while read < bytes.len() {
        match file.read_at(&mut bytes[read..], from + read as u64)? {
            0 => break,
            more => read += more,
        }
    }
    let text = decoder.decode(&bytes[..read]);
    let whole = if from == 0 { 0 } else { text.find('\n').map_or(text.len(), |end| end + 1) };
    let mut said = None;
    let mut tell = |_: &str, passage: &super::lines::Passage| {
        if let Some(now) = patterns.judge(passage) {
            said = Some(now);
        }
    };
    let mut lines = Lines::default();
    lines.add(&text[whole..], &mut tell);
    lines.finish(&mut tell);
    Ok(said)
}
