//! Registering a component through its product's own process, and taking that back.

use std::path::Path;

use super::process::judge;
use super::{ActError, Context, Ended};
use crate::estate::command::{PENDING, run};
use crate::registration::admin;
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
/// with the serial numbers in `keep` are from before and stay good.
pub fn unregister(site: &Site, socket: Option<&Path>, keep: &[String]) -> Result<(), ActError> {
    if site.conf.is_dir() {
        site.remove_files().map_err(|error| ActError::File(site.conf.clone(), error))?;
    }
    match socket {
        Some(socket) => admin::forget(socket, &site.identity, keep).map_err(ActError::Authority),
        None => Ok(()),
    }
}
