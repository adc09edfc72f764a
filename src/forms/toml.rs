//! TOML: the value is a string on one line.

use std::ops::Range;

use toml_edit::Document;
use zeroize::Zeroizing;

use super::spot::{Found, Hand, Spot};
use super::text::{document, hash_comments, value_in_comment};
use super::{FormError, path, quote};
use crate::secret::Secret;

/// The string that a path leads to.
pub(super) fn find(text: &[u8], key: &str) -> Result<Option<Found>, FormError> {
    let (document, skipped) = document(text, "the TOML file is not UTF-8: convert it")?;
    // The parser's own error would show the line.
    let parsed = Document::parse(document).map_err(|error| {
        let at = error.span().map_or(0, |span| span.start);
        FormError::file(text, at + skipped, "the TOML is not well-formed")
    })?;
    let mut node = parsed.as_item();
    for part in path::parts(key) {
        let is_list = node.is_array() || node.is_array_of_tables();
        let next = if is_list { part.parse().ok().and_then(|at: usize| node.get(at)) } else { node.get(&*part) };
        let Some(next) = next else { return Ok(None) };
        node = next;
    }
    let present = |rule| FormError::Present { key: key.into(), rule };
    let Some((value, span)) = node.as_str().zip(node.span()) else {
        return Err(present("is not a string: put the value in quotes"));
    };
    let range = span.start + skipped..span.end + skipped;
    let written = &text[range.clone()];
    if [&b"\"\"\""[..], b"'''"].iter().any(|quotes| written.starts_with(quotes)) {
        return Err(present("is a multi-line string: write it on one line, in one quote at each end"));
    }
    Ok(Some(Found { value: Secret::copy_of(value), spot: Spot::at(range, quote::hand(written)) }))
}

/// A value in the quotes that stand there now, where it can be.
pub(super) fn escape(value: &str, hand: Hand) -> Zeroizing<String> {
    let literal = if hand == Hand::Single { quote::single(value) } else { None };
    literal.unwrap_or_else(|| quote::double(value))
}

/// Where values stand that are commented out under the key's name; `spot` is where its value itself stands.
pub(super) fn commented_out(text: &[u8], key: &str, spot: &Range<usize>) -> Vec<Range<usize>> {
    let name = path::last(key);
    hash_comments(text, spot, false).filter_map(|comment| value_in_comment(text, comment, &name, b"=")).collect()
}

#[cfg(test)]
mod tests {
    use crate::forms::{FormError, Format, MASK};
    use crate::secret::Secret;

    fn read(text: &str, key: &str) -> Option<String> {
        Format::Toml.read(text.as_bytes(), key).expect("readable").map(|secret| secret.expose().to_owned())
    }

    fn write(text: &str, value: &str) -> String {
        let written = Format::Toml.write(text.as_bytes(), "k", &Secret::new(value.into())).expect("written");
        String::from_utf8(written.to_vec()).expect("text")
    }

    #[test]
    fn a_path_leads_through_tables_and_arrays() {
        let text = "k = ''\na.b.\"c/d\" = 'dotted'\n[[t]]\nk = '1'\n[[t]]\nk = \"2\\u00e9\"\ni = [{ k = '3' }]\n";
        for (key, value) in [
            ("k", Some("")),
            ("a/b/c~1d", Some("dotted")),
            ("t/1/k", Some("2é")),
            ("t/1/i/0/k", Some("3")),
            ("t/2/k", None),
            ("none", None),
        ] {
            assert_eq!(read(text, key).as_deref(), value, "{key}");
        }
        assert_eq!(read(text, "k/k"), None);
    }

    #[test]
    fn only_the_value_changes() {
        assert_eq!(
            write("\u{FEFF}# c\r\nk='old' # d\r\n[a]\r\nk = 1", "é\\"),
            "\u{FEFF}# c\r\nk='é\\' # d\r\n[a]\r\nk = 1"
        );
        assert_eq!(write("k = 'old'", "it's"), "k = \"it's\"");
        assert_eq!(write("k = \"old\"", "a\"\\\t\u{7F}"), "k = \"a\\\"\\\\\\t\\u007F\"");
    }

    #[test]
    fn people_see_neither_the_value_nor_one_commented_out() {
        let text = "# k = 'older' # k\nk = 'secret # k = x'# a.k = old\nx = 1 # k is it\n";
        let shown = format!("# k = {MASK}\nk = {MASK}# a.k = {MASK}\nx = 1 # k is it\n");
        assert_eq!(Format::Toml.masked(text.as_bytes(), "k"), Ok(shown));
    }

    #[test]
    fn what_cannot_be_a_value_is_refused_without_showing_it() {
        for text in ["k = 1", "k = ['secret']", "k = '''secret'''", "k = \"\"\"secret\"\"\"", "[k]\nsecret = 'x'"] {
            let error = Format::Toml.read(text.as_bytes(), "k").err().expect("refused");
            assert!(matches!(error, FormError::Present { .. }), "{text}");
            assert!(!error.to_string().contains("secret"));
        }
        for text in ["\nk = 'secret", "k = 'secret'\nk = 'x'", "k = 'a'\nsecret\n"] {
            let error = Format::Toml.read(text.as_bytes(), "k").err().expect("refused");
            assert!(matches!(error, FormError::File { line: 2, .. }), "{text:?}: {error}");
            assert!(!error.to_string().contains("secret"));
        }
    }
}
