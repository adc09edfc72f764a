//! Where in a file's bytes a value stands, and how the file looks with another one there.

use std::borrow::Cow;
use std::ops::Range;

use zeroize::Zeroizing;

use crate::secret::Secret;

/// A value, and where it stands.
pub(super) struct Found {
    pub value: Secret,
    pub spot: Spot,
}

/// The stretches of a file that make up one value.
pub(super) struct Spot {
    /// The first takes the new value; the others, of a value in pieces, go.
    pub first: Range<usize>,
    pub others: Vec<Range<usize>>,
    /// What must stand round the value where there was no room for one.
    pub around: (&'static str, String),
    /// How it is written now.
    pub hand: Hand,
}

/// The hand in which a value is written.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(super) enum Hand {
    /// Without quotes.
    #[default]
    Bare,
    /// In single ones.
    Single,
    /// In double ones.
    Double,
}

impl Spot {
    /// A value in one piece, which may hold nothing.
    pub fn at(range: Range<usize>, hand: Hand) -> Self {
        Self { first: range, others: Vec::new(), around: ("", String::new()), hand }
    }

    /// The edits that put this text, already escaped, in the value's place.
    pub fn edits(&self, escaped: &str) -> Vec<Edit> {
        let (before, after) = &self.around;
        let mut edits = vec![Edit::new(self.first.clone(), &[before, escaped, after])];
        edits.extend(self.others.iter().map(|range| Edit::new(range.clone(), &[])));
        edits
    }
}

/// One stretch of a file that is replaced.
pub(super) struct Edit {
    pub range: Range<usize>,
    new: Zeroizing<String>,
}

impl Edit {
    /// Replaces the stretch by these texts, one behind the other.
    pub fn new(range: Range<usize>, texts: &[&str]) -> Self {
        let room = texts.iter().map(|text| text.len()).sum();
        let mut new = Zeroizing::new(String::with_capacity(room));
        new.extend(texts.iter().copied());
        Self { range, new }
    }
}

/// The file after these edits, which stand in the file's order and do not overlap.
pub(super) fn apply(text: &[u8], edits: &[Edit]) -> Zeroizing<Vec<u8>> {
    // The exact size or more at once, so that growing leaves no copy behind.
    let room = text.len() + edits.iter().map(|edit| edit.new.len()).sum::<usize>();
    let mut out = Zeroizing::new(Vec::with_capacity(room));
    for (kept, new) in parts(text, edits) {
        out.extend(kept);
        out.extend(new.as_bytes());
    }
    out
}

/// As [`apply`], as text for people. What is kept decides how it is decoded, so that no value changes what is shown.
pub(super) fn show(text: &[u8], edits: &[Edit]) -> String {
    let is_utf8 = parts(text, edits).all(|(kept, _)| std::str::from_utf8(kept).is_ok());
    let decode = |kept: &[u8]| -> String {
        if is_utf8 {
            String::from_utf8_lossy(kept).into_owned()
        } else {
            kept.iter().copied().map(char::from).collect()
        }
    };
    parts(text, edits).flat_map(|(kept, new)| [Cow::Owned(decode(kept)), Cow::Borrowed(new)]).collect()
}

/// Each stretch that is kept, with what follows it instead of the one replaced.
fn parts<'a>(text: &'a [u8], edits: &'a [Edit]) -> impl Iterator<Item = (&'a [u8], &'a str)> {
    let starts = std::iter::once(0).chain(edits.iter().map(|edit| edit.range.end));
    let ends = edits.iter().map(|edit| (edit.range.start, edit.new.as_str())).chain([(text.len(), "")]);
    starts.zip(ends).map(|(start, (end, new))| (&text[start..end], new))
}
