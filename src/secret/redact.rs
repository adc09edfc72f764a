//! Taking a secret out of text that somebody else wrote.

use base64::Engine;
use base64::engine::general_purpose::{STANDARD, URL_SAFE};
use regex::bytes::{Regex, RegexBuilder};
use zeroize::Zeroizing;

use super::Secret;

/// What stands where a secret stood, whatever its length.
const HIDDEN: &str = "[hidden]";
/// Shortest form, other than the secret itself, that is looked for: a shorter one is found by chance.
const SHORTEST: usize = 6;

/// Finds secrets in text, however programs write them: plain, backwards, with other capitals, quoted and escaped,
/// wrapped over lines, as UTF-16, hexadecimal, base64, percent-encoded or in XML. Without `Debug`.
pub struct Redactor(Option<Regex>);

impl Redactor {
    /// Hides these.
    pub fn of<'a>(secrets: impl IntoIterator<Item = &'a Secret>) -> Self {
        let mut forms: Vec<String> = secrets.into_iter().flat_map(|secret| patterns(secret.expose())).collect();
        // The longer of two that begin alike is what stands there.
        forms.sort_by_key(|form| std::cmp::Reverse(form.len()));
        let any = Zeroizing::new(forms.join("|"));
        Self(if any.is_empty() { None } else { RegexBuilder::new(&any).unicode(false).build().ok() })
    }

    /// The text without them.
    pub fn hide(&self, text: &str) -> String {
        let Some(any) = &self.0 else { return text.to_owned() };
        let folded: Vec<u8> = text.bytes().filter_map(fold).collect();
        let mut found = any.find_iter(&folded).map(|found| found.range()).peekable();
        let mut hidden = String::with_capacity(text.len());
        let mut at = 0;
        for letter in text.chars() {
            while found.next_if(|range| range.end <= at).is_some() {}
            let inside = found.peek().is_some_and(|range| range.start <= at);
            let begins = found.peek().is_some_and(|range| range.start == at);
            let counted = letter.len_utf8() > 1 || fold(letter as u8).is_some();
            if !inside {
                hidden.push(letter);
            } else if begins && counted {
                hidden.push_str(HIDDEN);
            } else if begins {
                hidden.push(letter);
            }
            at += if counted { letter.len_utf8() } else { 0 };
        }
        hidden
    }
}

/// What is left of a byte when text is compared: no blanks, quotes, backslashes and controls, no capitals.
fn fold(byte: u8) -> Option<u8> {
    let ignored = byte.is_ascii_whitespace() || byte.is_ascii_control() || matches!(byte, b'\\' | b'"' | b'\'');
    (!ignored).then(|| byte.to_ascii_lowercase())
}

/// Every form of a secret, as a pattern for folded text.
fn patterns(secret: &str) -> Vec<String> {
    let folded =
        |text: &str| -> String { text.bytes().filter_map(fold).map(|byte| format!("\\x{byte:02x}")).collect() };
    let backwards: String = secret.chars().rev().collect();
    let hex: String = secret.bytes().map(|byte| format!("{byte:02x}")).collect();
    let percent: String = secret
        .bytes()
        .map(|byte| if byte.is_ascii_alphanumeric() { char::from(byte).to_string() } else { format!("%{byte:02x}") })
        .collect();
    let mut patterns = vec![folded(secret)];
    let others = [backwards, hex, percent, quick_xml::escape::escape(secret).into_owned()];
    patterns.extend(others.iter().filter(|text| text.len() >= SHORTEST).map(|text| folded(text)));
    for before in 0..3 {
        for alphabet in [STANDARD, URL_SAFE] {
            // The letters on either side hold bits of it too.
            let inner = inner_base64(&alphabet, secret, before);
            if inner.len() >= SHORTEST {
                patterns.push(format!("[a-z0-9+/_-]?{}[a-z0-9+/_-]?=*", folded(&inner)));
            }
        }
    }
    patterns.retain(|pattern| !pattern.is_empty());
    patterns.sort();
    patterns.dedup();
    patterns
}

/// The part of the base64 text that does not depend on what stands before and behind.
fn inner_base64(alphabet: &impl Engine, text: &str, before: usize) -> String {
    let whole = alphabet.encode(["\0".repeat(before).as_str(), text].concat());
    let (from, to) = ((before * 8).div_ceil(6), (before + text.len()) * 8 / 6);
    whole.get(from..to).unwrap_or_default().to_owned()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn hide(secret: &str, text: &str) -> String {
        Redactor::of([&Secret::copy_of(secret)]).hide(text)
    }

    #[test]
    fn every_way_to_write_it_is_found_and_nothing_beside_it_is_lost() {
        let secret = r#"K&7-Zr "2L\x<W0:T"#;
        let wide: String = secret.chars().flat_map(|letter| [letter, '\0']).collect();
        let base64 = |before: &str| STANDARD.encode([before, secret, " and more"].concat());
        let forms = [
            secret.to_owned(),
            secret.to_uppercase(),
            secret.chars().rev().collect(),
            wide,
            secret.bytes().map(|byte| format!("{byte:02X} ")).collect(),
            r#"K&7-Zr \"2L\\x<W0\:T"#.to_owned(),
            "K&amp;7-Zr &quot;2L\\x&lt;W0:T".to_owned(),
            "K%267-Zr%20%222L%5Cx%3CW0%3AT".replace('-', "%2d"),
            format!("{}\r\n    {}", &secret[..7], &secret[7..]),
        ];
        for form in forms {
            let hidden = hide(secret, &format!("before: {form}; behind"));
            assert!(hidden.starts_with("before: [hidden]") && hidden.ends_with("; behind"), "{form:?} {hidden:?}");
            assert!(!hidden.contains("W0") && !hidden.contains("Zr"), "{hidden:?}");
        }
        for before in ["", "x", "xy", "xyz"] {
            let hidden = hide(secret, &base64(before));
            assert!(hidden.contains(HIDDEN) && hidden.len() < base64(before).len() - 10, "{hidden}");
        }
    }

    #[test]
    fn several_are_hidden_and_none_hides_nothing() {
        let secrets = ["correct horse", "battery"].map(Secret::copy_of);
        assert_eq!(Redactor::of(&secrets).hide("é correct horse, battery é"), "é [hidden], [hidden] é");
        assert_eq!(Redactor::of([]).hide("text"), "text");
        assert_eq!(hide("", "text"), "text");
    }

    proptest! {
        #[test]
        fn it_is_never_left_and_the_rest_is(secret in "[a-zA-Z0-9é:=#!&<>%~_-]{8,24}", before in "[ .,;]{0,9}", behind in "[ .,;]{0,9}") {
            prop_assert_eq!(hide(&secret, &format!("{before}{secret}{behind}")), format!("{before}{HIDDEN}{behind}"));
        }

        #[test]
        fn any_text_can_be_looked_at(secret in "\\PC{0,12}", text in "(?s).{0,200}") {
            hide(&secret, &text);
        }
    }
}
