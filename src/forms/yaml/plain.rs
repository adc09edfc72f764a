//! Scalars without quotes: which are text to every reader, of YAML 1.1 or 1.2.

use crate::forms::text::is_control;

/// Whether a value can be written without quotes and is the same text to every reader.
pub(super) fn can_stand_plain(value: &str) -> bool {
    is_text(value)
        && value
            .starts_with(|first: char| first.is_alphanumeric() || matches!(first, '/' | '_' | '.' | '+' | '$' | '('))
        && value.trim() == value
        && !value.ends_with(':')
        && !["...", ": ", " #"].iter().any(|sign| value.contains(sign))
        && !value.contains(|one: char| {
            is_control(one) || ",[]{}\u{85}\u{A0}".contains(one) || (one != ' ' && one.is_whitespace())
        })
}

/// Whether no reader takes a scalar without quotes for something else: nothing, a truth value, a number, a date.
pub(super) fn is_text(value: &str) -> bool {
    const WORDS: [&str; 13] = ["", "~", "null", "true", "false", "yes", "no", "on", "off", "y", "n", "<<", "="];
    !WORDS.iter().any(|word| word.eq_ignore_ascii_case(value)) && !is_number(value) && !is_date(value)
}

fn is_number(value: &str) -> bool {
    let digits = value.strip_prefix(['+', '-']).unwrap_or(value).replace('_', "").to_ascii_lowercase();
    if [".inf", ".nan"].contains(&&*digits) || digits.parse::<f64>().is_ok() {
        return true;
    }
    let rest_is = |prefix: &str, radix: u32| {
        digits.strip_prefix(prefix).is_some_and(|rest| rest.chars().all(|one| one.is_digit(radix)))
    };
    // With colons and without: base 60, and thousands with commas.
    let is_grouped = digits.starts_with(|first: char| first.is_ascii_digit())
        && digits.chars().all(|one| one.is_ascii_digit() || matches!(one, ':' | '.' | ','));
    is_grouped || rest_is("0x", 16) || rest_is("0o", 8) || rest_is("0b", 2)
}

/// Year, month and day; a time may follow.
fn is_date(value: &str) -> bool {
    let mut parts = value.splitn(3, '-');
    let mut next = |least: usize, most: usize| {
        let digits = parts.next().map_or(0, |part| part.bytes().take_while(u8::is_ascii_digit).count());
        (least..=most).contains(&digits)
    };
    value.is_ascii() && next(4, 4) && next(1, 2) && next(1, 2)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_truth_values_and_dates_are_no_text() {
        for value in [
            "",
            "~",
            "NULL",
            "Yes",
            "off",
            "N",
            "0",
            "0123",
            "-1",
            "+1_000",
            "1e3",
            "1E-3",
            ".5",
            "5.",
            ".inf",
            "-.INF",
            ".NaN",
            "0x1F",
            "0o17",
            "0b101",
            "190:20:30",
            "1,000",
            "2001-12-14",
            "2001-1-1 10:00",
            "inf",
            "nan",
            "=",
            "<<",
        ] {
            assert!(!is_text(value), "{value}");
        }
        for value in ["a", "8abc", "0xZ", "1e3x", "yes!", "2001-secret", "secret-1", "0b12", "a1"] {
            assert!(is_text(value), "{value}");
        }
    }

    #[test]
    fn what_has_a_meaning_of_its_own_cannot_stand_plain() {
        for value in [
            "- a",
            "-",
            "? a",
            "#a",
            "a #b",
            "a: b",
            "a:",
            "&a",
            "*a",
            "!a",
            "|",
            ">",
            "'a",
            "\"a",
            "%a",
            "@a",
            "`a",
            "[a",
            "a]",
            "{a",
            "a}",
            "a,b",
            " a",
            "a ",
            "a\tb",
            "---",
            "...",
            "a\u{7F}",
            "\u{FEFF}a",
        ] {
            assert!(!can_stand_plain(value), "{value:?}");
        }
        for value in ["a", "a b", "a#b", "a:b", "a-b", "a'b\"c", "/x", "ü", "a\\b", "a&b*c!d%e@f"] {
            assert!(can_stand_plain(value), "{value}");
        }
    }
}
