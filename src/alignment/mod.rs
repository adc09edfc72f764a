//! Whether all places hold the same secret: what is asked where, at which level, and the report.
//!
//! With an embedded authority nothing is compared here: each place, and each process, proves to the authority. Nothing
//! is written to any product.

pub(crate) mod asking;
mod expected;
mod file;
mod found;
mod level;
mod report;
mod running;

pub use level::{Level, UnknownLevel};
pub use report::{Entry, Report, Verdict};

use std::path::Path;
use std::time::Duration;

use serde_json::json;

use crate::estate::home;
use crate::estate::record::{Authority, Estate};
use crate::registration::prove::{ProofError, Proved};
use crate::registration::site::Site;
use crate::registration::wire::Purpose;
use crate::secret::Secret;
use expected::Spot;
use found::Found;

/// How long one proof to the authority may take, its back-off included.
const PROOF_DEADLINE: Duration = Duration::from_secs(10);
/// How long a process may take to answer on its control socket.
const PROCESS_DEADLINE: Duration = Duration::from_secs(5);

/// Asks every place that the profiles expect at these levels, all of them beside each other.
///
/// A level that a profile does not give a component is neither listed nor counted. Must not be called within tokio.
pub fn check(dir: &Path, estate: &Estate, levels: &[Level]) -> Report {
    let spots = expected::expected(dir, &estate.components, levels);
    let mut found = asking::block_on(ask_all(dir, estate, &spots)).unwrap_or_else(|error| {
        spots.iter().map(|_| Found::cannot_tell(format!("nothing could be asked: {error}"))).collect()
    });
    found.truncate(spots.len());
    let places: Vec<Entry> = spots.iter().zip(found).map(|(spot, found)| spot.entry(dir, found)).collect();
    let holders = expected::expected(dir, &estate.components, &[Level::File]);
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
    let sites = home::components(dir, &estate.components);
    let Some(site) = sites.iter().find_map(|component| component.site(&estate.authority)) else {
        return Err(ProofError::Unavailable("no component of this estate could prove it".into()));
    };
    let proved = asking::block_on(prove(&site, secret))
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
        .map(|spot| file::read(spot).map_err(|found| format!("{}: {}", spot.path.display(), found.detail)))
        .collect()
}

/// One check proof within its deadline.
async fn prove(site: &Site, secret: &Secret) -> Result<Proved, ProofError> {
    tokio::time::timeout(PROOF_DEADLINE, site.prove(secret, Purpose::Check)).await.unwrap_or_else(|_| {
        let address = format!("{}:{}", site.host, site.https_port);
        Err(ProofError::Unreachable(address, asking::late(PROOF_DEADLINE)))
    })
}

async fn ask_all(dir: &Path, estate: &Estate, spots: &[Spot]) -> Vec<Found> {
    let asked: Vec<_> = spots.iter().map(|spot| tokio::spawn(ask(spot.clone(), estate.authority.clone()))).collect();
    let current = current(dir, estate).await;
    let mut found = Vec::with_capacity(asked.len());
    for answer in asked {
        found.push(answer.await.unwrap_or_else(|_| Found::cannot_tell("asking it ended before its answer")));
    }
    found::compare(&mut found, current.as_deref());
    found
}

async fn ask(spot: Spot, authority: Authority) -> Found {
    match spot.level {
        Level::File => file::ask(&spot, &authority).await,
        Level::Running => running::ask(&spot).await,
        Level::Session => Found::cannot_tell("no profile tells how to ask live connections"),
    }
}

/// The id of the authority's current secret, when the authority is here and answers.
async fn current(dir: &Path, estate: &Estate) -> Option<String> {
    let socket = home::authority(dir, &estate.components)?.control();
    let answer = asking::ask(socket, json!({ "do": "secret-list" }), PROCESS_DEADLINE).await.ok()?;
    let current = answer["secrets"].as_array()?.iter().find(|secret| secret["state"] == "current")?;
    Some(current["id"].as_str()?.to_owned())
}
