//! The forms: how a secret becomes the text that a format holds, and back.

use base64::Engine;
use base64::alphabet::STANDARD;
use base64::engine::{DecodePaddingMode, GeneralPurpose, GeneralPurposeConfig};
use zeroize::Zeroizing;

use super::spot::Hand;
use super::{Form, FormError, Format, quote};
use crate::secret::Secret;

/// Writes with padding, reads with or without.
const BASE64: GeneralPurpose = GeneralPurpose::new(
    &STANDARD,
    GeneralPurposeConfig::new().with_decode_padding_mode(DecodePaddingMode::Indifferent),
);

/// The secret that a place's text stands for.
pub(super) fn decode(format: Format, form: Form, key: &str, text: Secret) -> Result<Secret, FormError> {
    let present = |rule| FormError::Present { key: key.into(), rule };
    let bytes = match form {
        Form::Opaque => return Err(FormError::Opaque),
        Form::Plain => return Ok(text),
        Form::Quoted if has_quotes(format) => return Ok(text),
        Form::Quoted => {
            let rule = "stands in quotes or escapes that readers take in different ways: write it in double quotes";
            return quote::read_ours(text.expose()).map(|text| Secret::copy_of(&text)).ok_or_else(|| present(rule));
        }
        Form::Base64 => BASE64.decode(text.expose()).map_err(|_| present("is not base64: write the value anew"))?,
        Form::Hex => unhex(text.expose().as_bytes())
            .ok_or_else(|| present("is not an even number of hexadecimal digits: write the value anew"))?,
    };
    Secret::from_bytes(bytes).ok_or_else(|| present("is encoded, and not the encoding of a text"))
}

/// The text that stands for a secret; `hand` is how the present one is written.
pub(super) fn encode(
    format: Format,
    form: Form,
    key: &str,
    secret: &Secret,
    hand: Hand,
) -> Result<Zeroizing<String>, FormError> {
    let value = secret.expose();
    let refused = |rule| Err(FormError::Value { key: key.into(), rule });
    match form {
        Form::Opaque => return Err(FormError::Opaque),
        Form::Base64 => return Ok(Zeroizing::new(BASE64.encode(value))),
        Form::Hex => return Ok(hex(value.as_bytes())),
        Form::Plain | Form::Quoted => {}
    }
    if value.contains(['\n', '\r']) {
        return refused("a value with a line break cannot stand here");
    }
    if value.contains('\0') {
        return refused("a value with a NUL character cannot stand here");
    }
    if form == Form::Quoted && !has_quotes(format) {
        Ok(quote::ours(value, hand))
    } else {
        Ok(Zeroizing::new(value.to_owned()))
    }
}

/// Whether a format has quotes of its own, which it reads and writes itself.
fn has_quotes(format: Format) -> bool {
    matches!(format, Format::Toml | Format::Json | Format::Yaml)
}

fn hex(bytes: &[u8]) -> Zeroizing<String> {
    let mut out = Zeroizing::new(String::with_capacity(bytes.len() * 2));
    let digit = |value: u8| char::from(b"0123456789abcdef"[usize::from(value)]);
    for byte in bytes {
        out.extend([digit(byte >> 4), digit(byte & 0xF)]);
    }
    out
}

fn unhex(digits: &[u8]) -> Option<Vec<u8>> {
    let digit = |byte: u8| char::from(byte).to_digit(16).and_then(|digit| u8::try_from(digit).ok());
    let mut out = Vec::with_capacity(digits.len() / 2);
    for pair in digits.chunks(2) {
        let [high, low] = pair else { return None };
        out.push(digit(*high)? << 4 | digit(*low)?);
    }
    Some(out)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn decoded(form: Form, text: &str) -> Result<String, FormError> {
        decode(Format::Whole, form, "k", Secret::copy_of(text)).map(|secret| secret.expose().to_owned())
    }

    #[test]
    fn encodings_are_read_as_other_tools_write_them() {
        for (form, text, value) in [
            (Form::Base64, "c8OpY3JldA==", "sécret"),
            (Form::Base64, "c8OpY3JldA", "sécret"),
            (Form::Hex, "73c3a963726574", "sécret"),
            (Form::Hex, "73C3A963726574", "sécret"),
            (Form::Quoted, "'it is'", "it is"),
            (Form::Quoted, r#""a \"b\" \\""#, r#"a "b" \"#),
            (Form::Quoted, "bare", "bare"),
            (Form::Base64, "", ""),
        ] {
            assert_eq!(decoded(form, text).as_deref(), Ok(value), "{text}");
        }
    }

    #[test]
    fn what_is_not_encoded_is_refused_without_showing_it() {
        for (form, text) in [
            (Form::Base64, "s3cret!"),
            (Form::Base64, "/w=="),
            (Form::Hex, "abc"),
            (Form::Hex, "zz"),
            (Form::Hex, "ff"),
        ] {
            let error = decoded(form, text).expect_err("refused");
            assert!(matches!(error, FormError::Present { .. }), "{text}");
            assert!(!error.to_string().contains(text));
        }
        assert_eq!(decoded(Form::Opaque, "x"), Err(FormError::Opaque));
    }
}
