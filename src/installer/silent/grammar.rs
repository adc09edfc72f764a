//! A silent file's lines: `Variable = Value` with blanks around, `#` comments, blank lines.

use std::ops::Range;

use super::error::Rule;
use super::escape::ends_open;

/// What editors put before UTF-8.
const MARK: &[u8] = b"\xEF\xBB\xBF";

/// One assignment, by where it stands in the text.
#[derive(Debug, Clone)]
pub(super) struct Assignment {
    /// The whole line with its end.
    pub line: Range<usize>,
    /// The name.
    pub name: Range<usize>,
    /// The value without the blanks around it; empty at the end of the line when there is none.
    pub value: Range<usize>,
}

/// A file's assignments, in its order.
///
/// # Errors
/// The first byte that breaks the grammar, and the rule.
pub(super) fn assignments(text: &[u8]) -> Result<Vec<Assignment>, (usize, Rule)> {
    if let Some(zero) = text.iter().position(|byte| *byte == 0) {
        return Err((zero, Rule::ZeroByte));
    }
    let mut found = Vec::new();
    let mut start = 0;
    while start < text.len() {
        let end = text[start..].iter().position(|byte| *byte == b'\n').map_or(text.len(), |at| start + at + 1);
        if let Some(assignment) = assignment(text, start..end)? {
            found.push(assignment);
        }
        start = end;
    }
    Ok(found)
}

fn assignment(text: &[u8], line: Range<usize>) -> Result<Option<Assignment>, (usize, Rule)> {
    let is_marked = line.start == 0 && text.starts_with(MARK);
    let start = if is_marked { MARK.len() } else { line.start };
    let inner = trimmed(text, start..without_end(text, line.clone()));
    if let Some(lone) = text[inner.clone()].iter().position(|byte| *byte == b'\r') {
        return Err((inner.start + lone, Rule::LoneReturn));
    }
    if inner.is_empty() || text[inner.start] == b'#' {
        return Ok(None);
    }
    if is_marked {
        return Err((0, Rule::Mark));
    }
    let sign = text[inner.clone()].iter().position(|byte| *byte == b'=').map(|at| inner.start + at);
    let Some(sign) = sign else { return Err((inner.start, Rule::NoAssignment)) };
    let name = trimmed(text, inner.start..sign);
    if name.is_empty() || !text[name.clone()].iter().all(|byte| is_name(*byte)) {
        return Err((inner.start, Rule::NoAssignment));
    }
    let value = trimmed(text, sign + 1..inner.end);
    // An empty value stands where one would be put: behind a blank that is there already.
    let value = if value.is_empty() {
        let end = without_end(text, line.clone());
        let at = if text[sign + 1..end].is_empty() { sign + 1 } else { sign + 2 };
        at..at
    } else {
        value
    };
    if ends_open(&text[value.clone()]) {
        return Err((value.end - 1, Rule::Backslash));
    }
    Ok(Some(Assignment { line, name, value }))
}

/// The end of a line before its line break, `\n` or `\r\n`.
fn without_end(text: &[u8], line: Range<usize>) -> usize {
    let bytes = &text[line.clone()];
    let bytes = bytes.strip_suffix(b"\n").map_or(bytes, |bytes| bytes.strip_suffix(b"\r").unwrap_or(bytes));
    line.start + bytes.len()
}

fn trimmed(text: &[u8], range: Range<usize>) -> Range<usize> {
    let is_blank = |byte: &u8| matches!(byte, b' ' | b'\t');
    let bytes = &text[range.clone()];
    let Some(first) = bytes.iter().position(|byte| !is_blank(byte)) else { return range.start..range.start };
    let last = bytes.iter().rposition(|byte| !is_blank(byte)).unwrap_or(first);
    range.start + first..range.start + last + 1
}

/// What a name is made of. A slash is none of it: it stands between a product and its variable where people name both.
fn is_name(byte: u8) -> bool {
    byte.is_ascii_graphic() && !b"=:#!\\/\"'".contains(&byte)
}
