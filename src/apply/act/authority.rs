//! Acts at the authority's administration socket.

use std::io;
use std::path::Path;

use super::{ActError, Context};
use crate::apply::window;
use crate::plan::{Plan, Step};
use crate::profile::{Identity, authority_name};
use crate::registration::admin;
use crate::secret::{SealingKey, Secret};

fn new_secret(context: &Context) -> Result<&Secret, ActError> {
    context.secret.as_deref().ok_or_else(|| ActError::Other("no secret was given".into()))
}

/// Sets the secret at an authority that has none.
pub fn set_secret(socket: &Path, context: &Context) -> Result<(), ActError> {
    let secret = new_secret(context)?;
    if !admin::secret_ids(socket).map_err(ActError::Authority)?.is_empty() {
        return Err(ActError::Other(format!("{} has a secret already", authority_name())));
    }
    admin::set_secret(socket, secret).map(drop).map_err(ActError::Authority)
}

/// Takes the secret back: the authority had none before.
pub fn unset_secret(socket: &Path) -> Result<(), ActError> {
    admin::secret_ids(socket)
        .and_then(|ids| ids.iter().try_for_each(|id| admin::retire_secret(socket, id)))
        .map_err(ActError::Authority)
}

/// Has the next secret accepted beside the current one.
pub fn add_next(socket: &Path, change: &str, current: &str, context: &Context) -> Result<(), ActError> {
    admin::next_secret(socket, new_secret(context)?, change, current).map(drop).map_err(ActError::Authority)
}

/// Makes another secret the only one.
pub fn replace_secret(socket: &Path, change: &str, current: &str, context: &Context) -> Result<(), ActError> {
    admin::replace_secret(socket, new_secret(context)?, change, current).map(drop).map_err(ActError::Authority)
}

/// Settles the authority's secrets after the commit. Where the previous one has a window, it is sealed here and its key
/// goes to the authority first.
pub fn settle(
    socket: &Path,
    change: &str,
    window: Option<u64>,
    plan: &Plan,
    context: &Context,
) -> Result<(), ActError> {
    let kept = window.zip(previous_id(plan)).zip(context.previous.as_deref());
    let Some(((window, id), previous)) = kept else {
        admin::settle(socket, change, None, None).map_err(ActError::Authority)?;
        return window::forget(&plan.dir).map_err(|error| ActError::Other(error.to_string()));
    };
    if window_has_begun(socket, &plan.dir, id) {
        return Ok(());
    }
    let key = SealingKey::generate();
    window::keep(&plan.dir, id, &key, previous).map_err(|error| ActError::Other(error.to_string()))?;
    admin::settle(socket, change, Some(window), Some(key.expose())).map_err(ActError::Authority)
}

/// Whether an interrupted run came as far as this already.
fn window_has_begun(socket: &Path, dir: &Path, id: &str) -> bool {
    admin::previous(socket).is_ok_and(|previous| {
        let key = SealingKey::from_bytes(&*previous.key);
        previous.id == id && key.is_some_and(|key| window::open(dir, id, &key).is_ok())
    })
}

/// The id that the plan's promotion leaves.
fn previous_id(plan: &Plan) -> Option<&str> {
    plan.steps.iter().find_map(|step| match step {
        Step::Promote { current, to: None, .. } => Some(current.as_str()),
        _ => None,
    })
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
