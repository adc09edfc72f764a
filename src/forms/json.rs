//! JSON, with comments and trailing commas where a file has them: the value is a string.

use std::ops::Range;

use jsonc_parser::ast::{Comment, Value};
use jsonc_parser::common::Ranged;
use jsonc_parser::{CollectOptions, CommentCollectionStrategy, ParseOptions, ParseResult, parse_to_ast};

use super::spot::{Found, Hand, Spot};
use super::text::{document, value_in_comment};
use super::{FormError, path};
use crate::secret::Secret;

/// The string that a path leads to.
pub(super) fn find(text: &[u8], key: &str) -> Result<Option<Found>, FormError> {
    let (document, skipped) = document(text, "the JSON file is not UTF-8: convert it")?;
    let parsed = parse(document).map_err(|at| FormError::file(text, at + skipped, "the JSON is not well-formed"))?;
    let mut node = parsed.value.as_ref();
    for part in path::parts(key) {
        node = match node {
            Some(Value::Object(object)) => {
                let mut same = object.properties.iter().filter(|property| property.name.as_str() == part);
                let first = same.next();
                if same.next().is_some() {
                    return Err(FormError::Twice { key: key.into() });
                }
                first.map(|property| &property.value)
            }
            Some(Value::Array(array)) => part.parse().ok().and_then(|index: usize| array.elements.get(index)),
            _ => None,
        };
    }
    match node {
        None => Ok(None),
        Some(Value::StringLit(string)) => {
            let range = string.range.start + skipped..string.range.end + skipped;
            Ok(Some(Found { value: Secret::copy_of(&string.value), spot: Spot::at(range, Hand::Double) }))
        }
        Some(_) => Err(FormError::Present { key: key.into(), rule: "is not a string: put the value in quotes" }),
    }
}

/// Where values stand that are commented out under the key's name.
pub(super) fn commented_out(text: &[u8], key: &str) -> Vec<Range<usize>> {
    let Ok((document, skipped)) = document(text, "") else { return Vec::new() };
    let comments = parse(document).ok().and_then(|parsed| parsed.comments).unwrap_or_default();
    let name = path::last(key);
    let mut found: Vec<Range<usize>> = comments
        .values()
        .flat_map(|comments| comments.iter())
        .filter_map(|comment| {
            let range = comment.range();
            let end = match comment {
                Comment::Line(_) => range.end,
                Comment::Block(_) => range.end - "*/".len(),
            };
            value_in_comment(text, range.start + skipped..end + skipped, &name, b":")
        })
        .collect();
    // The parser lists a comment with the token before it and with the one behind it.
    found.sort_by_key(|range| range.start);
    found.dedup();
    found
}

/// The document, or where it is wrong. The parser's own error would show what stands there.
fn parse(document: &str) -> Result<ParseResult<'_>, usize> {
    let collect = CollectOptions { comments: CommentCollectionStrategy::Separate, tokens: false };
    let allow = ParseOptions {
        allow_comments: true,
        allow_loose_object_property_names: false,
        allow_trailing_commas: true,
        allow_missing_commas: false,
        allow_single_quoted_strings: false,
        allow_hexadecimal_numbers: false,
        allow_unary_plus_numbers: false,
        allow_bare_decimal_point_numbers: false,
        allow_non_finite_numbers: false,
        allow_extended_string_escapes: false,
    };
    parse_to_ast(document, &collect, &allow).map_err(|error| error.range().start)
}

#[cfg(test)]
mod tests {
    use crate::forms::{FormError, Format, MASK};
    use crate::secret::Secret;

    fn read(text: &str, key: &str) -> Option<String> {
        Format::Json.read(text.as_bytes(), key).expect("readable").map(|secret| secret.expose().to_owned())
    }

    fn write(text: &str, value: &str) -> String {
        let written = Format::Json.write(text.as_bytes(), "k", &Secret::new(value.into())).expect("written");
        String::from_utf8(written.to_vec()).expect("text")
    }

    #[test]
    fn a_path_leads_through_objects_and_arrays() {
        let text = r#"{"a": [{"k": "1"}, {"k": "2"}], "b/c": {"~": "\u00e9\"\ud83d\udd11"}, "k": ""}"#;
        for (key, value) in [("a/1/k", Some("2")), ("b~1c/~0", Some("é\"🔑")), ("k", Some("")), ("a/2/k", None)] {
            assert_eq!(read(text, key).as_deref(), value, "{key}");
        }
        assert_eq!(read(text, "k/k"), None);
        assert_eq!(read(text, ""), None);
    }

    #[test]
    fn only_the_value_changes() {
        let text = "\u{FEFF}{ // c\r\n\t\"k\" :\"old\", \"x\": 1.50,}";
        assert_eq!(write(text, "é\"\\/\t"), text.replace("\"old\"", "\"é\\\"\\\\/\\t\""));
    }

    #[test]
    fn people_see_neither_the_value_nor_one_commented_out() {
        let text = "{\n// \"k\": \"older\"\n/* k was\n \"k\": \"oldest\" */ \"k\": \"secret\" // k\n}";
        let shown = format!("{{\n// \"k\": {MASK}\n/* k was\n \"k\": {MASK}*/ \"k\": {MASK} // k\n}}");
        assert_eq!(Format::Json.masked(text.as_bytes(), "k"), Ok(shown));
    }

    #[test]
    fn what_cannot_be_a_value_is_refused_without_showing_it() {
        for text in ["{\"k\": 1}", "{\"k\": null}", "{\"k\": [\"secret\"]}"] {
            assert!(matches!(Format::Json.read(text.as_bytes(), "k"), Err(FormError::Present { .. })), "{text}");
        }
        for text in ["{\n\"k\": \"secret}", "{\n\"k\": 'secret'}", "{\nk: \"secret\"}", "{\"k\": \"a\"\n\"secret\": 1}"]
        {
            let error = Format::Json.read(text.as_bytes(), "k").err().expect("refused");
            assert!(matches!(error, FormError::File { .. }), "{text}: {error}");
            assert!(!error.to_string().contains("secret"));
        }
        let twice = r#"{"a": {"k": "1"}, "a": {}}"#;
        assert_eq!(Format::Json.read(twice.as_bytes(), "a/k").err(), Some(FormError::Twice { key: "a/k".into() }));
    }
}
