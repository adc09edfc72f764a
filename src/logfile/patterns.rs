//! What is looked for in a log, and what was found.

use regex::{Regex, RegexBuilder};
use thiserror::Error;

use super::lines::Passage;

/// Most bytes that a pattern may take when it is compiled. What it takes to look is linear in the text whatever the
/// pattern (there is no backtracking), so this bounds its time too.
const LARGEST: usize = 4 << 20;
/// Most letters of one line that are shown.
const SHOWN: usize = 400;
/// Letters before a match that are shown of a line that is too long.
const BEFORE: usize = 80;

/// What a log said.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Said {
    /// The secret was accepted: the line that says so.
    Aligned(String),
    /// It was refused: the line that says so.
    Differs(String),
    /// The authority holds the request: the line that says so.
    Pending(String),
    /// Nothing that is recognised: the last lines as they stand there, none where nothing was written.
    Silent(Vec<String>),
}

/// A pattern that cannot be used.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[error("the pattern `{pattern}` cannot be used: {why}")]
pub struct PatternError {
    /// The pattern.
    pub pattern: String,
    /// Why, in a few words.
    pub why: String,
}

/// The patterns that tell what a line says. One that says *differs* counts more than one that says *pending*, and this
/// more than *aligned*.
#[derive(Debug, Clone)]
pub struct Patterns {
    differs: Vec<Regex>,
    pending: Vec<Regex>,
    aligned: Vec<Regex>,
}

/// Reads patterns.
///
/// # Errors
/// One is no regular expression, is too large, or fits the empty text and thus every line.
pub fn compile(patterns: &[String]) -> Result<Vec<Regex>, PatternError> {
    patterns.iter().map(|pattern| one(pattern)).collect()
}

fn one(pattern: &str) -> Result<Regex, PatternError> {
    let error = |why: &str| PatternError { pattern: pattern.to_owned(), why: why.to_owned() };
    let built = RegexBuilder::new(pattern).size_limit(LARGEST).dfa_size_limit(LARGEST).nest_limit(64).build();
    match built {
        Ok(regex) if regex.is_match("") => Err(error("it fits every line")),
        Ok(regex) => Ok(regex),
        Err(regex::Error::CompiledTooBig(_)) => Err(error("it is too large: repeat less")),
        // The parser draws the pattern over several lines; the reason stands in the last.
        Err(other) => Err(error(other.to_string().lines().last().unwrap_or_default().trim_start_matches("error: "))),
    }
}

impl Patterns {
    /// Reads the three lists.
    ///
    /// # Errors
    /// As [`compile`].
    pub fn new(aligned: &[String], differs: &[String], pending: &[String]) -> Result<Self, PatternError> {
        Ok(Self { differs: compile(differs)?, pending: compile(pending)?, aligned: compile(aligned)? })
    }

    /// What the last line of a passage says, with the lines before it as far as it goes on with them.
    pub(super) fn judge(&self, passage: &Passage) -> Option<Said> {
        let find = |patterns: &[Regex]| find(patterns, passage);
        find(&self.differs)
            .map(Said::Differs)
            .or_else(|| find(&self.pending).map(Said::Pending))
            .or_else(|| find(&self.aligned).map(Said::Aligned))
    }
}

/// The first of these patterns that fits the end of a passage: the text that it fits, to be shown.
pub(super) fn find(patterns: &[Regex], passage: &Passage) -> Option<String> {
    passage.readings().iter().find_map(|reading| {
        let found =
            patterns.iter().find_map(|one| one.find_iter(&reading.text).find(|found| found.end() > reading.last))?;
        Some(around(&reading.text, found.start()))
    })
}

/// A line as it is shown: bounded, and without what a terminal would obey.
pub(super) fn shown(line: &str) -> String {
    around(line, 0)
}

fn around(line: &str, from: usize) -> String {
    let clean = |text: &str| -> String {
        text.chars().map(|letter| if letter.is_control() && letter != '\t' { '\u{fffd}' } else { letter }).collect()
    };
    if line.chars().nth(SHOWN).is_none() {
        return clean(line);
    }
    let start = line[..from].char_indices().rev().nth(BEFORE - 1).map_or(0, |(index, _)| index);
    let end = line[start..].char_indices().nth(SHOWN).map_or(line.len(), |(index, _)| start + index);
    let mark = |there| if there { "…" } else { "" };
    format!("{}{}{}", mark(start > 0), clean(&line[start..end]), mark(end < line.len()))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn reason(pattern: &str) -> String {
        compile(&[pattern.to_owned()]).expect_err("refused").to_string()
    }

    #[test]
    fn what_cannot_be_used_is_told_in_one_line() {
        assert_eq!(reason("a("), "the pattern `a(` cannot be used: unclosed group");
        assert_eq!(reason("(a*)*"), "the pattern `(a*)*` cannot be used: it fits every line");
        assert!(reason("((a{999}){999}){999}").ends_with("it is too large: repeat less"));
        assert!(reason(r"(a)\1").contains("backreferences are not supported"));
    }

    #[test]
    fn a_pattern_that_would_never_end_elsewhere_ends() {
        let patterns = compile(&["^(a+)+$".to_owned(), "(x+x+)+y".to_owned()]).expect("patterns");
        let passage = Passage::of(&[&"a".repeat(15_000), &"x".repeat(15_000)]);
        assert_eq!(find(&patterns, &passage), None);
    }

    #[test]
    fn of_a_long_line_the_part_around_the_match_is_shown() {
        let line = format!("{}\u{1b}[31mneedle{}", "é".repeat(5_000), "z".repeat(5_000));
        let found = find(&compile(&["needle".to_owned()]).expect("patterns"), &Passage::of(&[&line])).expect("found");
        assert_eq!(found.chars().count(), SHOWN + 2);
        assert!(found.starts_with("…é") && found.contains("\u{fffd}[31mneedlez") && found.ends_with("z…"));
    }
}
