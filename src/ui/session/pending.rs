//! A registration that the authority holds: asked about once more.

use std::path::Path;

use super::Refusal;
use crate::apply::Lock;
use crate::estate::command::{Input, run};
use crate::registration::site::Site;
use crate::registration::state::State;

/// Has the component ask the authority with the very same request; where its registration stands then.
///
/// # Errors
/// Another run holds the estate, or the component's command cannot be run; one line for people.
pub fn ask_again(dir: &Path, command: &[String], site: &Site) -> Result<State, String> {
    let lock = Lock::take(dir, "register").map_err(|error| Refusal::from(error).to_string())?;
    let ended = lock.share().and_then(|shared| run(command, Input::Lock(shared)));
    // The lock ends with this process at the latest.
    let _ = lock.release();
    let ended = ended.map_err(|error| error.to_string())?;
    match site.state() {
        state if ended.code == 0 || state.is_pending() => Ok(state),
        _ => Err(ended.message),
    }
}

/// The same where nobody asked for it: not while the authority wants to be left alone, nor when somebody else has done it.
///
/// # Errors
/// As for [`ask_again`].
pub fn ask_in_turn(dir: &Path, command: &[String], site: &Site) -> Result<State, String> {
    let state = site.state();
    let must_wait = site.pending().is_some_and(|pending| pending.wait_left().is_some());
    if must_wait || !state.is_pending() { Ok(state) } else { ask_again(dir, command, site) }
}
