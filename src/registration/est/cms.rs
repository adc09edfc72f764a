//! Reading an answer of certificates: CMS `SignedData` without signers (RFC 5652 section 5, RFC 7030 section 4.1.3).
//!
//! Servers write DER, or BER with lengths that end with a mark; both are read. Nothing is believed here: which of the
//! certificates is ours, and who signed it, is for the caller.

use rustls_pki_types::CertificateDer;
use thiserror::Error;
use x509_parser::prelude::{FromDer, X509Certificate};

/// The most certificates that one answer may hold.
const MOST: usize = 32;
/// How deep values without a length may lie in each other.
const DEEPEST: usize = 16;
/// `signedData`, 1.2.840.113549.1.7.2.
const SIGNED_DATA: [u8; 9] = [0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x07, 0x02];

const INTEGER: u8 = 0x02;
const OBJECT: u8 = 0x06;
const SEQUENCE: u8 = 0x30;
const SET: u8 = 0x31;
/// `[0]`, constructed.
const FIRST: u8 = 0xa0;

/// Why an answer holds no certificates; reads on after "the answer".
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
#[error("{0}")]
pub struct Damaged(pub(super) &'static str);

/// All certificates of an answer, in the order in which they stand: it is a set, so the order says nothing.
pub fn certificates(der: &[u8]) -> Result<Vec<CertificateDer<'static>>, Damaged> {
    let mut outside = der;
    let mut info = expect(&mut outside, SEQUENCE)?;
    if !outside.is_empty() {
        return Err(Damaged("has bytes after its end"));
    }
    if expect(&mut info, OBJECT)? != SIGNED_DATA {
        return Err(Damaged("is no CMS of certificates (signedData)"));
    }
    let mut explicit = expect(&mut info, FIRST)?;
    let mut signed = expect(&mut explicit, SEQUENCE)?;
    expect(&mut signed, INTEGER)?;
    expect(&mut signed, SET)?;
    expect(&mut signed, SEQUENCE)?;
    let set = expect(&mut signed, FIRST).map_err(|_| Damaged("holds no certificates"))?;
    each(set)
}

fn each(mut set: &[u8]) -> Result<Vec<CertificateDer<'static>>, Damaged> {
    let mut found = Vec::new();
    while !set.is_empty() {
        let one = next(&mut set, 0)?;
        // Other choices (attribute certificates, obsolete forms) are nobody's leaf or CA.
        if one.tag != SEQUENCE {
            continue;
        }
        if found.len() == MOST {
            return Err(Damaged("holds too many certificates"));
        }
        match X509Certificate::from_der(one.whole) {
            Ok((&[], _)) => found.push(CertificateDer::from(one.whole.to_vec())),
            _ => return Err(Damaged("holds a certificate that cannot be read")),
        }
    }
    if found.is_empty() { Err(Damaged("holds no certificates")) } else { Ok(found) }
}

/// One value: its tag, what is in it, and all its bytes.
struct Value<'a> {
    tag: u8,
    content: &'a [u8],
    whole: &'a [u8],
}

fn expect<'a>(input: &mut &'a [u8], tag: u8) -> Result<&'a [u8], Damaged> {
    let value = next(input, 0)?;
    if value.tag == tag { Ok(value.content) } else { Err(Damaged("is no CMS of certificates")) }
}

/// Takes the next value off the input.
fn next<'a>(input: &mut &'a [u8], depth: usize) -> Result<Value<'a>, Damaged> {
    const CUT: Damaged = Damaged("is cut off");
    let all = *input;
    let [tag, length, rest @ ..] = all else { return Err(CUT) };
    if tag & 0x1f == 0x1f || depth > DEEPEST {
        return Err(Damaged("is no CMS of certificates"));
    }
    let (content, behind) = match *length {
        short @ 0..0x80 => rest.split_at_checked(usize::from(short)).ok_or(CUT)?,
        0x80 => until_mark(rest, depth)?,
        long => {
            let (bytes, rest) = rest.split_at_checked(usize::from(long & 0x7f)).ok_or(CUT)?;
            let length = bytes.iter().try_fold(0_usize, |sum, byte| Some(sum.checked_mul(256)? + usize::from(*byte)));
            rest.split_at_checked(length.ok_or(CUT)?).ok_or(CUT)?
        }
    };
    *input = behind;
    Ok(Value { tag: *tag, content, whole: &all[..all.len() - behind.len()] })
}

/// What stands before the mark of two zeros that ends a value without a length, and what stands behind it.
fn until_mark(all: &[u8], depth: usize) -> Result<(&[u8], &[u8]), Damaged> {
    let mut rest = all;
    loop {
        if let [0, 0, behind @ ..] = rest {
            return Ok((&all[..all.len() - rest.len()], behind));
        }
        next(&mut rest, depth + 1)?;
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use rcgen::{CertificateParams, KeyPair};

    use super::super::tests::certs_only;
    use super::*;

    fn certificate() -> Vec<u8> {
        let key = KeyPair::generate().expect("a key");
        CertificateParams::default().self_signed(&key).expect("signed").der().to_vec()
    }

    #[test]
    fn every_certificate_is_found_whichever_way_lengths_are_written() {
        let (one, two) = (certificate(), certificate());
        let der = certs_only(&[&one, &two]);
        let found = certificates(&der).expect("read");
        assert_eq!(found.iter().map(AsRef::as_ref).collect::<Vec<&[u8]>>(), [&one[..], &two[..]]);

        let open = |tag: u8, parts: &[&[u8]]| [&[tag, 0x80][..], &parts.concat(), &[0, 0]].concat();
        let version_and_sets = [0x02, 1, 1, 0x31, 0, 0x30, 0x80, 0x06, 1, 0x2a, 0, 0];
        let signed = open(SEQUENCE, &[&version_and_sets, &open(FIRST, &[&one, &two]), &[0x31, 0]]);
        let ber = open(SEQUENCE, &[&[OBJECT, 9], &SIGNED_DATA, &open(FIRST, &[&signed])]);
        assert_eq!(certificates(&ber).expect("read").len(), 2);
    }

    #[test]
    fn no_damage_gives_more_than_one_clear_line() {
        let good = certs_only(&[&certificate()]);
        for cut in 0..good.len() {
            let error = certificates(&good[..cut]).expect_err("cut").to_string();
            assert!(!error.contains('\n') && error.len() < 60, "{error}");
        }
        assert_eq!(certificates(&certs_only(&[])), Err(Damaged("holds no certificates")));
        assert_eq!(certificates(b"<html>"), Err(Damaged("is cut off")));
        let many = certificate();
        assert_eq!(certificates(&certs_only(&vec![&*many; MOST + 1])), Err(Damaged("holds too many certificates")));
        let deep = [[SEQUENCE, 0x80]; 4096].concat();
        assert!(certificates(&deep).is_err());
    }

    proptest! {
        #[test]
        fn nothing_makes_the_reader_panic(bytes in proptest::collection::vec(any::<u8>(), 0..512)) {
            let _ = certificates(&bytes);
        }

        #[test]
        fn a_changed_answer_is_read_or_refused(at in any::<prop::sample::Index>(), to in any::<u8>()) {
            let mut bytes = certs_only(&[&certificate()]);
            let at = at.index(bytes.len());
            bytes[at] = to;
            let _ = certificates(&bytes);
        }
    }
}
