//! The end of a log, as text.

use std::io;
use std::os::unix::fs::FileExt;
use std::path::Path;

use super::encoding::{Decoder, Encoding};
use super::position::{beginning, open};

/// The last lines of a file, at most so many bytes of it.
///
/// # Errors
/// It cannot be read.
pub fn tail(path: &Path, encoding: Encoding, most: u64) -> io::Result<String> {
    let file = open(path)?;
    let end = file.metadata()?.len();
    let mut decoder = Decoder::new(encoding, &beginning(&file)?);
    let from = end.saturating_sub(most);
    let from = from - from % decoder.unit();
    let mut bytes = vec![0; usize::try_from(end - from).map_err(io::Error::other)?];
    let mut read = 0;
    while read < bytes.len() {
        match file.read_at(&mut bytes[read..], from + read as u64)? {
            0 => break,
            more => read += more,
        }
    }
    let text = decoder.decode(&bytes[..read]);
    // What stands before the first line's end was cut.
    let whole = if from == 0 { 0 } else { text.find('\n').map_or(text.len(), |end| end + 1) };
    Ok(text[whole..].to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn of_a_large_file_the_last_whole_lines_are_read_in_its_own_encoding() {
        let dir = tempfile::tempdir().expect("a folder");
        let path = dir.path().join("trace.txt");
        std::fs::write(&path, "first line\nsecond é\nlast").expect("written");
        assert_eq!(tail(&path, Encoding::Utf8, 1 << 20).expect("read"), "first line\nsecond é\nlast");
        assert_eq!(tail(&path, Encoding::Utf8, 18).expect("read"), "second é\nlast");
        let wide: Vec<u8> = "\u{feff}one\ntwo\n".encode_utf16().flat_map(u16::to_le_bytes).collect();
        std::fs::write(&path, wide).expect("written");
        assert_eq!(tail(&path, Encoding::Utf8, 11).expect("read"), "two\n");
        assert!(tail(dir.path(), Encoding::Utf8, 11).is_err());
    }
}
