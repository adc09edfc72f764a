//! What must hold for any file and any value.

use countersign::forms::{Form, Format, Shape};
use countersign::secret::Secret;

/// Reads, writes and masks in every form without a panic; what is written is read, and nothing else changes.
pub fn check(format: Format, text: &[u8], value: String) {
    // Short keys, so that they are found.
    let key = match format {
        Format::Words => "k 2",
        Format::Whole => "",
        _ => "k",
    };
    let value = Secret::new(value);
    for form in Form::ALL {
        let shape = Shape { format, form };
        let _ = shape.read(text, key);
        let masked = shape.masked(text, &[key]);
        if let Ok(written) = shape.write(text, key, &value) {
            let back = shape.read(&written, key).expect("readable").expect("there");
            assert!(back.same_as(&value));
            assert!(value.is_empty() || masked == shape.masked(&written, &[key]));
        }
    }
}
