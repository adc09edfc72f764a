//! The verification: every probe of the selected products, beside each other, each with its own deadline; and the
//! status of an estate.

mod probe;
mod report;
pub mod status;
mod target;
#[cfg(test)]
mod tests;

pub(crate) use probe::days_left;
pub use report::{ProbeResult, Report, Verdict};

use std::io;
use std::path::Path;
use std::sync::Arc;
use std::time::Instant;

use tokio::task::JoinSet;

use crate::alignment::asking;
use crate::estate::home::products;
use crate::estate::record::{Estate, FILE};
use crate::profile::Probe;
use probe::Finding;
use target::Target;

/// Verifies the estate in this folder. Must not be called within tokio.
///
/// # Errors
/// There is no estate, or it cannot be read.
pub fn verify(dir: &Path) -> io::Result<Report> {
    verify_with(dir, &mut |_| ())
}

/// As [`verify`]; tells each result as soon as it is there, in the order in which they come.
///
/// # Errors
/// There is no estate, or it cannot be read.
pub fn verify_with(dir: &Path, on_probe: &mut dyn FnMut(&ProbeResult)) -> io::Result<Report> {
    let dir = std::path::absolute(dir)?;
    let estate = Estate::read(&dir)?.ok_or_else(|| {
        let text = format!("{} is not there: name the estate with --estate, or install one", dir.join(FILE).display());
        io::Error::new(io::ErrorKind::NotFound, text)
    })?;
    let targets = targets(&dir, estate);
    let pending = targets.first().is_some_and(|(_, target)| target.any_pending());
    let probes = asking::block_on(ask_all(targets, on_probe))?;
    Ok(Report::new(probes, pending))
}

/// Removes what a verification of this estate left when it was killed.
pub fn clear_temporaries(dir: &Path) -> io::Result<()> {
    let Some(estate) = Estate::read(dir)? else { return Ok(()) };
    products(dir, &estate.components).iter().try_for_each(probe::clear_temporaries)
}

/// Asks the one probe with this id. Must not be called within tokio.
///
/// # Errors
/// There is no estate or no such probe, or the estate cannot be read.
pub fn one(dir: &Path, id: &str) -> io::Result<ProbeResult> {
    let dir = std::path::absolute(dir)?;
    let unknown = || io::Error::new(io::ErrorKind::NotFound, format!("there is no probe {id} in this estate"));
    let estate = Estate::read(&dir)?.ok_or_else(unknown)?;
    let (probe, target) = targets(&dir, estate).into_iter().find(|(probe, _)| probe.id == id).ok_or_else(unknown)?;
    asking::block_on(ask(probe, target))
}

fn targets(dir: &Path, estate: Estate) -> Vec<(&'static Probe, Target)> {
    let estate = Arc::new(estate);
    let mut targets = Vec::new();
    for product in products(dir, &estate.components) {
        let of = |probe| (probe, Target::new(dir, &estate, &product, probe));
        targets.extend(product.profile.probe.iter().map(of));
    }
    targets
}

async fn ask_all(targets: Vec<(&'static Probe, Target)>, on_probe: &mut dyn FnMut(&ProbeResult)) -> Vec<ProbeResult> {
    let ids: Vec<&str> = targets.iter().map(|(probe, _)| probe.id.as_str()).collect();
    let mut asked = JoinSet::new();
    for (index, (probe, target)) in targets.into_iter().enumerate() {
        asked.spawn(async move { (index, ask(probe, target).await) });
    }
    let mut results: Vec<Option<ProbeResult>> = vec![None; ids.len()];
    while let Some(ended) = asked.join_next().await {
        let Ok((index, result)) = ended else { continue };
        on_probe(&result);
        results[index] = Some(result);
    }
    let broken = |id: &str| ProbeResult::new(id, 0, Finding::cannot_tell("the probe ended before its answer"));
    results.into_iter().zip(ids).map(|(result, id)| result.unwrap_or_else(|| broken(id))).collect()
}

async fn ask(probe: &Probe, target: Target) -> ProbeResult {
    let since = Instant::now();
    let deadline = target.deadline;
    let finding =
        match tokio::time::timeout(probe::patience(&probe.kind, deadline), probe::ask(&probe.kind, &target)).await {
            Ok(finding) => finding,
            Err(_) => Finding::cannot_tell(asking::late(deadline)),
        };
    let ms = u64::try_from(since.elapsed().as_millis()).unwrap_or(u64::MAX);
    ProbeResult::new(&probe.id, ms, finding)
}
