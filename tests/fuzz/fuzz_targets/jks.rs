//! Any bytes as a keystore: an error, or contents that are read again as they were written.

#![no_main]

use countersign::keystore::jks;
use countersign::secret::Secret;
use libfuzzer_sys::fuzz_target;
use sha1::{Digest, Sha1};

const PASSWORD: &str = "changeit";

fuzz_target!(|bytes: &[u8]| {
    let password = Secret::new(PASSWORD.to_owned());
    let _ = jks::read(bytes, &password);
    // Without a matching check sum only the outer structure is ever reached.
    if let Ok(contents) = jks::read(&signed(bytes), &password) {
        let again = jks::read(&jks::write(&contents, &password), &password).expect("what we write is readable");
        assert_eq!(again.keys.len(), contents.keys.len());
        assert!(again.keys.iter().zip(&contents.keys).all(|(a, b)| a.key == b.key && a.chain == b.chain));
    }
});

/// The bytes with the check sum that makes a keystore of them.
fn signed(body: &[u8]) -> Vec<u8> {
    let password: Vec<u8> = PASSWORD.encode_utf16().flat_map(u16::to_be_bytes).collect();
    let sum = Sha1::new().chain_update(password).chain_update(b"Mighty Aphrodite").chain_update(body).finalize();
    [body, sum.as_slice()].concat()
}
