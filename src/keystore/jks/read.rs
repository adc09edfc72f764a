//! Reading a JKS file, whole or damaged.

use jiff::Timestamp;
use subtle::ConstantTimeEq;

use super::{
    CERTIFICATE_TYPE, DIGEST_LENGTH, MAGIC, PRIVATE_KEY, TRUSTED_CERTIFICATE, VERSION, integrity, protect, text,
};
use crate::keystore::{Contents, KeyEntry, KeystoreError, TrustedEntry};
use crate::secret::Secret;

/// Reads a keystore whose keys have the keystore's own password.
///
/// Nothing is returned unless the check sum over all of it matches. No number in the file is believed before the
/// bytes it speaks of are there, so a damaged file costs no more memory than its size.
pub fn read(bytes: &[u8], password: &Secret) -> Result<Contents, KeystoreError> {
    check_kind(bytes)?;
    let (body, digest) = bytes.split_last_chunk::<DIGEST_LENGTH>().ok_or(KeystoreError::Damaged("it is cut off"))?;
    let entries = entries(body)?;
    if !bool::from(integrity(password, body).ct_eq(digest)) {
        return Err(KeystoreError::WrongPassword);
    }
    let mut contents = Contents::default();
    for entry in entries {
        match entry.what {
            What::Key { wrapped, chain } => contents.keys.push(KeyEntry {
                alias: entry.alias,
                created: entry.created,
                key: protect::unprotect(wrapped, password)?,
                chain: chain.into_iter().map(<[u8]>::to_vec).collect(),
            }),
            What::Trusted(certificate) => contents.trusted.push(TrustedEntry {
                alias: entry.alias,
                created: entry.created,
                certificate: certificate.to_vec(),
            }),
        }
    }
    Ok(contents)
}

/// Tells a keystore of another type from one that is damaged.
fn check_kind(bytes: &[u8]) -> Result<(), KeystoreError> {
    match bytes {
        [0xFE, 0xED, 0xFE, 0xED, ..] => Ok(()),
        [0xCE, 0xCE, 0xCE, 0xCE, ..] => Err(KeystoreError::Foreign("one of the type JCEKS")),
        [] => Err(KeystoreError::Damaged("it is empty")),
        _ => Err(KeystoreError::Foreign("something else")),
    }
}

/// One entry that still lies in the file's bytes.
struct Entry<'a> {
    alias: String,
    created: Timestamp,
    what: What<'a>,
}

enum What<'a> {
    Key { wrapped: &'a [u8], chain: Vec<&'a [u8]> },
    Trusted(&'a [u8]),
}

/// All entries before the digest, which they must fill exactly.
fn entries(body: &[u8]) -> Result<Vec<Entry<'_>>, KeystoreError> {
    let mut file = File { rest: body, version: VERSION };
    if file.number()? != MAGIC {
        return Err(KeystoreError::Foreign("something else"));
    }
    file.version = file.number()?;
    if !(1..=VERSION).contains(&file.version) {
        return Err(KeystoreError::Unsupported("a version of the format other than 1 and 2"));
    }
    let mut entries = Vec::new();
    for _ in 0..file.number()? {
        entries.push(file.entry()?);
    }
    if file.rest.is_empty() { Ok(entries) } else { Err(KeystoreError::Damaged("it goes on after its last entry")) }
}

/// The part of the file that is not read yet.
struct File<'a> {
    rest: &'a [u8],
    version: u32,
}

impl<'a> File<'a> {
    fn entry(&mut self) -> Result<Entry<'a>, KeystoreError> {
        let tag = self.number()?;
        let alias = self.text()?;
        let created = Timestamp::from_millisecond(i64::from_be_bytes(*self.chunk()?))
            .map_err(|_| KeystoreError::Damaged("an entry's date is none"))?;
        let what = match tag {
            PRIVATE_KEY => {
                let wrapped = self.block()?;
                let mut chain = Vec::new();
                for _ in 0..self.number()? {
                    chain.push(self.certificate()?);
                }
                What::Key { wrapped, chain }
            }
            TRUSTED_CERTIFICATE => What::Trusted(self.certificate()?),
            _ => return Err(KeystoreError::Damaged("an entry is neither key nor certificate")),
        };
        Ok(Entry { alias, created, what })
    }

    fn certificate(&mut self) -> Result<&'a [u8], KeystoreError> {
        if self.version > 1 && self.text()? != CERTIFICATE_TYPE {
            return Err(KeystoreError::Unsupported("a certificate that is not X.509"));
        }
        self.block()
    }

    fn text(&mut self) -> Result<String, KeystoreError> {
        let length = u16::from_be_bytes(*self.chunk()?);
        text::decode(self.take(usize::from(length))?).ok_or(KeystoreError::Damaged("a name is not text"))
    }

    fn block(&mut self) -> Result<&'a [u8], KeystoreError> {
        let length = usize::try_from(self.number()?).map_err(|_| CUT_OFF)?;
        self.take(length)
    }

    fn number(&mut self) -> Result<u32, KeystoreError> {
        Ok(u32::from_be_bytes(*self.chunk()?))
    }

    fn chunk<const N: usize>(&mut self) -> Result<&'a [u8; N], KeystoreError> {
        let (chunk, rest) = self.rest.split_first_chunk().ok_or(CUT_OFF)?;
        self.rest = rest;
        Ok(chunk)
    }

    fn take(&mut self, length: usize) -> Result<&'a [u8], KeystoreError> {
        let (taken, rest) = self.rest.split_at_checked(length).ok_or(CUT_OFF)?;
        self.rest = rest;
        Ok(taken)
    }
}

const CUT_OFF: KeystoreError = KeystoreError::Damaged("it is cut off");
