//! YAML 1.2, one document: the value is a scalar on one line, without anchor, alias or tag.

mod plain;
mod search;

use std::ops::Range;

use saphyr_parser::{Event, Parser};
use zeroize::Zeroizing;

use super::spot::{Found, Hand};
use super::text::{document, hash_comments, value_in_comment};
use super::{FormError, path, quote};
use plain::can_stand_plain;
use search::Search;

/// The scalar that a path leads to.
pub(super) fn find(text: &[u8], key: &str) -> Result<Option<Found>, FormError> {
    let (document, skipped) = document(text, "the YAML file is not UTF-8: convert it")?;
    let mut search = Search::new(document, skipped, key);
    let mut parser = Parser::new_from_str(document);
    let mut documents = 0;
    while let Some(event) = parser.next_event() {
        // The parser's own error would name what stands there.
        let (event, span) = event.map_err(|error| FormError::File {
            line: error.marker().line(),
            rule: "the YAML is not well-formed from here on",
        })?;
        documents += usize::from(matches!(event, Event::DocumentStart(_)));
        if documents > 1 {
            let rule = "a second YAML document begins, so it is not clear which one counts: leave one in the file";
            return Err(FormError::File { line: span.start.line(), rule });
        }
        search.take(&event, span)?;
    }
    Ok(search.found)
}

/// A value in the hand in which the present one is written, where it can be.
pub(super) fn escape(value: &str, hand: Hand, quoted: bool) -> Zeroizing<String> {
    let kept = match hand {
        Hand::Bare if !quoted && can_stand_plain(value) => Some(Zeroizing::new(value.to_owned())),
        Hand::Single => quote::single(value),
        Hand::Bare | Hand::Double => None,
    };
    kept.unwrap_or_else(|| quote::double(value))
}

/// Where values stand that are commented out under the key's name; `spot` is where its value itself stands.
pub(super) fn commented_out(text: &[u8], key: &str, spot: &Range<usize>) -> Vec<Range<usize>> {
    let name = path::last(key);
    hash_comments(text, spot, true).filter_map(|comment| value_in_comment(text, comment, &name, b":")).collect()
}

#[cfg(test)]
mod tests {
    use crate::forms::{Form, FormError, Format, MASK, Shape};
    use crate::secret::Secret;

    fn read(text: &str, key: &str) -> Option<String> {
        Format::Yaml.read(text.as_bytes(), key).expect("readable").map(|secret| secret.expose().to_owned())
    }

    fn write(text: &str, value: &str, form: Form) -> String {
        let shape = Shape { format: Format::Yaml, form };
        let key = if text.starts_with('[') { "0/k" } else { "k" };
        let written = shape.write(text.as_bytes(), key, &Secret::new(value.into())).expect("written");
        String::from_utf8(written.to_vec()).expect("text")
    }

    #[test]
    fn a_path_leads_through_mappings_and_sequences() {
        let text = "\u{FEFF}%YAML 1.2\n---\n# é\na: &x {k: plain one, \"b/c\": 'it''s'}\nl:\n- k: \"1\\u00e9\\\"\"\n- [x, {k: yy}]\n\
                    ? [complex, k]\n: z\né: ü\nn:\r\nk: a#b:c  # d\n...\n";
        for (key, value) in [
            ("a/k", Some("plain one")),
            ("a/b~1c", Some("it's")),
            ("l/0/k", Some("1é\"")),
            ("l/1/1/k", Some("yy")),
            ("l/2", None),
            ("é", Some("ü")),
            ("n", Some("")),
            ("k", Some("a#b:c")),
            ("k/k", None),
        ] {
            assert_eq!(read(text, key).as_deref(), value, "{key}");
        }
    }

