//! Any text as a profile, and with the beginning of a site profile before it.

#![no_main]

use countersign::profile::{Read, product_id, read};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|text: &str| {
    for text in [text.to_owned(), format!("format = 1\nbase = \"axway/b2bi\"\n{text}")] {
        match read(&text, "profile.toml") {
            Ok(Read::Whole(profile)) => assert_eq!(product_id(&text), Some(profile.product.id)),
            Ok(Read::Site(site)) => assert!(product_id(&text).is_some(), "{}", site.base),
            Err(problems) => assert!(!problems.0.is_empty()),
        }
    }
});
