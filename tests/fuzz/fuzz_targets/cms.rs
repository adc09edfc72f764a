//! Any bytes as the answer of an EST server: the body as it comes, and the CMS in it.

#![no_main]

use countersign::registration::est;
use libfuzzer_sys::fuzz_target;

fuzz_target!(|body: &[u8]| {
    for found in [est::certificates(body), est::cms::certificates(body)] {
        match found {
            Ok(certificates) => assert!(!certificates.is_empty()),
            Err(damaged) => assert!(!damaged.to_string().contains('\n')),
        }
    }
});