    #[test]
    fn only_the_value_changes_and_plain_stays_plain_where_it_can() {
        for (value, written) in [
            ("new", "new"),
            ("a b", "a b"),
            ("é", "é"),
            ("a#b:c", "a#b:c"),
            ("yes", "\"yes\""),
            ("0123", "\"0123\""),
            ("~", "\"~\""),
            ("1e3", "\"1e3\""),
            ("2024-01-01", "\"2024-01-01\""),
            ("- x", "\"- x\""),
            ("# x", "\"# x\""),
            ("a # b", "\"a # b\""),
            ("a: b", "\"a: b\""),
            ("&a", "\"&a\""),
            ("*a", "\"*a\""),
            ("!a", "\"!a\""),
            (" a", "\" a\""),
            ("a,b", "\"a,b\""),
            ("", "\"\""),
        ] {
            assert_eq!(
                write("é: 1\r\nk:  old   # c\r\nx: y", value, Form::Plain),
                format!("é: 1\r\nk:  {written}   # c\r\nx: y")
            );
        }
        assert_eq!(write("k: 'o''ld'  # c\nx: 1", "it's", Form::Plain), "k: \"it's\"  # c\nx: 1");
        assert_eq!(write("[{k: \"o\\\"ld\" }] # k", "v", Form::Plain), "[{k: \"v\" }] # k");
        assert_eq!(write("k: 'old'", "a\\b", Form::Plain), "k: 'a\\b'");
        assert_eq!(write("{k: \"old\", x: 1}", "a\"\t", Form::Plain), "{k: \"a\\\"\\t\", x: 1}");
        assert_eq!(write("k: old", "new", Form::Quoted), "k: \"new\"");
    }

    #[test]
    fn an_empty_value_gets_its_place_behind_the_colon() {
        assert_eq!(write("k:\nx: 1\n", "v", Form::Plain), "k: v\nx: 1\n");
        assert_eq!(write("k:   # c\nx: 1\n", "v", Form::Plain), "k: v   # c\nx: 1\n");
        assert_eq!(write("a: 1\n\"k\" :", "v", Form::Quoted), "a: 1\n\"k\" : \"v\"");
        assert_eq!(write("{k: , x: 1}", "v", Form::Plain), "{k: v , x: 1}");
    }

    #[test]
    fn people_see_neither_the_value_nor_one_commented_out() {
        let text = "#k: older # k\nk: \"secret # k: x\" # k: oldest\n  # the k\nx: 1\n";
        let shown = format!("#k: {MASK}\nk: {MASK} # k: {MASK}\n  # the k\nx: 1\n");
        assert_eq!(Format::Yaml.masked(text.as_bytes(), "k"), Ok(shown));
    }

    #[test]
    fn what_cannot_be_a_value_is_refused_without_showing_it() {
        for text in [
            "k: &secret v",
            "a: &secret v\nk: *secret",
            "k: !vault secret",
            "k: |\n  secret\n",
            "k: >-\n  secret\n",
            "k: secret\n  more\n",
            "k: \"secret\n  more\"\n",
            "k: [secret]",
            "k: {secret: 1}",
            "k: yes",
            "k: 0123",
            "k: ~",
            "{k}",
        ] {
            let error = Format::Yaml.read(text.as_bytes(), "k").err().expect(text);
            assert!(matches!(error, FormError::Present { .. }), "{text:?}: {error}");
            assert!(!error.to_string().contains("secret"));
        }
        for base in ["a: &a {k: secret}\nb: *a", "b: !include secret.yaml"] {
            assert!(matches!(Format::Yaml.read(base.as_bytes(), "b/k"), Err(FormError::Present { .. })));
        }
        for text in ["k: 1\nk: 2", "k: {k: a}\nk: {}"] {
            assert!(matches!(Format::Yaml.read(text.as_bytes(), "k/k"), Err(FormError::Twice { .. })), "{text:?}");
        }
        for text in ["k: secret\n---\nk: x", "a: 1\n\"secret: 1", "a: 1\n}secret"] {
            let error = Format::Yaml.read(text.as_bytes(), "k").err().expect("refused");
            assert!(matches!(error, FormError::File { line: 2.., .. }), "{text:?}: {error}");
            assert!(!error.to_string().contains("secret"));
        }
    }
}
