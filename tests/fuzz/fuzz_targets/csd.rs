//! Any text as a Component Security Descriptor.

#![no_main]

use countersign::registration::csd;
use libfuzzer_sys::fuzz_target;

fuzz_target!(|text: &str| {
    let _ = csd::read(text);
});
