//! Whether all places hold the same secret: what is asked where, at which level, and the report.
//!
//! With an embedded authority nothing is compared with a value: what each place and each process holds is proved to the
//! authority, equal secrets of a component once. Where nobody takes proofs, places are compared with each other. What only the vendor's tool can read is known by what its product says
//! in its log of its own registration. Nothing is written to any product, and nothing is restarted.

mod accepted;
pub(crate) mod asking;
mod beside;
mod distinct;
mod expected;
mod file;
mod found;
mod level;
mod online;
mod proofs;
mod report;
mod running;
mod watch;
pub(crate) mod watched;

pub use accepted::Accepted;
pub use distinct::Gathered;
pub use file::Written;
pub use found::Found;
pub use level::{Level, UnknownLevel};
pub use report::{Entry, Report, Verdict};
pub use watch::{Changed, Watching};

use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use crate::estate::home;
use crate::estate::record::{Authority, Estate};
use crate::registration::prove::ProofError;
use crate::secret::Secret;
use distinct::Marked;
use expected::Spot;

/// How long a process may take to answer on its control socket.
const PROCESS_DEADLINE: Duration = Duration::from_secs(5);

/// Asks every place that the profiles expect at these levels; those that take an exchange beside each other.
///
/// A level that a profile does not give a component is neither listed nor counted. Must not be called within tokio.
pub fn check(dir: &Path, estate: &Estate, levels: &[Level]) -> Report {
    let spots = expected::expected(dir, &estate.components, levels);
    let (files, others): (Vec<&Spot>, Vec<&Spot>) = spots.iter().partition(|spot| spot.is_in_a_file());
    let gathered = Gathered::read(&files.iter().map(|spot| spot.written(&estate.authority)).collect::<Vec<_>>());
    let asked = asking::block_on(async {
        let ask_other =
            |spot: &&Spot| tokio::spawn(ask((*spot).clone(), gathered.marked.clone(), estate.authority.clone()));
        let others = others.iter().map(ask_other).collect();
        let proved = proofs::all(&gathered.distinct).await;
        // What is the current secret is asked last, so that a promotion meanwhile makes nothing look aligned.
        (proved, proofs::ended(others).await, Accepted::ask(dir, estate).await)
    });
    let (proved, at_others, accepted) = asked.unwrap_or_else(|error| {
        let nothing = vec![asking::impossible(&error); spots.len()];
        (nothing.clone(), nothing, None)
    });
    let at_files = files.len();
    let mut found: Vec<Found> = gathered.found(&proved).chain(at_others).collect();
    found::compare(&mut found, accepted.as_ref());
    let asked: Vec<&Spot> = files.iter().chain(&others).copied().collect();
    beside::compare(&asked, &mut found);
    let mut others = found.split_off(at_files).into_iter();
    let mut files = found.into_iter();
    let places: Vec<Entry> = spots
        .iter()
        .map(|spot| {
            let found = if spot.is_in_a_file() { files.next() } else { others.next() };
            spot.entry(dir, found.unwrap_or_else(|| Found::cannot_tell("it was not asked")))
        })
        .collect();
    let holders = expected::expected(dir, &estate.components, &Level::ALL);
    Report::new(places, !holders.is_empty())
}

/// Whether the authority accepts this secret; asked in the name of the first component that registers.
///
/// # Errors
/// The authority could not be asked.
pub fn proves(dir: &Path, estate: &Estate, secret: &Secret) -> Result<bool, ProofError> {
    accepted_as(dir, estate, secret).map(|id| id.is_some())
}

/// The id under which the authority accepts this secret; `None` when it does not.
///
/// # Errors
/// The authority could not be asked.
pub fn accepted_as(dir: &Path, estate: &Estate, secret: &Secret) -> Result<Option<String>, ProofError> {
    if !estate.authority.takes_proofs() {
        return Err(ProofError::Unavailable("this authority takes no proofs".into()));
    }
    let components = home::components(dir, &estate.components);
    let Some(site) = components.iter().flat_map(|component| component.sites(&estate.authority)).next() else {
        return Err(ProofError::Unavailable("no component of this estate could prove it".into()));
    };
    let proved = asking::block_on(proofs::one(&site, secret))
        .map_err(|error| ProofError::Unavailable(format!("it could not be asked: {error}")))?;
    match proved {
        Ok(proved) => Ok(Some(proved.secret_id)),
        Err(ProofError::NotAccepted) => Ok(None),
        Err(error) => Err(error),
    }
}

/// The secrets that the places hold, read as [`check`] reads them; the authority is not asked.
///
/// # Errors
/// The first place that cannot be read or holds none: which, and why.
pub fn held(dir: &Path, estate: &Estate) -> Result<Vec<Secret>, String> {
    read_each(dir, estate).into_iter().collect()
}

/// As [`held`], for each place by itself.
pub fn read_each(dir: &Path, estate: &Estate) -> Vec<Result<Secret, String>> {
    let spots = expected::expected(dir, &estate.components, &[Level::File]);
    spots
        .iter()
        .filter(|spot| spot.is_in_a_file())
        .map(|spot| {
            let read = spot.written(&estate.authority).read();
            read.map_err(|found| format!("{}: {}", spot.path.display(), found.detail))
        })
        .collect()
}

/// What the authority accepts; `None` when it is on another host or does not answer. Must not be called within tokio.
pub fn accepted(dir: &Path, estate: &Estate) -> Option<Accepted> {
    asking::block_on(Accepted::ask(dir, estate)).ok()?
}

async fn ask(spot: Spot, marked: Arc<Marked>, authority: Authority) -> Found {
    match spot.level {
        _ if spot.place.is_online() => online::ask(spot, marked, authority).await,
        Level::Running => running::ask(&spot).await,
        Level::File | Level::Session => Found::cannot_tell("no profile tells how to ask it"),
    }
}
