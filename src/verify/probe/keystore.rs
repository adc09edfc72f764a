//! `keystore`: a component's keystore opens, and holds one key with its certificate and the CA that signed it.

use std::cmp::Reverse;

use rustls::sign::CertifiedKey;
use rustls_pki_types::{CertificateDer, PrivatePkcs8KeyDer};
use x509_parser::prelude::{FromDer, X509Certificate};

use super::Finding;
use crate::keystore::{Contents, open};
use crate::registration::material::Validity;
use crate::registration::site::Site;
use crate::registration::state::State;
use crate::registration::tls::provider;
use crate::verify::Verdict;
use crate::verify::target::Target;

const DAY: i64 = 24 * 60 * 60;
/// From this many days left on, it is worth a warning.
const FEW_DAYS: i64 = 14;

pub(super) fn ask(target: &Target) -> Finding {
    let Some((component, sites)) = target.component().map(|component| (component.id(), target.sites_of(&component)))
    else {
        return Finding::cannot_tell("its profile does not say where the keystore is");
    };
    let found = sites.iter().map(|site| (site, judge(component, site)));
    // The first of the worst: people mend one after the other.
    let worst = found.rev().max_by_key(|(_, (days, finding))| (finding.verdict != Verdict::Ok, Reverse(*days)));
    match worst {
        None => Finding::not_asked("it has no repository at this authority"),
        Some((_, (_, finding))) if sites.len() == 1 => finding,
        Some((site, (_, finding))) => Finding { detail: format!("{}: {}", site.repository, finding.detail), ..finding },
    }
}

/// What one keystore comes to, and for how many more days it is good.
fn judge(component: &str, site: &Site) -> (i64, Finding) {
    let unusable = |why: String| (0, Finding::failed(why));
    match open(&site.keystore()) {
        Err(error) => unusable(error.to_string()),
        Ok(None) => unusable(match site.state() {
            State::New => format!("there is none yet: countersign register {component}"),
            state => format!("there is none, the registration is at {state}: countersign register {component} --again"),
        }),
        Ok(Some(contents)) => match days_left(&contents) {
            Err(rule) => unusable(format!("{rule}: countersign register {component} --again")),
            Ok(days) if days < FEW_DAYS => {
                let told = format!("warning: valid for {days} more days: countersign register {component} --again");
                (days, Finding::ok(told))
            }
            Ok(days) => (days, Finding::ok(format!("valid for {days} more days"))),
        },
    }
}

/// How long the key can still be used, or the rule that it breaks.
pub(crate) fn days_left(contents: &Contents) -> Result<i64, &'static str> {
    let [entry] = contents.keys.as_slice() else { return Err("it does not hold exactly one key") };
    if entry.chain.len() < 2 {
        return Err("its chain is not the certificate and its CA");
    }
    let read =
        |der| X509Certificate::from_der(der).map(|(_, read)| read).map_err(|_| "a certificate in it cannot be read");
    let chain = entry.chain.iter().map(|der| read(der)).collect::<Result<Vec<_>, _>>()?;
    for pair in chain.windows(2) {
        let signed = pair[0].verify_signature(Some(pair[1].public_key()));
        signed.map_err(|_| "the CA in it did not sign its certificate")?;
    }
    let validities: Vec<Validity> = chain.iter().map(Validity::of_parsed).collect();
    if !validities.iter().all(|validity| validity.holds_now()) {
        return Err("its certificates are not valid now");
    }
    let chain = entry.chain.iter().cloned().map(CertificateDer::from).collect();
    let key = PrivatePkcs8KeyDer::from(entry.key.to_vec()).into();
    CertifiedKey::from_der(chain, key, &provider()).map_err(|_| "its key is not the certificate's")?;
    let until = validities.iter().map(|validity| validity.until).min().unwrap_or_default();
    Ok((until - jiff::Timestamp::now().as_second()) / DAY)
}

#[cfg(test)]
mod tests {
    use jiff::Timestamp;
    use rcgen::{BasicConstraints, CertificateParams, IsCa, Issuer, KeyPair, date_time_ymd};
    use zeroize::Zeroizing;

    use super::*;
    use crate::keystore::KeyEntry;

    struct Ca(CertificateParams, KeyPair);

    impl Ca {
        fn new() -> Self {
            let mut params = CertificateParams::default();
            params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
            Self(params, KeyPair::generate().expect("a key"))
        }

        fn der(&self) -> Vec<u8> {
            self.0.self_signed(&self.1).expect("signed").der().to_vec()
        }

        fn sign(&self, key: &KeyPair, until: i32) -> Vec<u8> {
            let mut params = CertificateParams::default();
            params.not_after = date_time_ymd(until, 1, 1);
            let issuer = Issuer::from_params(&self.0, &self.1);
            params.signed_by(key, &issuer).expect("signed").der().to_vec()
        }
    }

    fn contents(key: &KeyPair, chain: Vec<Vec<u8>>) -> Contents {
        let key = Zeroizing::new(key.serialize_der());
        let entry = KeyEntry { alias: "a".into(), created: Timestamp::now(), key, chain };
        Contents { keys: vec![entry], ..Contents::default() }
    }

    #[test]
    fn a_whole_entry_tells_its_days_and_every_other_is_refused() {
        let (ca, other) = (Ca::new(), Ca::new());
        let (key, stranger) = (KeyPair::generate().expect("a key"), KeyPair::generate().expect("a key"));
        let good = ca.sign(&key, 2100);
        assert!(days_left(&contents(&key, vec![good.clone(), ca.der()])).expect("good") > 20_000);
        for (contents, word) in [
            (Contents::default(), "one key"),
            (contents(&key, vec![good.clone()]), "chain"),
            (contents(&key, vec![good.clone(), other.der()]), "sign"),
            (contents(&key, vec![ca.sign(&key, 2001), ca.der()]), "not valid now"),
            (contents(&stranger, vec![good, ca.der()]), "key"),
        ] {
            let rule = days_left(&contents).expect_err(word);
            assert!(rule.contains(word), "{rule}");
        }
    }
}
