//! Writing a JKS file.

use jiff::Timestamp;
use zeroize::Zeroizing;

use super::{CERTIFICATE_TYPE, MAGIC, PRIVATE_KEY, TRUSTED_CERTIFICATE, VERSION, integrity, protect, text};
use crate::keystore::{Contents, KeyEntry, TrustedEntry};
use crate::secret::Secret;

/// Writes a keystore whose keys have the keystore's own password.
///
/// Names are lower-cased as Java does, and cut at the 65535 bytes that the format has for them. Java wants at least
/// six characters of password, and names that differ.
pub fn write(contents: &Contents, password: &Secret) -> Zeroizing<Vec<u8>> {
    write_entries(&contents.keys, &contents.trusted, password)
}

/// As [`write`], for entries that are not held together.
pub(in crate::keystore) fn write_entries(
    keys: &[KeyEntry],
    trusted: &[TrustedEntry],
    password: &Secret,
) -> Zeroizing<Vec<u8>> {
    let mut out = Zeroizing::new(Vec::new());
    put_number(&mut out, MAGIC);
    put_number(&mut out, VERSION);
    put_count(&mut out, keys.len() + trusted.len());
    for entry in keys {
        put_head(&mut out, PRIVATE_KEY, &entry.alias, entry.created);
        put_block(&mut out, &protect::protect(&entry.key, password));
        put_count(&mut out, entry.chain.len());
        entry.chain.iter().for_each(|certificate| put_certificate(&mut out, certificate));
    }
    for entry in trusted {
        put_head(&mut out, TRUSTED_CERTIFICATE, &entry.alias, entry.created);
        put_certificate(&mut out, &entry.certificate);
    }
    let digest = integrity(password, &out);
    out.extend(digest);
    out
}

fn put_head(out: &mut Vec<u8>, tag: u32, alias: &str, created: Timestamp) {
    put_number(out, tag);
    text::put(out, &alias.to_lowercase());
    out.extend(created.as_millisecond().to_be_bytes());
}

fn put_certificate(out: &mut Vec<u8>, certificate: &[u8]) {
    text::put(out, CERTIFICATE_TYPE);
    put_block(out, certificate);
}

fn put_block(out: &mut Vec<u8>, block: &[u8]) {
    put_count(out, block.len());
    out.extend(block);
}

/// No keystore holds four thousand million of anything.
fn put_count(out: &mut Vec<u8>, count: usize) {
    put_number(out, u32::try_from(count).unwrap_or(u32::MAX));
}

fn put_number(out: &mut Vec<u8>, number: u32) {
    out.extend(number.to_be_bytes());
}
