//! Entries out of loose keys and certificates, put together as Java puts them together.

use std::collections::HashMap;

use jiff::Timestamp;
use x509_parser::prelude::{FromDer, X509Certificate};

use super::attributes::Attributes;
use super::bags::{Bags, Certificate, Key};
use crate::keystore::{Contents, KeyEntry, KeystoreError, TrustedEntry};

/// The most certificates in one chain.
const LONGEST: usize = 32;
/// The most bytes in all chains: one certificate may stand in many of them.
const LARGEST: usize = 64 * 1024 * 1024;

/// Ties each key to its certificate, and each certificate to its issuer's; tells trusted certificates.
///
/// A certificate that is neither trusted nor in a chain is left out. A keystore that does not say when an entry was
/// made has made it now.
pub(super) fn contents(bags: Bags<'_>) -> Result<Contents, KeystoreError> {
    let now = Timestamp::from_millisecond(Timestamp::now().as_millisecond()).unwrap_or_default();
    let mut contents = Contents::default();
    let mut names = Names(0);
    let chains = Chains::of(&bags.certificates);
    let only = bags.keys.len() == 1;
    let mut size = 0;
    for key in bags.keys {
        let chain = chains.of_key(&key, only);
        size += chain.iter().map(Vec::len).sum::<usize>();
        if size > LARGEST {
            return Err(KeystoreError::Damaged("its chains add up to more than 64 MiB"));
        }
        let created = key.attributes.created().unwrap_or(now);
        contents.keys.push(KeyEntry { alias: names.of(key.attributes), created, key: key.der, chain });
    }
    for certificate in bags.certificates {
        if certificate.attributes.trusted {
            let created = certificate.attributes.created().unwrap_or(now);
            let alias = names.of(certificate.attributes);
            contents.trusted.push(TrustedEntry { alias, created, certificate: certificate.der });
        }
    }
    Ok(contents)
}

/// Names for those that have none: numbers, as Java gives them.
struct Names(u32);

impl Names {
    fn of(&mut self, attributes: Attributes) -> String {
        attributes.alias.unwrap_or_else(|| {
            self.0 += 1;
            self.0.to_string()
        })
    }
}

/// All certificates, with the names in them.
struct Chains<'a> {
    all: &'a [Certificate],
    issuers: Vec<Option<Vec<u8>>>,
    subjects: HashMap<Vec<u8>, usize>,
}

impl<'a> Chains<'a> {
    fn of(all: &'a [Certificate]) -> Self {
        let mut chains = Self { all, issuers: Vec::with_capacity(all.len()), subjects: HashMap::new() };
        for (at, certificate) in all.iter().enumerate() {
            let names = X509Certificate::from_der(&certificate.der).ok();
            let names = names.map(|(_, names)| (names.subject.as_raw().to_vec(), names.issuer.as_raw().to_vec()));
            let (subject, issuer) = names.unzip();
            // The first of a name is taken: the writer puts chains before what is only trusted.
            if let Some(subject) = subject {
                chains.subjects.entry(subject).or_insert(at);
            }
            chains.issuers.push(issuer);
        }
        chains
    }

    fn of_key(&self, key: &Key, only: bool) -> Vec<Vec<u8>> {
        let mut next = self.own(&key.attributes).or_else(|| if only { self.first_untrusted() } else { None });
        let mut found = Vec::new();
        while let Some(at) = next.filter(|at| found.len() < LONGEST && !found.contains(at)) {
            found.push(at);
            next = self.issuers[at].as_ref().and_then(|issuer| self.subjects.get(issuer)).copied();
        }
        found.into_iter().map(|at| self.all[at].der.clone()).collect()
    }

    /// The key's own certificate: of its identity and name, else of its identity, else of its name.
    fn own(&self, key: &Attributes) -> Option<usize> {
        let same_id = |of: &Attributes| key.id.is_some() && of.id == key.id;
        let same_name = |of: &Attributes| key.alias.is_some() && of.alias == key.alias;
        self.position(|of| same_id(of) && same_name(of))
            .or_else(|| self.position(same_id))
            .or_else(|| self.position(same_name))
    }

    /// What a file with a single key and no identities starts with.
    fn first_untrusted(&self) -> Option<usize> {
        self.position(|of| of.id.is_none())
    }

    fn position(&self, is_it: impl Fn(&Attributes) -> bool) -> Option<usize> {
        self.all.iter().position(|certificate| !certificate.attributes.trusted && is_it(&certificate.attributes))
    }
}
