//! The steps that write the secret into places there already, and how each product comes to use it: as its profile says.

use std::path::{Path, PathBuf};
use std::time::Duration;

use super::install::process;
use super::{Online, Spot, Step, TakeOver};
use crate::estate::ComponentHome;
use crate::profile::{Apply, Edit, Place, Profile};

/// How a product comes to use a secret that is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Way {
    /// It is stopped meanwhile.
    Stopped,
    /// It is written, then restarted.
    Restart,
    /// It is written, then reloaded.
    Reload,
    /// Nobody has to do anything besides.
    ByItself,
}

/// How a product comes to use a secret that is written.
pub(super) fn way(profile: &Profile) -> Way {
    let lifecycle = &profile.lifecycle;
    let only_stopped = profile.installer.is_some() || profile.place.iter().any(|place| place.edit == Edit::Stopped);
    match lifecycle.apply {
        _ if only_stopped => Way::Stopped,
        Apply::StopWriteStart => Way::Stopped,
        // What needs the old secret to be stopped is stopped while it has that; what is told online must run.
        Apply::Restart if lifecycle.needs_old_secret && !profile.place.iter().any(Place::is_online) => Way::Stopped,
        Apply::Restart => Way::Restart,
        Apply::Reload => Way::Reload,
        Apply::Online | Apply::None => Way::ByItself,
    }
}

/// Writes the secret into a component's places, and has processes take it over.
pub(super) fn write(component: &ComponentHome, takes_over: Vec<TakeOver>) -> Step {
    let (spots, online) = (spots(component).collect(), online(component).collect());
    Step::WriteSecret { name: component.component.name.clone(), spots, online, takes_over, alone: false }
}

/// A component's places in files, each with its twins.
pub(super) fn spots(component: &ComponentHome) -> impl Iterator<Item = Spot> {
    let home = component.home();
    let places = component.places().filter(|(place, _)| !place.file.is_empty());
    places.flat_map(move |(place, path)| with_twins(home, place, &path))
}

/// Those of its places in files that its product rewrites itself.
pub(super) fn rewritten(component: &ComponentHome) -> impl Iterator<Item = Spot> {
    let home = component.home();
    let places = component.places().filter(|(place, _)| place.rewritten && !place.file.is_empty());
    places.flat_map(move |(place, path)| with_twins(home, place, &path))
}

/// A component's places that commands reach.
pub(super) fn online(component: &ComponentHome) -> impl Iterator<Item = Online> {
    let lifecycle = &component.product.profile.lifecycle;
    let own = component.component.process.then(|| component.clone());
    let answers = own.or_else(|| component.product.processes().next());
    // Where the product is stopped meanwhile, the command is one that works on what is written.
    let answers = answers.filter(|_| way(component.product.profile) != Way::Stopped).as_ref().map(process);
    component.places().filter(|(place, _)| place.is_online()).map(move |(place, _)| Online {
        component: component.id().to_owned(),
        name: component.component.name.clone(),
        read: component.values().fill_all(&place.read),
        write: component.values().fill_all(&place.write),
        needs_old_secret: lifecycle.needs_old_secret,
        deadline: lifecycle.deadline,
        process: answers.clone(),
    })
}

impl Online {
    /// How long each of its commands may take.
    pub fn deadline(&self) -> Duration {
        Duration::from_secs(self.deadline)
    }
}

/// A place's own spot and those of its twins.
fn with_twins(home: &Path, place: &Place, path: &Path) -> Vec<Spot> {
    let spot = |path: PathBuf, key: &str| Spot {
        component: place.component.clone(),
        home: home.to_path_buf(),
        path,
        format: place.format.clone(),
        key: key.to_owned(),
        form: place.form.clone(),
    };
    let twins = place.twin.iter().map(|twin| spot(twin.path(home, path), &twin.key));
    std::iter::once(spot(path.to_path_buf(), &place.key)).chain(twins).collect()
}
