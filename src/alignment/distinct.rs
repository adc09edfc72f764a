//! Equal secrets are proved once: places are put together by what they hold, so that an exchange with the authority is
//! paid for each secret and not for each place.
//!
//! Secrets are compared by HMAC-SHA-256 under a key of the run, which is wiped with it. So one secret of each group is
//! kept in memory and no other.

use std::collections::HashMap;
use std::sync::Arc;

use hmac::Mac;
use zeroize::Zeroizing;

use super::file::Written;
use super::found::{self, Found};
use super::{asking, proofs};
use crate::profile::Identity;
use crate::registration::site::Site;
use crate::secret::{Secret, keyed};

/// One secret, to be proved in one component's name.
pub(super) struct Distinct {
    pub site: Arc<Site>,
    pub secret: Arc<Secret>,
}

/// What stands in some places, whatever they belong to.
pub struct Gathered {
    /// Each secret once a component.
    pub(super) distinct: Vec<Distinct>,
    /// For each place the number of its secret, or what it comes to without a proof.
    of: Vec<Result<usize, Found>>,
    warnings: Vec<Option<String>>,
    /// What nobody takes a proof of.
    pub(super) marked: Arc<Marked>,
}

/// Secrets that nobody takes a proof of, each once, and how they are recognised.
pub(super) struct Marked {
    /// Recognises a secret.
    pub mark: Mark,
    /// Each with its mark, in the order in which they were found.
    pub secrets: Vec<([u8; 32], Secret)>,
}

impl Gathered {
    /// Reads the places, one after the other.
    pub fn read(places: &[Written<'_>]) -> Self {
        let (mut distinct, mut all, mut warnings) = (Vec::new(), Vec::new(), Vec::new());
        let mut marked = Marked { mark: Mark::new(), secrets: Vec::new() };
        let mut numbers: HashMap<([u8; 32], &Identity), usize> = HashMap::new();
        for place in places {
            let of = place.read().and_then(|secret| {
                let mark = marked.mark.of(&secret);
                let Some(site) = place.site.as_ref() else { return Err(marked.keep(mark, secret)) };
                Ok(*numbers.entry((mark, &site.identity)).or_insert_with(|| {
                    distinct.push(Distinct { site: site.clone(), secret: Arc::new(secret) });
                    distinct.len() - 1
                }))
            });
            all.push(of);
            warnings.push(place.warning());
        }
        Self { distinct, of: all, warnings, marked: Arc::new(marked) }
    }

    /// How many proofs it takes to judge them all.
    pub fn proofs(&self) -> usize {
        self.distinct.len()
    }

    /// Proves each secret and tells what the places come to. Must not be called within tokio.
    pub fn prove(self) -> Vec<Found> {
        let proved = asking::block_on(proofs::all(&self.distinct))
            .unwrap_or_else(|error| vec![asking::impossible(&error); self.distinct.len()]);
        let mut found: Vec<Found> = self.found(&proved).collect();
        found::compare(&mut found, None);
        found
    }

    /// What the places come to, given what the proof of each distinct secret gave.
    pub(super) fn found(self, proofs: &[Found]) -> impl Iterator<Item = Found> {
        self.of.into_iter().zip(self.warnings).map(|(of, warning)| {
            let found = of.map_or_else(|found| found, |number| proofs[number].clone());
            Found { warning, ..found }
        })
    }
}

impl Marked {
    fn keep(&mut self, mark: [u8; 32], secret: Secret) -> Found {
        if self.secrets.iter().all(|(known, _)| *known != mark) {
            self.secrets.push((mark, secret));
        }
        Found::marked(mark)
    }
}

/// Recognises a secret within one run.
pub(super) struct Mark(Zeroizing<[u8; 32]>);

impl Mark {
    fn new() -> Self {
        Self(Zeroizing::new(rand::random()))
    }

    pub(super) fn of(&self, secret: &Secret) -> [u8; 32] {
        let mut mac = keyed(&*self.0);
        mac.update(secret.expose().as_bytes());
        mac.finalize().into_bytes().into()
    }
}

#[cfg(test)]
mod tests {
    use std::path::{Path, PathBuf};

    use super::super::Verdict;
    use super::*;
    use crate::keystore::Kind;

    fn site(name: &str) -> Arc<Site> {
        let text = |text: &str| text.to_owned();
        let identity = Identity { name: text(name), version: text("1"), group: text("g"), instance: text("default") };
        let (conf, repository, host) = (PathBuf::new(), text(name), text("localhost"));
        let address = None;
        Arc::new(Site {
            conf,
            repository,
            host,
            address,
            https_port: 1,
            client_auth_port: 2,
            kind: Kind::Jks,
            identity,
        })
    }

    #[test]
    fn each_secret_is_proved_once_a_component_and_every_place_gets_its_answer() {
        let dir = tempfile::tempdir().expect("a folder");
        let (one, two) = (site("one"), site("two"));
        let rows = [("a", "s1", &one), ("b", "s1", &one), ("c", "s2", &one), ("d", "s1", &two), ("e", "", &two)];
        let paths = rows.map(|(name, value, _)| {
            let path = dir.path().join(name);
            std::fs::write(&path, format!("key={value}\n")).expect("written");
            path
        });
        let places: Vec<Written<'_>> = rows
            .iter()
            .zip(&paths)
            .map(|((_, _, site), path)| {
                let (home, site, owner): (&Path, _, _) = (dir.path(), Some((*site).clone()), "");
                Written {
                    home,
                    path,
                    format: "properties",
                    form: "plain",
                    key: "key",
                    twins: &[],
                    mode: "0777",
                    owner,
                    site,
                }
            })
            .collect();
        let gathered = Gathered::read(&places);
        let proved: Vec<(&str, &str)> =
            gathered.distinct.iter().map(|one| (one.site.identity.name.as_str(), one.secret.expose())).collect();
        assert_eq!(proved, [("one", "s1"), ("one", "s2"), ("two", "s1")]);
        let proofs = ["p0", "p1", "p2"].map(|id| Found::proved(id.to_owned()));
        let found: Vec<Found> = gathered.found(&proofs).collect();
        let ids: Vec<Option<&str>> = found.iter().map(|found| found.secret_id.as_deref()).collect();
        assert_eq!(ids, [Some("p0"), Some("p0"), Some("p1"), Some("p2"), None]);
        assert_eq!(found[4].verdict, Verdict::Missing);
    }
}
