//! Any bytes as a keystore: an error, or contents that are read again as they were written. The same bytes also as what
//! lies under a matching check sum: as its safes, and as the bags in one of them.

#![no_main]

use countersign::keystore::{Contents, pkcs12};
use countersign::secret::Secret;
use hmac::{Hmac, KeyInit, Mac};
use libfuzzer_sys::fuzz_target;
use sha2::{Digest, Sha256};

const PASSWORD: &str = "changeit";
/// `data` of RFC 5652, and SHA-256, as DER.
const DATA: &[u8] = b"\x06\x09\x2A\x86\x48\x86\xF7\x0D\x01\x07\x01";
const SHA_256: &[u8] = b"\x06\x09\x60\x86\x48\x01\x65\x03\x04\x02\x01";

fuzz_target!(|bytes: &[u8]| {
    let password = Secret::new(PASSWORD.to_owned());
    for file in [bytes.to_vec(), signed(bytes), signed(&element(0x30, &[&data(bytes)]))] {
        match pkcs12::read(&file, &password) {
            Ok(contents) => check(&contents, &password),
            Err(error) => assert!(!error.to_string().contains('\n')),
        }
    }
});

/// Chains may be found anew in another order of the certificates, so only what is sure is compared.
fn check(contents: &Contents, password: &Secret) {
    // Each key costs thousands of rounds.
    if contents.keys.len() > 2 {
        return;
    }
    let written = pkcs12::write(contents, password).expect("written");
    let again = pkcs12::read(&written, password).expect("what we write is readable");
    assert!(again.keys.iter().map(|entry| &entry.key[..]).eq(contents.keys.iter().map(|entry| &entry.key[..])));
    assert!(again.keys.iter().zip(&contents.keys).all(|(a, b)| a.alias == b.alias));
    assert!(again.trusted == contents.trusted);
}

/// The safes with the check sum that makes a keystore of them: one round, no salt (RFC 7292, B.2).
fn signed(safes: &[u8]) -> Vec<u8> {
    let password: Vec<u8> = PASSWORD.encode_utf16().chain([0]).flat_map(u16::to_be_bytes).collect();
    let filled: Vec<u8> = password.iter().copied().cycle().take(password.len().next_multiple_of(64)).collect();
    let key = Sha256::new().chain_update([3; 64]).chain_update(filled).finalize();
    let sum = Hmac::<Sha256>::new_from_slice(&key).expect("any length").chain_update(safes).finalize().into_bytes();
    let algorithm = element(0x30, &[SHA_256, b"\x05\x00"]);
    let mac = element(0x30, &[&element(0x30, &[&algorithm, &element(0x04, &[&sum])]), b"\x04\x00"]);
    element(0x30, &[b"\x02\x01\x03", &data(safes), &mac])
}

fn data(content: &[u8]) -> Vec<u8> {
    element(0x30, &[DATA, &element(0xA0, &[&element(0x04, &[content])])])
}

fn element(tag: u8, parts: &[&[u8]]) -> Vec<u8> {
    let content = parts.concat();
    let length = u32::try_from(content.len()).expect("short").to_be_bytes();
    let head = match content.len() {
        ..=0x7F => vec![tag, length[3]],
        ..=0xFF => vec![tag, 0x81, length[3]],
        ..=0xFFFF => vec![tag, 0x82, length[2], length[3]],
        _ => [&[tag, 0x84][..], &length].concat(),
    };
    [head, content].concat()
}
