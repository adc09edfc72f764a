//! Any bytes as an answer file and as its JSON twin. What is refused is refused with a rule, never with a value.

#![no_main]

use countersign::answers;
use libfuzzer_sys::fuzz_target;

fuzz_target!(|text: &str| {
    if let Ok(read) = answers::read_toml("answers.toml", text) {
        let again = answers::read_toml("answers.toml", &answers::record(&read)).expect("a record reads back");
        assert!(answers::differences(&read, &again).is_empty());
    }
    let _ = answers::read_json(text);
});
