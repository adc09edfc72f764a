//! Any bytes as the body of an EST enrolment, and what was read of it as a certificate request.

#![no_main]

use countersign::passport::http::est::body::decode;
use countersign::passport::policy;
use libfuzzer_sys::fuzz_target;

fuzz_target!(|body: &[u8]| {
    let Ok(der) = decode(body) else { return };
    assert!(der.len() <= body.len(), "it grew");
    if der.first() == Some(&0x30) {
        assert_eq!(decode(&der), Ok(der.clone()), "DER reads as itself");
    }
    let _ = policy::check(&der);
});
