//! Places that only commands reach: the new secret is put there, or the previous one again, and read back.

use super::process::{self, start};
use super::{ActError, Context};
use crate::estate::online::{Answer, read, write};
use crate::plan::Online;
use crate::secret::Secret;

/// Puts the new secret there. Where it is there already, nothing is done.
pub fn put(places: &[Online], context: &Context) -> Result<(), ActError> {
    let secret = given(context.secret.as_deref(), "no secret was given")?;
    places.iter().try_for_each(|place| bring(place, secret, context.previous.as_deref()))
}

/// Puts the previous one there again. Its files have it again already, so a product that is stopped is started with it.
pub fn put_back(places: &[Online], context: &Context) -> Result<(), ActError> {
    if places.is_empty() {
        return Ok(());
    }
    let previous = given(context.previous.as_deref(), "the secret that was in use before is not known")?;
    for place in places {
        if let Some(process) = &place.process
            && process::runs(process) == Ok(false)
        {
            start(process, context)?;
        }
        bring(place, previous, context.secret.as_deref())?;
    }
    Ok(())
}

/// Whether a place holds a secret, as far as that can be read.
pub fn holds(place: &Online, secret: &Secret) -> Result<bool, String> {
    match read(&place.read, place.needs_old_secret.then_some(secret), place.deadline()) {
        Answer::Holds(present) => Ok(present.same_as(secret)),
        Answer::Nothing | Answer::Refuses => Ok(false),
        Answer::Unclear(why) => Err(why),
    }
}

/// Makes a place hold a secret; `other` is the one that it may hold instead.
fn bring(place: &Online, secret: &Secret, other: Option<&Secret>) -> Result<(), ActError> {
    let readable = !place.read.is_empty();
    if readable && holds(place, secret) == Ok(true) {
        return Ok(());
    }
    let put = |in_use: Option<&Secret>| {
        write(&place.write, secret, in_use.filter(|_| place.needs_old_secret), place.deadline())
    };
    // Where nothing can be read it may hold either.
    let put =
        put(other).or_else(|error| if readable || !place.needs_old_secret { Err(error) } else { put(Some(secret)) });
    put.map_err(|error| of(place, &error))?;
    match readable.then(|| holds(place, secret)) {
        None | Some(Ok(true)) => Ok(()),
        Some(Ok(false)) => Err(of(place, "it was told the secret and does not hold it")),
        Some(Err(why)) => Err(of(place, &why)),
    }
}

fn given<'a>(secret: Option<&'a Secret>, missing: &str) -> Result<&'a Secret, ActError> {
    secret.ok_or_else(|| ActError::Other(missing.to_owned()))
}

fn of(place: &Online, why: &str) -> ActError {
    ActError::Other(format!("{}: {why}", place.name))
}
