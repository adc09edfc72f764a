//! Acts at the authority's administration socket.

use std::io;
use std::path::Path;

use super::{ActError, Context};
use crate::profile::Identity;
use crate::registration::admin;

/// Sets the secret at an authority that has none.
pub fn set_secret(socket: &Path, context: &Context) -> Result<(), ActError> {
    let secret = context.secret.as_ref().ok_or_else(|| ActError::Other("no secret was given".into()))?;
    if !admin::secret_ids(socket).map_err(ActError::Authority)?.is_empty() {
        return Err(ActError::Other("PassPort has a secret already".into()));
    }
    admin::set_secret(socket, secret).map(drop).map_err(ActError::Authority)
}

/// Takes the secret back: the authority had none before.
pub fn unset_secret(socket: &Path) -> Result<(), ActError> {
    admin::secret_ids(socket)
        .and_then(|ids| ids.iter().try_for_each(|id| admin::retire_secret(socket, id)))
        .map_err(ActError::Authority)
}

/// Imports a component and makes sure that it is the one the profile speaks of.
pub fn import_component(socket: &Path, csd: &str, identity: &Identity) -> Result<(), ActError> {
    let (imported, _) = admin::import_component(socket, csd).map_err(ActError::Authority)?;
    if imported == *identity {
        Ok(())
    } else {
        let mismatch = io::Error::other(format!("the CSD of {} names another component", identity.name));
        Err(ActError::Authority(mismatch))
    }
}

/// Removes a component.
pub fn remove_component(socket: &Path, identity: &Identity) -> Result<(), ActError> {
    admin::remove_component(socket, identity).map_err(ActError::Authority)
}
