//! Which spots must hold the secret, as the profiles of the selected components say.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use super::file::Written;
use super::found::Found;
use super::{Entry, Level};
use crate::estate::ComponentHome;
use crate::estate::home::components;
use crate::estate::record::Authority;
use crate::profile::{Place, Role};
use crate::registration::site::Site;

/// One thing to ask: a place at one level.
#[derive(Clone)]
pub(super) struct Spot {
    /// Whose it is.
    pub component: ComponentHome,
    /// What is asked.
    pub level: Level,
    /// The place; at the running level the first of the component, from which its process read.
    pub place: &'static Place,
    /// The place's file.
    pub path: PathBuf,
}

/// What a profile's components must prove at these levels: for each its places, then its process. A place that nobody
/// can read has no file level, and one that commands reach tells what the process uses.
///
/// The session level is given by no component of the embedded profiles.
pub(super) fn expected(dir: &Path, selected: &[String], levels: &[Level]) -> Vec<Spot> {
    let mut spots = Vec::new();
    for component in components(dir, selected) {
        let at = |level, (place, path)| Spot { component: component.clone(), level, place, path };
        if levels.contains(&Level::File) {
            let files = component.places().filter(|(place, _)| !place.is_opaque() && !place.is_running());
            spots.extend(files.map(|place| at(Level::File, place)));
        }
        if levels.contains(&Level::Running) {
            let mut online =
                component.places().filter(|(place, _)| place.is_running() && !place.is_opaque()).peekable();
            if online.peek().is_none() && tells(&component) {
                spots.extend(component.places().next().map(|place| at(Level::Running, place)));
            }
            spots.extend(online.map(|place| at(Level::Running, place)));
        }
    }
    spots
}

/// Whether something tells what a component uses: its process, asked over its control socket, or its log. One whose
/// place nobody can read must tell: it is expected even if its profile names no log, so that it is not overlooked.
/// The authority itself is what the others are measured by.
pub(super) fn tells(component: &ComponentHome) -> bool {
    let asked = component.component.process && component.has_control();
    let client = component.product.profile.product.role == Role::Client;
    asked || component.watching().is_some() || (client && component.places().any(|(place, _)| place.is_opaque()))
}

impl Spot {
    /// Whether it is read from a file.
    pub(super) fn is_in_a_file(&self) -> bool {
        self.level == Level::File && !self.place.is_online()
    }

    /// As it is asked at the level *file*.
    pub(super) fn written(&self, authority: &Authority) -> Written<'_> {
        Written {
            home: self.component.home(),
            path: &self.path,
            format: &self.place.format,
            form: &self.place.form,
            key: &self.place.key,
            twins: &self.place.twin,
            mode: &self.place.mode,
            owner: &self.place.owner,
            site: self.site(authority).map(Arc::new),
        }
    }

    /// In whose name its secret is proved; `None` where the profile does not say, or nobody takes proofs.
    pub(super) fn site(&self, authority: &Authority) -> Option<Site> {
        self.component.site_of(self.place, authority).filter(|_| authority.takes_proofs())
    }

    /// Its line in the report.
    pub(super) fn entry(&self, dir: &Path, found: Found) -> Entry {
        let place = match self.level {
            _ if self.place.is_online() => "by command".to_owned(),
            Level::File => self.place.shown(self.path.strip_prefix(dir).unwrap_or(&self.path)),
            Level::Running | Level::Session => "process".to_owned(),
        };
        let warns = found.warning.is_some();
        Entry {
            component: self.component.id().to_owned(),
            place,
            level: self.level,
            form: self.place.form.clone(),
            verdict: found.verdict,
            detail: found.warning.map_or(found.detail.clone(), |warning| format!("{}; {warning}", found.detail)),
            warns,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn told(levels: &[Level]) -> Vec<String> {
        let selected = ["passport", "integrator", "interchange", "b2bi", "b2bi-server"].map(str::to_owned);
        let dir = Path::new("/e");
        let entries = expected(dir, &selected, levels).into_iter().map(|spot| {
            let entry = spot.entry(dir, Found::cannot_tell(""));
            format!("{} {} {}", entry.component, entry.level, entry.place)
        });
        entries.collect()
    }

    #[test]
    fn places_and_processes_of_components_that_hold_the_secret_are_expected() {
        let all = [
            "integrator file b2bi/Integrator/conf/passport-access.properties",
            "integrator running process",
            "interchange file b2bi/Interchange/conf/passport-access.xml",
            "interchange running process",
        ];
        assert_eq!(told(&Level::ALL), all);
        assert_eq!(told(&[Level::Running]), [all[1], all[3]]);
    }

    #[test]
    fn a_level_that_no_profile_gives_is_not_listed() {
        assert!(told(&[Level::Session]).is_empty());
    }
}
