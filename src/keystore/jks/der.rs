//! The little DER (X.690) that a protected key is wrapped in.

/// Tag of a SEQUENCE.
pub(super) const SEQUENCE: u8 = 0x30;
/// Tag of an OCTET STRING.
pub(super) const OCTET_STRING: u8 = 0x04;

/// One element: tag, length, content.
pub(super) fn element(tag: u8, content: &[u8]) -> Vec<u8> {
    let length = content.len().to_be_bytes();
    let significant = &length[length.iter().take_while(|byte| **byte == 0).count()..];
    let mut out = Vec::with_capacity(content.len() + 10);
    out.push(tag);
    match significant {
        [] => out.push(0),
        [short @ ..=0x7F] => out.push(*short),
        // At most eight bytes of length, so the count always fits.
        long => {
            out.push(0x80 | u8::try_from(long.len()).unwrap_or(8));
            out.extend(long);
        }
    }
    out.extend(content);
    out
}

/// The content of the element of this tag that the bytes start with, and what follows it.
pub(super) fn split(tag: u8, bytes: &[u8]) -> Option<(&[u8], &[u8])> {
    let (length, rest) = match bytes {
        [found, short @ ..=0x7F, rest @ ..] if *found == tag => (usize::from(*short), rest),
        [found, count @ 0x81..=0x84, rest @ ..] if *found == tag => {
            let (digits, rest) = rest.split_at_checked(usize::from(count & 0x7F))?;
            (digits.iter().fold(0, |length, digit| length << 8 | usize::from(*digit)), rest)
        }
        _ => return None,
    };
    rest.split_at_checked(length)
}

#[cfg(test)]
mod tests {
    use super::{OCTET_STRING, SEQUENCE, element, split};

    #[test]
    fn elements_of_every_length_read_back() {
        for length in [0, 1, 127, 128, 255, 256, 65_535, 65_536] {
            let content = vec![7; length];
            let mut bytes = element(OCTET_STRING, &content);
            bytes.extend(b"after");
            assert_eq!(split(OCTET_STRING, &bytes), Some((&content[..], &b"after"[..])));
            assert_eq!(split(SEQUENCE, &bytes), None);
        }
    }

    #[test]
    fn a_length_past_the_end_is_refused() {
        for bytes in [&b"\x04"[..], b"\x04\x05abcd", b"\x04\x84\xFF\xFF\xFF\xFFa", b"\x04\x82\x01", b"\x04\x80a"] {
            assert_eq!(split(OCTET_STRING, bytes), None);
        }
    }
}
