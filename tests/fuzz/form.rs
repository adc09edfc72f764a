//! What must hold for any file and any value.

use countersign::forms::Format;
use countersign::secret::Secret;

/// The key that the corpus uses; short, so that it is found.
const KEY: &str = "k";

/// Reads, writes and masks without a panic; what is written is read, and nothing else changes.
pub fn check(format: Format, text: &[u8], value: String) {
    let _ = format.read(text, KEY);
    let masked = format.masked(text, KEY);
    let value = Secret::new(value);
    if let Ok(written) = format.write(text, KEY, &value) {
        let back = format.read(&written, KEY).expect("readable").expect("there");
        assert!(back.same_as(&value));
        assert!(masked == format.masked(&written, KEY));
    }
}
