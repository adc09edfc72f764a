//! Reading the logs of other products: what they say of themselves, across rotations, encodings and wrapped lines.
//!
//! A log is only ever read. What is looked for are regular expressions without backtracking: looking takes time in
//! proportion to the text, whatever the pattern is, and a pattern that grows too large is refused when it is read.
//! Everything that is waited for has a deadline, and what is not recognised is told as it stands in the log.

mod encoding;
mod folder;
mod follower;
mod last;
mod lines;
mod mark;
mod newest;
mod patterns;
mod position;
mod tail;
#[cfg(test)]
mod tests;

pub use encoding::{Encoding, UnknownEncoding};
pub use follower::Follower;
pub use last::last;
pub use mark::{Added, Mark};
pub(crate) use newest::{files, fits};
pub use patterns::{PatternError, Patterns, Said, compile};
pub use tail::tail;

use regex::Regex;

use lines::Lines;

/// Which of these patterns a text fits, each with the first place where it does: in a line, or in up to three of them
/// that may be one that was wrapped.
pub fn found(patterns: &[Regex], text: &str) -> Vec<Option<String>> {
    let mut found = vec![None; patterns.len()];
    let mut tell = |_: &str, passage: &lines::Passage| {
        for (found, pattern) in found.iter_mut().zip(patterns).filter(|(found, _)| found.is_none()) {
            *found = patterns::find(std::slice::from_ref(pattern), passage);
        }
    };
    let mut lines = Lines::default();
    lines.add(text, &mut tell);
    lines.finish(&mut tell);
    found
}

/// The last lines of a text that are not blank, as they are shown to people.
pub fn last_lines(text: &str, most: usize) -> Vec<String> {
    let lines: Vec<&str> = text.lines().filter(|line| !line.trim().is_empty()).collect();
    lines[lines.len().saturating_sub(most)..].iter().map(|line| patterns::shown(line)).collect()
}
