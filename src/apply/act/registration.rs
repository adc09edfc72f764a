//! Registering a component through its product's own process, and taking that back.

use std::path::{Path, PathBuf};

use super::process::judge;
use super::{ActError, Context, Ended};
use crate::estate::command::{PENDING, run};
use crate::keystore::Kind;
use crate::registration::admin;
use crate::registration::material;
use crate::registration::site::Site;
use crate::registration::state::State;

/// Drives the registration once.
pub fn register(name: &str, command: &[String], site: &Site, context: &Context) -> Result<Ended, ActError> {
    let ended = run(command, context.input());
    if let Ok(ended) = &ended
        && ended.code == PENDING
    {
        return Ok(Ended::Pending(site.state()));
    }
    judge(command, ended)?;
    match site.state() {
        State::Registered => Ok(Ended::Done),
        state => Err(ActError::Other(format!("{name} ended its registration as {state}"))),
    }
}

/// Removes keystore and temporaries and, where it is asked, makes the authority forget the registration. Certificates
/// with the serial numbers in `keep` are from before and stay good, and so do those of the component's other repositories.
pub fn unregister(site: &Site, socket: Option<&Path>, keep: &[String]) -> Result<(), ActError> {
    if site.conf.is_dir() {
        site.remove_files().map_err(|error| ActError::File(site.conf.clone(), error))?;
    }
    match socket {
        Some(socket) => {
            let keep: Vec<String> = keep.iter().cloned().chain(beside(site)).collect();
            admin::forget(socket, &site.identity, &keep).map_err(ActError::Authority)
        }
        None => Ok(()),
    }
}

/// The serial numbers of the certificates in the other keystores of a registration's folder.
fn beside(site: &Site) -> Vec<String> {
    let is_keystore = |path: &PathBuf| {
        let kinds = [Kind::Jks, Kind::Pkcs12].map(Kind::extension);
        path.extension().is_some_and(|extension| kinds.iter().any(|kind| extension == *kind))
    };
    let entries = std::fs::read_dir(&site.conf).into_iter().flatten().flatten();
    let keystores = entries.map(|entry| entry.path()).filter(is_keystore).filter(|path| *path != site.keystore());
    keystores.filter_map(|path| material::read(&path).ok().flatten()?.serial()).collect()
}
