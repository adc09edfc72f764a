//! Any bytes as a certificate request (PKCS#10, DER) at the authority, and as a certificate at a component.

#![no_main]

use countersign::passport::policy;
use countersign::registration::material::Validity;
use libfuzzer_sys::fuzz_target;

fuzz_target!(|der: &[u8]| {
    let _ = policy::check(der);
    let _ = Validity::of(der);
});
