//! How a log is written, and turning it into text piece by piece.

use std::str::FromStr;

use encoding_rs::{Decoder as Standard, UTF_8, UTF_16LE, WINDOWS_1252};
use thiserror::Error;

/// The encodings of logs.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Encoding {
    /// `utf-8`.
    Utf8,
    /// `utf-16`; little-endian where the file does not begin with its mark.
    Utf16,
    /// `latin-1` (ISO 8859-1).
    Latin1,
    /// `windows-1252`.
    Windows1252,
}

/// The name of no encoding that is known here.
#[derive(Debug, Error)]
#[error("the encoding {0} is not known here: utf-8, utf-16, latin-1 or windows-1252")]
pub struct UnknownEncoding(String);

impl FromStr for Encoding {
    type Err = UnknownEncoding;

    fn from_str(name: &str) -> Result<Self, UnknownEncoding> {
        match name {
            "utf-8" => Ok(Self::Utf8),
            "utf-16" => Ok(Self::Utf16),
            "latin-1" => Ok(Self::Latin1),
            "windows-1252" => Ok(Self::Windows1252),
            other => Err(UnknownEncoding(other.to_owned())),
        }
    }
}

/// Turns bytes into text, wherever they are cut. What is no text becomes U+FFFD.
pub(super) enum Decoder {
    /// Each byte is its own letter.
    Latin1,
    /// By the rules of the Encoding Standard.
    Standard(Box<Standard>),
}

impl Decoder {
    /// For a file that begins with these bytes: a mark of the byte order is believed more than what was said before.
    pub fn new(encoding: Encoding, beginning: &[u8]) -> Self {
        let marked = encoding_rs::Encoding::for_bom(beginning).map(|(encoding, _)| encoding);
        let standard = marked.or(match encoding {
            Encoding::Utf8 => Some(UTF_8),
            Encoding::Utf16 => Some(UTF_16LE),
            Encoding::Windows1252 => Some(WINDOWS_1252),
            Encoding::Latin1 => None,
        });
        standard.map_or(Self::Latin1, |one| Self::Standard(Box::new(one.new_decoder_without_bom_handling())))
    }

    /// Bytes of the smallest unit: a file can be read from any multiple of it.
    pub fn unit(&self) -> u64 {
        match self {
            Self::Standard(decoder) if decoder.encoding() != UTF_8 && decoder.encoding() != WINDOWS_1252 => 2,
            _ => 1,
        }
    }

    /// The text of the next bytes. A letter that is cut in two comes with its second half.
    pub fn decode(&mut self, bytes: &[u8]) -> String {
        let mut text = match self {
            Self::Latin1 => encoding_rs::mem::decode_latin1(bytes).into_owned(),
            Self::Standard(decoder) => {
                let room = decoder.max_utf8_buffer_length(bytes.len()).unwrap_or(bytes.len() * 3);
                let mut text = String::with_capacity(room);
                let _ = decoder.decode_to_string(bytes, &mut text, false);
                text
            }
        };
        // The mark of the byte order; anywhere else it is a blank without width.
        text.retain(|letter| letter != '\u{feff}');
        text
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn utf16(text: &str, big: bool, mark: bool) -> Vec<u8> {
        let mark = if mark { "\u{feff}" } else { "" };
        let units = [mark, text].concat();
        units.encode_utf16().flat_map(|unit| if big { unit.to_be_bytes() } else { unit.to_le_bytes() }).collect()
    }

    fn decoded(encoding: Encoding, bytes: &[u8], cut: usize) -> String {
        let mut decoder = Decoder::new(encoding, bytes);
        bytes.chunks(cut).map(|bytes| decoder.decode(bytes)).collect()
    }

    #[test]
    fn each_encoding_is_read_and_a_mark_is_believed() {
        let text = "é – 日 𝄞\n";
        for (encoding, bytes) in [
            (Encoding::Utf8, text.as_bytes().to_vec()),
            (Encoding::Utf8, ["\u{feff}", text].concat().into_bytes()),
            (Encoding::Utf8, utf16(text, true, true)),
            (Encoding::Utf16, utf16(text, false, true)),
            (Encoding::Utf16, utf16(text, true, true)),
            (Encoding::Utf16, utf16(text, false, false)),
        ] {
            assert_eq!(decoded(encoding, &bytes, 1), text, "{encoding:?}");
        }
        assert_eq!(decoded(Encoding::Windows1252, b"\x80 \xe9", 1), "€ é");
        assert_eq!(decoded(Encoding::Latin1, b"\xa4 \xe9", 1), "¤ é");
        assert_eq!(decoded(Encoding::Utf8, b"a\xffb", 1), "a\u{fffd}b");
        assert_eq!("ebcdic".parse::<Encoding>().expect_err("unknown").to_string().matches("ebcdic").count(), 1);
    }

    proptest! {
        #[test]
        fn where_the_bytes_are_cut_does_not_matter(bytes: Vec<u8>, cut in 1_usize..9, which in 0..4) {
            let names = ["utf-8", "utf-16", "latin-1", "windows-1252"];
            let encoding = names[usize::try_from(which).expect("small")].parse().expect("known");
            prop_assert_eq!(decoded(encoding, &bytes, cut), decoded(encoding, &bytes, usize::MAX));
        }
    }
}
