//! Whether a certificate that came is the one to keep: for our key, valid now, and of a CA that is pinned.

use rustls_pki_types::CertificateDer;
use thiserror::Error;
use x509_parser::prelude::{FromDer, X509Certificate};

use super::material::Validity;

/// The most certificates between a component's and the pinned CA's, both included.
const LONGEST: usize = 8;

/// Why it is not kept; reads on after "the certificate is not used:".
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
pub enum Unfit {
    /// None came, or one that is no certificate.
    #[error("it cannot be read")]
    Unreadable,
    /// None of those that came is for our key.
    #[error("it is for another key")]
    OtherKey,
    /// No pinned CA stands at the end of its chain.
    #[error("no CA that is pinned signed it")]
    OtherCa,
    /// It could not be shown to a server.
    #[error("it is not for clients: its extended key usage lacks clientAuth")]
    NotForClients,
    /// Not yet valid, by so many seconds.
    #[error("it is valid only in {0} s: compare the clocks of both hosts")]
    NotYet(i64),
    /// Not valid any more, since so many seconds.
    #[error("it is not valid any more, since {0} s: compare the clocks of both hosts")]
    Ended(i64),
}

/// The chain of the certificate for this key (`SubjectPublicKeyInfo`, DER), from the leaf to the pinned CA, out of all
/// that came. Their order means nothing.
pub fn chain(key: &[u8], came: &[CertificateDer<'_>], pinned: &[CertificateDer<'_>]) -> Result<Vec<Vec<u8>>, Unfit> {
    let came = read(came)?;
    let pinned = read(pinned)?;
    let is_ours = |one: &&X509Certificate<'_>| one.public_key().raw == key;
    let mut chain = vec![came.iter().find(is_ours).ok_or(Unfit::OtherKey)?];
    for_clients(chain[0])?;
    loop {
        let last = chain[chain.len() - 1];
        valid(last)?;
        if let Some(ca) = pinned.iter().find(|ca| signed(last, ca)) {
            valid(ca)?;
            chain.push(ca);
            return Ok(chain.into_iter().map(|one| one.as_raw().to_vec()).collect());
        }
        let next = came.iter().find(|one| one.is_ca() && signed(last, one) && !chain.contains(one));
        match next {
            Some(next) if chain.len() < LONGEST => chain.push(next),
            _ => return Err(Unfit::OtherCa),
        }
    }
}

fn read<'a>(all: &'a [CertificateDer<'_>]) -> Result<Vec<X509Certificate<'a>>, Unfit> {
    let one = |der: &'a CertificateDer<'_>| X509Certificate::from_der(der).map(|(_, read)| read);
    all.iter().map(one).collect::<Result<_, _>>().map_err(|_| Unfit::Unreadable)
}

/// Whether this CA signed a certificate.
pub(super) fn signed(certificate: &X509Certificate<'_>, by: &X509Certificate<'_>) -> bool {
    certificate.issuer().as_raw() == by.subject().as_raw()
        && certificate.verify_signature(Some(by.public_key())).is_ok()
}

fn for_clients(leaf: &X509Certificate<'_>) -> Result<(), Unfit> {
    let usage = leaf.extended_key_usage().map_err(|_| Unfit::Unreadable)?;
    let fits = usage.is_none_or(|usage| usage.value.client_auth || usage.value.any);
    if fits { Ok(()) } else { Err(Unfit::NotForClients) }
}

fn valid(certificate: &X509Certificate<'_>) -> Result<(), Unfit> {
    let validity = Validity::of_parsed(certificate);
    let now = jiff::Timestamp::now().as_second();
    match (validity.from - now, now - validity.until) {
        (early @ 1.., _) => Err(Unfit::NotYet(early)),
        (_, late @ 1..) => Err(Unfit::Ended(late)),
        _ => Ok(()),
    }
}

#[cfg(test)]
mod tests {
    use rcgen::{
        BasicConstraints, CertificateParams, CertifiedIssuer, DnType, ExtendedKeyUsagePurpose, IsCa, KeyPair,
        PublicKeyData, date_time_ymd,
    };

    use super::*;

    type Ca = CertifiedIssuer<'static, KeyPair>;

    fn named(name: &str) -> CertificateParams {
        let mut params = CertificateParams::default();
        params.distinguished_name.push(DnType::CommonName, name);
        params
    }

    fn ca(name: &str, above: Option<&Ca>) -> Ca {
        let mut params = named(name);
        params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
        let key = KeyPair::generate().expect("a key");
        match above {
            Some(above) => CertifiedIssuer::signed_by(params, key, above).expect("signed"),
            None => CertifiedIssuer::self_signed(params, key).expect("signed"),
        }
    }

    fn leaf(key: &KeyPair, by: &Ca, change: impl FnOnce(&mut CertificateParams)) -> CertificateDer<'static> {
        let mut params = named("leaf");
        change(&mut params);
        params.signed_by(key, by).expect("signed").der().clone()
    }

    #[test]
    fn the_leaf_is_found_by_its_key_and_the_chain_ends_at_the_pin() {
        let (root, key, other) = (ca("root", None), KeyPair::generate().expect("a"), KeyPair::generate().expect("b"));
        let middle = ca("middle", Some(&root));
        let (ours, theirs) = (leaf(&key, &middle, |_| ()), leaf(&other, &middle, |_| ()));
        let pins = [root.der().clone()];
        let of = |came: &[&CertificateDer<'static>]| {
            let came: Vec<_> = came.iter().map(|one| (*one).clone()).collect();
            chain(&key.subject_public_key_info(), &came, &pins)
        };
        let found = of(&[&theirs, middle.der(), &ours]).expect("a chain");
        assert_eq!(found, [ours.to_vec(), middle.der().to_vec(), root.der().to_vec()]);
        assert_eq!(of(&[&theirs, middle.der()]), Err(Unfit::OtherKey));
        assert_eq!(of(&[&ours]), Err(Unfit::OtherCa), "the one between is missing");
        let stranger = ca("root", None);
        assert_eq!(of(&[&leaf(&key, &stranger, |_| ())]), Err(Unfit::OtherCa));
        assert_eq!(of(&[&CertificateDer::from(vec![1])]), Err(Unfit::Unreadable));
    }

    #[test]
    fn what_is_not_valid_now_is_told_in_seconds_and_what_no_server_takes_is_refused() {
        let (root, key) = (ca("root", None), KeyPair::generate().expect("a key"));
        let pins = [root.der().clone()];
        let of = |change: fn(&mut CertificateParams)| {
            chain(&key.subject_public_key_info(), &[leaf(&key, &root, change)], &pins).map(|chain| chain.len())
        };
        assert!(matches!(of(|one| one.not_before = date_time_ymd(4000, 1, 1)), Err(Unfit::NotYet(1_000_000_000..))));
        assert!(matches!(of(|one| one.not_after = date_time_ymd(2000, 1, 1)), Err(Unfit::Ended(700_000_000..))));
        let servers = |one: &mut CertificateParams| one.extended_key_usages = vec![ExtendedKeyUsagePurpose::ServerAuth];
        assert_eq!(of(servers), Err(Unfit::NotForClients));
        assert_eq!(of(|one| one.extended_key_usages = vec![ExtendedKeyUsagePurpose::ClientAuth]), Ok(2));
    }
}
