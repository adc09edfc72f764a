//! Round trips, every kind of damage, and what is refused by name.

use std::sync::LazyLock;

use der::asn1::{AnyRef, ObjectIdentifier, OctetStringRef};
use der::{Decode, Encode, Tag};
use proptest::prelude::*;

use super::attributes::Attributes;
use super::bags::{CERTIFICATE, KEY, X509};
use super::structure::{CertBag, ContentInfo, DATA, MacData, Pfx, SafeBag, VERSION};
use super::{mac, read, write};
use crate::keystore::damage::{damage, damaged};
use crate::keystore::sample::{failure, key_entry, same};
use crate::keystore::{Contents, KeystoreError, TrustedEntry};
use crate::secret::Secret;

static WHOLE: LazyLock<Contents> = LazyLock::new(|| {
    let (a, b) = (key_entry("Integrator"), key_entry("b"));
    let trusted = TrustedEntry { alias: "ca-é😀".into(), created: a.created, certificate: a.chain[1].clone() };
    let other =
        TrustedEntry { alias: "other".into(), created: a.created, certificate: key_entry("c").chain[1].clone() };
    Contents { keys: vec![a, b], trusted: vec![trusted, other] }
});

/// The same as a file, with a single round wherever there are thousands else.
static BYTES: LazyLock<Vec<u8>> =
    LazyLock::new(|| super::write::file(&WHOLE.keys, &WHOLE.trusted, &password(), 1).expect("written").to_vec());

fn password() -> Secret {
    Secret::new("a long ~enough password".into())
}

/// A file around these safes, with the check sum that makes a keystore of them.
fn file(safes: &[u8]) -> Vec<u8> {
    let sum = mac::make(safes, &password(), 1).expect("a check sum");
    let safes = ContentInfo { kind: DATA, content: OctetStringRef::new(safes).expect("short").into() };
    Pfx { version: VERSION, safes, mac: Some(MacData::from_der(&sum).expect("one")) }.to_der().expect("a file")
}

fn list(items: &[Vec<u8>]) -> Vec<u8> {
    AnyRef::new(Tag::Sequence, &items.concat()).and_then(|list| list.to_der()).expect("a list")
}

/// A safe with these bags, not encrypted.
fn safe(bags: &[u8]) -> Vec<u8> {
    ContentInfo { kind: DATA, content: OctetStringRef::new(bags).expect("short").into() }.to_der().expect("a safe")
}

fn bag(kind: ObjectIdentifier, value: &[u8], attributes: &Attributes) -> Vec<u8> {
    let attributes = attributes.write().expect("short");
    let attributes = attributes.as_deref().map(|set| AnyRef::from_der(set).expect("a set"));
    SafeBag { kind, value: AnyRef::from_der(value).expect("a value"), attributes }.to_der().expect("a bag")
}

fn certificate(der: &[u8], attributes: &Attributes) -> Vec<u8> {
    let value = CertBag { kind: X509, value: OctetStringRef::new(der).expect("short").into() };
    bag(CERTIFICATE, &value.to_der().expect("short"), attributes)
}

/// One key and its two certificates, none of them encrypted and nothing said of them.
fn bare() -> (Contents, Vec<u8>) {
    let entry = key_entry("1");
    let none = Attributes::default();
    let bags = [bag(KEY, &entry.key, &none), certificate(&entry.chain[0], &none), certificate(&entry.chain[1], &none)];
    (Contents { keys: vec![entry], trusted: Vec::new() }, list(&bags))
}

#[test]
fn what_is_written_is_read() {
    let written = write(&WHOLE, &password()).expect("written");
    for bytes in [written.as_slice(), &BYTES] {
        let contents = read(bytes, &password()).expect("readable");
        assert!(same(&contents, &WHOLE));
        assert_eq!(contents.keys[0].alias, "integrator");
    }
    assert_ne!(*written, *write(&WHOLE, &password()).expect("written"), "two writes share no salt");
}

#[test]
fn an_empty_keystore_is_one() {
    let bytes = write(&Contents::default(), &password()).expect("written");
    assert!(same(&read(&bytes, &password()).expect("readable"), &Contents::default()));
}

#[test]
fn another_password_is_told_from_damage_and_one_that_java_refuses_is_never_written() {
    let wrong = read(&BYTES, &Secret::new("changeit".into()));
    assert!(matches!(failure(wrong), KeystoreError::WrongPassword));
    for text in ["pässwörd", "two\nlines", "tab\t", "€"] {
        let refused = write(&WHOLE, &Secret::new(text.into()));
        assert!(matches!(failure(refused), KeystoreError::PasswordNotAscii), "{text}");
    }
}

#[test]
fn a_key_and_certificates_of_which_nothing_is_said_are_put_together() {
    let (expected, bags) = bare();
    let contents = read(&file(&list(&[safe(&bags)])), &password()).expect("readable");
    assert_eq!(contents.keys[0].alias, "1");
    assert_eq!(contents.keys[0].key, expected.keys[0].key);
    assert_eq!(contents.keys[0].chain, expected.keys[0].chain);
}

