//! Round trips, and every kind of damage.

use std::sync::LazyLock;

use proptest::prelude::*;

use super::{integrity, read, write};
use crate::keystore::damage::{damage, damaged};
use crate::keystore::sample::{failure, key_entry, same};
use crate::keystore::{Contents, KeystoreError, TrustedEntry};
use crate::secret::Secret;

static WHOLE: LazyLock<Contents> = LazyLock::new(|| {
    let key = key_entry("Integrator");
    let trusted = TrustedEntry { alias: "ca-é😀".into(), created: key.created, certificate: key.chain[1].clone() };
    Contents { keys: vec![key], trusted: vec![trusted] }
});

static BYTES: LazyLock<Vec<u8>> = LazyLock::new(|| write(&WHOLE, &password()).to_vec());

fn password() -> Secret {
    Secret::new("pässwörd €😀".into())
}

#[test]
fn what_is_written_is_read() {
    let contents = read(&BYTES, &password()).expect("readable");
    assert!(same(&contents, &WHOLE));
    assert_eq!(contents.keys[0].alias, "integrator");
}

#[test]
fn an_empty_keystore_is_one() {
    let bytes = write(&Contents::default(), &password());
    assert!(same(&read(&bytes, &password()).expect("readable"), &Contents::default()));
}

#[test]
fn two_writes_share_no_salt() {
    assert_ne!(*BYTES, *write(&WHOLE, &password()));
}

#[test]
fn another_password_is_told_from_damage() {
    let wrong = read(&BYTES, &Secret::new("changeit".into()));
    assert!(matches!(failure(wrong), KeystoreError::WrongPassword));
}

#[test]
fn a_key_with_a_password_of_its_own_is_told() {
    let inner = write(&WHOLE, &Secret::new("another".into()));
    let body = &inner[..inner.len() - 20];
    let bytes = [body, &integrity(&password(), body)].concat();
    assert!(matches!(failure(read(&bytes, &password())), KeystoreError::KeyPassword));
}

#[test]
fn other_keystore_types_are_named() {
    for (bytes, name) in [(&b"\xCE\xCE\xCE\xCE\0"[..], "JCEKS"), (b"PK", "else")] {
        let error = failure(read(bytes, &password()));
        assert!(matches!(error, KeystoreError::Foreign(_)));
        assert!(error.to_string().contains(name));
    }
}

#[test]
fn claimed_sizes_past_the_end_are_refused_at_once() {
    let head = b"\xFE\xED\xFE\xED\0\0\0\x02\xFF\xFF\xFF\xFF";
    let entry = b"\0\0\0\x01\0\x01a\0\0\0\0\0\0\0\0";
    let key = b"\xFF\xFF\xFF\xFF";
    for body in [&head[..], &[&head[..], entry].concat(), &[&head[..], entry, key].concat()] {
        let bytes = [body, &integrity(&password(), body)].concat();
        assert!(matches!(failure(read(&bytes, &password())), KeystoreError::Damaged(_)));
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(2000))]

    #[test]
    fn a_damaged_file_is_never_taken_for_whole(damages in prop::collection::vec(damage(), 1..4)) {
        let bytes = damaged(&BYTES, &damages);
        prop_assert!(bytes == *BYTES || read(&bytes, &password()).is_err());
    }

    #[test]
    fn damage_under_a_matching_check_sum_is_survived(damages in prop::collection::vec(damage(), 1..4)) {
        let body = damaged(&BYTES[..BYTES.len() - 20], &damages);
        let bytes = [&body[..], &integrity(&password(), &body)].concat();
        let _ = read(&bytes, &password());
    }

    #[test]
    fn any_bytes_are_survived(bytes in any::<Vec<u8>>()) {
        prop_assert!(read(&bytes, &password()).is_err());
    }
}
