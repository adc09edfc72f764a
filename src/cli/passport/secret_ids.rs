//! Secret ids by hand: added, promoted, retired, each on the state in which it was seen.

use super::process::unanswered;
use super::secret::change_of;
use super::{Exit, Failure};
use crate::passport::Home;
use crate::registration::admin::{self, BY_HAND, Listed, SecretState};
use crate::secret::Secret;

/// Makes a secret the next one; its id.
pub(super) fn add(home: &Home, secret: &Secret) -> anyhow::Result<String> {
    let listed = listed(home)?;
    if let Some(open) = listed.iter().find(|one| one.is_open()) {
        return Err(held(open).into());
    }
    let current = current(&listed)?;
    let socket = home.admin_socket();
    let id = admin::next_secret(&socket, secret, &change_of(&current.id), &current.id);
    Ok(id.map_err(|error| unanswered(&error))?)
}

/// Makes a secret the current one; whether it was another before. A promotion that a crash left uncommitted is finished.
pub(super) fn promote(home: &Home, id: &str, window: u64, even_if_used: bool) -> anyhow::Result<bool> {
    let listed = listed(home)?;
    let one = find(&listed, id)?;
    let open = listed.iter().find(|one| one.is_open());
    let is_by_hand = |one: &Listed| one.change.as_deref().is_some_and(|change| change.starts_with(BY_HAND));
    if let Some(open) = open.filter(|open| !is_by_hand(open)) {
        return Err(held(open).into());
    }
    let current = current(&listed)?;
    let (change, to) = match (one.state, open) {
        (SecretState::Current, Some(left)) if left.state != SecretState::Next => (left.change.clone(), None),
        (SecretState::Current, _) => return Ok(false),
        (SecretState::Next, _) => (one.change.clone(), None),
        (SecretState::Retiring, None) => (Some(change_of(&current.id)), Some(id)),
        (_, Some(open)) => return Err(held(open).into()),
        (state, None) => {
            let text = format!("{id} is {}: only a next or retiring secret is promoted", word(state));
            return Err(Failure::refused(text).into());
        }
    };
    let change = change.unwrap_or_default();
    let socket = home.admin_socket();
    if one.state != SecretState::Current {
        if !even_if_used {
            locks_nobody_out(&listed, one, current)?;
        }
        admin::promote(&socket, &change, &current.id, to).map_err(|error| unanswered(&error))?;
    }
    admin::settle(&socket, &change, Some(window), None).map_err(|error| unanswered(&error))?;
    Ok(true)
}

/// Accepts a secret no longer; the components that may have held it.
pub(super) fn retire(home: &Home, id: &str, even_if_used: bool) -> anyhow::Result<Vec<String>> {
    let listed = listed(home)?;
    let one = find(&listed, id)?;
    Ok(admin::retire_by_hand(&home.admin_socket(), one, even_if_used).map_err(|error| unanswered(&error))?)
}

/// A commit retires at once what an earlier change left retiring, and going back retires what was current.
fn locks_nobody_out(listed: &[Listed], one: &Listed, current: &Listed) -> Result<(), Failure> {
    let goes = |other: &&Listed| match one.state {
        SecretState::Retiring => other.id == current.id,
        _ => other.state == SecretState::Retiring,
    };
    match listed.iter().filter(goes).find(|other| other.proved > 0) {
        None => Ok(()),
        Some(used) => Err(Failure::refused(format!(
            "{} would be retired at once, and {} components proved it last: move them, or promote even so (--even-if-used)",
            used.id, used.proved
        ))),
    }
}

fn listed(home: &Home) -> Result<Vec<Listed>, Failure> {
    Ok(admin::secrets(&home.admin_socket()).map_err(|error| unanswered(&error))?.secrets)
}

fn find<'a>(listed: &'a [Listed], id: &str) -> Result<&'a Listed, Failure> {
    listed.iter().find(|one| one.id == id).ok_or_else(|| Failure::refused(format!("there is no secret {id}")))
}

fn current(listed: &[Listed]) -> Result<&Listed, Failure> {
    let current = listed.iter().find(|one| one.state == SecretState::Current);
    current.ok_or_else(|| {
        Failure::refused("no shared secret is set yet: `countersign passport secret set` sets the first")
    })
}

fn held(open: &Listed) -> Failure {
    let change = open.change.as_deref().unwrap_or("without a name");
    Failure::new(Exit::Held, format!("the change {change} of the secret is not finished: it holds {}", open.id))
}

fn word(state: SecretState) -> &'static str {
    match state {
        SecretState::Current => "current",
        SecretState::Next => "next",
        SecretState::Retiring => "retiring",
        SecretState::Held => "held",
        SecretState::Retired => "retired",
    }
}
