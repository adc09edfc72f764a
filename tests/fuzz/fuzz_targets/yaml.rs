//! Any bytes as a YAML file, and any text as the value written into it.

#![no_main]

use countersign::forms::Format;
use libfuzzer_sys::fuzz_target;

#[path = "../form.rs"]
mod form;

fuzz_target!(|input: (&[u8], String)| form::check(Format::Yaml, input.0, input.1));
