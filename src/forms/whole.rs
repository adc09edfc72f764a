//! The whole file is the value, but for a byte order mark before it and one line break behind it, which are kept.

use super::spot::{Found, Spot};
use super::text::{MARK, is_control};
use super::{FormError, quote};
use crate::secret::Secret;

/// What such a file is called where others name a key.
const NAME: &str = "the file";

/// The value and where it stands.
pub(super) fn find(text: &[u8]) -> Result<Option<Found>, FormError> {
    let present = |rule| FormError::Present { key: NAME.into(), rule };
    let start = if text.starts_with(MARK.as_bytes()) { MARK.len() } else { 0 };
    let rest = &text[start..];
    let value = rest.strip_suffix(b"\n").map_or(rest, |line| line.strip_suffix(b"\r").unwrap_or(line));
    let value =
        std::str::from_utf8(value).map_err(|_| present("is not UTF-8 text: convert it, or encode the value"))?;
    if value.contains(['\n', '\r']) {
        return Err(present(
            "holds more than one line, so it is not clear what the value is: leave the value alone in it",
        ));
    }
    let range = start..start + value.len();
    Ok(Some(Found { value: Secret::copy_of(value), spot: Spot::at(range, quote::hand(value.as_bytes())) }))
}

/// Whether a value can be the whole file.
pub(super) fn check(value: &str) -> Result<(), FormError> {
    if value.chars().any(is_control) {
        let rule = "a value with control characters cannot stand alone in a file";
        return Err(FormError::Value { key: NAME.into(), rule });
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use crate::forms::{FormError, Format, MASK};
    use crate::secret::Secret;

    #[test]
    fn the_line_break_at_the_end_stays_as_it_was() {
        for (before, after) in [
            ("", "new"),
            ("old", "new"),
            ("old\n", "new\n"),
            ("old\r\n", "new\r\n"),
            ("\u{FEFF}old\n", "\u{FEFF}new\n"),
        ] {
            let written = Format::Whole.write(before.as_bytes(), "", &Secret::new("new".into())).expect("written");
            assert_eq!(std::str::from_utf8(&written), Ok(after), "{before:?}");
        }
        assert_eq!(Format::Whole.masked(b"secret\n", ""), Ok(format!("{MASK}\n")));
    }

    #[test]
    fn more_than_one_line_is_no_value() {
        for text in [&b"a\nsecret"[..], b"secret\n\n", b"a\rsecret", b"secret\xFF"] {
            let error = Format::Whole.read(text, "").err().expect("refused");
            assert!(matches!(&error, FormError::Present { key, .. } if key == "the file"), "{text:?}");
            assert!(!error.to_string().contains("secret"));
        }
    }
}
