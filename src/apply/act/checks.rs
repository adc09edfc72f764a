//! Steps that only look: a probe, the verification, the alignment of every place.

use std::io;
use std::path::Path;

use super::{ActError, Event};
use crate::alignment::{self, Level, Verdict};
use crate::estate::Estate;
use crate::verify::{self, ProbeResult};

/// Asks one probe. One that has nothing to ask here, such as a login without a password, keeps nobody back.
pub fn probe(dir: &Path, id: &str) -> Result<(), ActError> {
    let result = verify::one(dir, id).map_err(unreadable)?;
    if matches!(result.verdict, verify::Verdict::Ok | verify::Verdict::NotAsked) {
        Ok(())
    } else {
        Err(ActError::Other(format!("{}: {}", result.id, result.detail)))
    }
}

/// Asks every probe.
pub fn verify(dir: &Path, events: &mut dyn FnMut(Event)) -> Result<(), ActError> {
    let mut told = |probe: &ProbeResult| events(Event::Probe(probe.clone()));
    let report = verify::verify_with(dir, &mut told).map_err(unreadable)?;
    events(Event::Verified(report.clone()));
    let failed: Vec<String> = report.failed().map(|probe| format!("{}: {}", probe.id, probe.detail)).collect();
    if failed.is_empty() { Ok(()) } else { Err(ActError::Other(failed.join("; "))) }
}

/// Removes what a verification that was killed left.
pub fn clear(dir: &Path) -> Result<(), ActError> {
    verify::clear_temporaries(dir).map_err(unreadable)
}

/// Checks every place and process; one that is not aligned is a failure, whatever the reason.
pub fn check(dir: &Path, events: &mut dyn FnMut(Event)) -> Result<(), ActError> {
    let estate = Estate::read(dir).map_err(unreadable)?;
    let estate = estate.ok_or_else(|| ActError::Other("the estate's record is gone".into()))?;
    let report = alignment::check(dir, &estate, &Level::ALL);
    events(Event::Checked(report.clone()));
    // A foreign authority takes no proofs: nothing is known then, and nothing can be.
    let unknown = |verdict| verdict == Verdict::CannotTell && estate.authority.is_est();
    let entries = report.places.iter().filter(|entry| entry.verdict != Verdict::Aligned && !unknown(entry.verdict));
    let failed: Vec<String> = entries
        .map(|entry| format!("{}: {}: {}: {}", entry.component, entry.place, entry.verdict, entry.detail))
        .collect();
    if failed.is_empty() { Ok(()) } else { Err(ActError::Other(failed.join("; "))) }
}

#[expect(clippy::needless_pass_by_value, reason = "it stands in map_err")]
fn unreadable(error: io::Error) -> ActError {
    ActError::Other(error.to_string())
}
