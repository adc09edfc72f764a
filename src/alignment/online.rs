//! Places that commands reach: the product itself says what it uses, or what is written.

use std::sync::Arc;
use std::time::Duration;

use super::distinct::Marked;
use super::expected::Spot;
use super::found::Found;
use super::{proofs, running};
use crate::estate::online::{Answer, read};
use crate::estate::record::Authority;
use crate::secret::Secret;

/// Most time that the command may take here.
const LONGEST: Duration = Duration::from_mins(1);
/// Secrets of other places that a product is asked with, where it has to be asked with one. It must not take the
/// question for an attack.
const TRIED: usize = 3;

/// Asks the product; where its command needs the secret in use, with those that stand in files, its own first.
pub(super) async fn ask(spot: Spot, marked: Arc<Marked>, authority: Authority) -> Found {
    let site = spot.site(&authority);
    let asked = tokio::task::spawn_blocking(move || {
        let needed = spot.place.is_running().then(|| running::not_running(&spot.component)).flatten();
        let known = needed.map_or_else(|| tell(&spot, &marked), Err);
        known.map(|secret| (marked.mark.of(&secret), secret))
    });
    match (asked.await, site) {
        (Ok(Ok((_, secret))), Some(site)) => proofs::found(&site, &secret).await,
        (Ok(Ok((mark, _))), None) => Found::marked(mark),
        (Ok(Err(found)), _) => found,
        (Err(_), _) => Found::cannot_tell("asking it ended before its answer"),
    }
}

fn tell(spot: &Spot, marked: &Marked) -> Result<Secret, Found> {
    let lifecycle = &spot.component.product.profile.lifecycle;
    let command = spot.component.values().fill_all(&spot.place.read);
    let deadline = Duration::from_secs(lifecycle.deadline).min(LONGEST);
    let given: Vec<Option<&Secret>> = if lifecycle.needs_old_secret {
        marked.secrets.iter().take(TRIED).map(|(_, secret)| Some(secret)).collect()
    } else {
        vec![None]
    };
    let mut found = Found::cannot_tell("it tells only whoever has its secret, and no file here holds one");
    for given in given {
        found = match read(&command, given, deadline) {
            Answer::Holds(secret) => return Ok(secret),
            Answer::Nothing => return Err(Found::missing("it has no secret")),
            Answer::Unclear(why) => return Err(Found::cannot_tell(why)),
            Answer::Refuses => Found::differs("it refuses what the files here hold"),
        };
    }
    Err(found)
}