#[test]
fn certificates_that_are_their_own_issuers_in_a_circle_end_somewhere() {
    let entry = key_entry("a");
    let id = Attributes { id: Some(b"1".to_vec()), ..Attributes::default() };
    let bags: Vec<_> = [bag(KEY, &entry.key, &id), certificate(&entry.chain[1], &id)].into();
    let contents = read(&file(&list(&[safe(&list(&bags))])), &password()).expect("readable");
    assert_eq!(contents.keys[0].chain, [entry.chain[1].clone()]);
}

#[test]
fn a_key_under_another_password_is_told() {
    let inner = Pfx::from_der(&BYTES).expect("a file");
    let safes = super::structure::octets(&inner.safes.content).expect("bytes").to_vec();
    let another = Secret::new("another".into());
    let sum = mac::make(&safes, &another, 1).expect("a check sum");
    let bytes = Pfx { mac: Some(MacData::from_der(&sum).expect("one")), ..inner }.to_der().expect("a file");
    assert!(matches!(failure(read(&bytes, &another)), KeystoreError::KeyPassword));
}

#[test]
fn rounds_without_end_and_sizes_past_the_end_are_refused_at_once() {
    let inner = Pfx::from_der(&BYTES).expect("a file");
    for (rounds, why) in [(u32::MAX, "over 10 million"), (10_000_001, "over 10 million"), (0, "no round")] {
        let Pfx { version, safes: ContentInfo { kind, content }, mac: Some(mut sum) } =
            Pfx::from_der(&BYTES).expect("a file")
        else {
            panic!("a check sum")
        };
        sum.rounds = rounds;
        let bytes = Pfx { version, safes: ContentInfo { kind, content }, mac: Some(sum) }.to_der().expect("a file");
        assert!(failure(read(&bytes, &password())).to_string().contains(why));
    }
    for bytes in
        [&b"\x30"[..], b"\x30\x84\xFF\xFF\xFF\xFF\x02\x01\x03", b"\x30\x80\x02\x01\x03\0\0", b"\x30\x03\x02\x01\x03"]
    {
        assert!(matches!(failure(read(bytes, &password())), KeystoreError::Damaged(_)));
    }
    let without = Pfx { mac: None, ..inner }.to_der().expect("a file");
    assert!(failure(read(&without, &password())).to_string().contains("no check sum"));
}

#[test]
fn more_than_anybody_keeps_is_refused() {
    let der = key_entry("a").chain[1].clone();
    let one = certificate(&der, &Attributes::default());
    let many = list(&vec![one; 10_001]);
    assert!(failure(read(&file(&list(&[safe(&many)])), &password())).to_string().contains("over 10000"));
}

#[test]
fn what_cannot_be_read_is_named() {
    let (entry, none) = (key_entry("a"), Attributes::default());
    let sdsi = CertBag { kind: ObjectIdentifier::new_unwrap("1.2.840.113549.1.9.22.2"), value: AnyRef::NULL };
    let nested = ObjectIdentifier::new_unwrap("1.2.840.113549.1.12.10.1.6");
    let cases = [
        (safe(&list(&[bag(CERTIFICATE, &sdsi.to_der().expect("short"), &none)])), "X.509"),
        (safe(&list(&[bag(nested, &list(&[]), &none)])), "safe within a safe"),
        (safe(&list(&[bag(KEY, &[0x05, 0x00], &none)])), "password of its own"),
    ];
    for (safe, why) in cases {
        assert!(failure(read(&file(&list(&[safe])), &password())).to_string().contains(why), "{why}");
    }
    // A revocation list is nobody's key and passed over.
    let list_of_revoked = bag(ObjectIdentifier::new_unwrap("1.2.840.113549.1.12.10.1.4"), &list(&[]), &none);
    let key = bag(KEY, &entry.key, &none);
    let contents = read(&file(&list(&[safe(&list(&[list_of_revoked, key]))])), &password()).expect("readable");
    assert_eq!((contents.keys.len(), contents.keys[0].chain.len()), (1, 0));
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(300))]

    #[test]
    fn a_damaged_file_is_never_taken_for_another(damages in prop::collection::vec(damage(), 1..4)) {
        let bytes = damaged(&BYTES, &damages);
        // What lies outside the check sum says nothing.
        if let Ok(contents) = read(&bytes, &password()) {
            prop_assert!(same(&contents, &WHOLE));
        }
    }

    #[test]
    fn damage_under_a_matching_check_sum_is_survived(damages in prop::collection::vec(damage(), 1..4)) {
        let inner = Pfx::from_der(&BYTES).expect("a file");
        let safes = super::structure::octets(&inner.safes.content).expect("bytes");
        let _ = read(&file(&damaged(safes, &damages)), &password());
    }

    #[test]
    fn damage_to_what_was_never_encrypted_is_survived(damages in prop::collection::vec(damage(), 1..4)) {
        let (_, bags) = bare();
        let _ = read(&file(&list(&[safe(&damaged(&bags, &damages))])), &password());
    }

    #[test]
    fn any_bytes_are_survived(bytes in any::<Vec<u8>>()) {
        prop_assert!(read(&bytes, &password()).is_err());
        let _ = read(&file(&bytes), &password());
    }
}
