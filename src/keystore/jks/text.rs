//! Java's "modified UTF-8", in which `DataOutput.writeUTF` puts names into a file.

/// The most bytes such a text can take: its length stands in two bytes.
const LONGEST: usize = 0xFFFF;

/// Encodes a text with its length before it. What is longer than the form holds is cut after a whole character.
pub(super) fn put(out: &mut Vec<u8>, text: &str) {
    let mut bytes = Vec::with_capacity(text.len());
    for character in text.chars() {
        let before = bytes.len();
        character.encode_utf16(&mut [0; 2]).iter().for_each(|unit| put_unit(&mut bytes, *unit));
        if bytes.len() > LONGEST {
            bytes.truncate(before);
            break;
        }
    }
    out.extend(u16::try_from(bytes.len()).unwrap_or(u16::MAX).to_be_bytes());
    out.extend(bytes);
}

/// One UTF-16 unit: one byte for ASCII except NUL, else two or three.
fn put_unit(out: &mut Vec<u8>, unit: u16) {
    let [high, low] = unit.to_be_bytes();
    let (top, middle, last) = (high >> 4, ((high & 0x0F) << 2) | (low >> 6), 0x80 | (low & 0x3F));
    match unit {
        0x01..=0x7F => out.push(low),
        0x00 | 0x80..=0x7FF => out.extend([0xC0 | middle, last]),
        _ => out.extend([0xE0 | top, 0x80 | middle, last]),
    }
}

/// Decodes the bytes after the length; `None` when they are none, or hold half a surrogate pair.
pub(super) fn decode(bytes: &[u8]) -> Option<String> {
    let mut units = Vec::new();
    let mut rest = bytes;
    while let [first, tail @ ..] = rest {
        let (lead, more) = match first {
            0x00..=0x7F => (first & 0x7F, 0),
            0xC0..=0xDF => (first & 0x1F, 1),
            0xE0..=0xEF => (first & 0x0F, 2),
            _ => return None,
        };
        let (following, after) = tail.split_at_checked(more)?;
        let unit = following.iter().try_fold(u16::from(lead), |unit, byte| {
            (byte & 0xC0 == 0x80).then(|| unit << 6 | u16::from(byte & 0x3F))
        })?;
        units.push(unit);
        rest = after;
    }
    String::from_utf16(&units).ok()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::{LONGEST, decode, put};

    fn put_alone(text: &str) -> Vec<u8> {
        let mut out = Vec::new();
        put(&mut out, text);
        out
    }

    #[test]
    fn nul_and_characters_past_the_first_plane_are_encoded_as_java_does() {
        assert_eq!(put_alone("a\0é€"), b"\0\x08a\xC0\x80\xC3\xA9\xE2\x82\xAC");
        assert_eq!(put_alone("😀"), b"\0\x06\xED\xA0\xBD\xED\xB8\x80");
    }

    #[test]
    fn a_text_that_does_not_fit_is_cut_after_a_whole_character() {
        let out = put_alone(&"€".repeat(30_000));
        assert_eq!(out.len(), 2 + LONGEST);
        assert_eq!(decode(&out[2..]).map(|text| text.chars().count()), Some(21_845));
    }

    #[test]
    fn broken_bytes_are_no_text() {
        for bytes in [&b"\xFF"[..], b"\x80", b"\xC3", b"\xC3a", b"\xE2\x82", b"\xED\xA0\xBD", b"\xF0\x9F\x98\x80"] {
            assert_eq!(decode(bytes), None, "{bytes:?}");
        }
    }

    proptest! {
        #[test]
        fn what_is_encoded_is_decoded(text in any::<String>()) {
            prop_assert_eq!(decode(&put_alone(&text)[2..]), Some(text));
        }

        #[test]
        fn any_bytes_are_survived(bytes in any::<Vec<u8>>()) {
            let _ = decode(&bytes);
        }
    }
}
