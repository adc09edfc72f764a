//! The report of a verification, as people and programs read it.

use std::fmt;

use serde::{Deserialize, Serialize};

use super::probe::Finding;

/// How a probe ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum Verdict {
    /// All is as it must be.
    #[serde(rename = "ok")]
    Ok,
    /// It is not.
    #[serde(rename = "failed")]
    Failed,
    /// Something could not be read or reached in time.
    #[serde(rename = "can't tell")]
    CannotTell,
    /// There is nothing to ask here.
    #[serde(rename = "not asked")]
    NotAsked,
}

impl fmt::Display for Verdict {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(match self {
            Self::Ok => "ok",
            Self::Failed => "failed",
            Self::CannotTell => "can't tell",
            Self::NotAsked => "not asked",
        })
    }
}

/// What one probe found.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ProbeResult {
    /// The probe's id, from the profile.
    pub id: String,
    /// How it ended.
    pub verdict: Verdict,
    /// Milliseconds it took.
    pub ms: u64,
    /// What was found, in one line for people.
    pub detail: String,
}

impl ProbeResult {
    pub(super) fn new(id: &str, ms: u64, finding: Finding) -> Self {
        Self { id: id.to_owned(), verdict: finding.verdict, ms, detail: finding.detail }
    }
}

/// What `verify` tells; serialises to what `verify --json` prints.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Report {
    /// Whether no probe failed and none could not tell.
    pub ok: bool,
    /// The probes, in the order of the profiles.
    pub probes: Vec<ProbeResult>,
    /// Whether the authority holds a registration of this estate.
    #[serde(skip)]
    pub pending: bool,
}

impl Report {
    pub(super) fn new(probes: Vec<ProbeResult>, pending: bool) -> Self {
        let ok = probes.iter().all(|probe| matches!(probe.verdict, Verdict::Ok | Verdict::NotAsked));
        Self { ok, probes, pending }
    }

    /// The probes that failed.
    pub fn failed(&self) -> impl Iterator<Item = &ProbeResult> {
        self.probes.iter().filter(|probe| probe.verdict == Verdict::Failed)
    }

    /// The probes that could not tell.
    pub fn unanswered(&self) -> impl Iterator<Item = &ProbeResult> {
        self.probes.iter().filter(|probe| probe.verdict == Verdict::CannotTell)
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn report(verdicts: &[Verdict]) -> Report {
        let result = |verdict: &Verdict| ProbeResult { id: "p".into(), verdict: *verdict, ms: 3, detail: "d".into() };
        Report::new(verdicts.iter().map(result).collect(), true)
    }

    #[test]
    fn ok_means_no_failure_and_no_doubt() {
        use Verdict::{CannotTell, Failed, NotAsked, Ok};
        assert!(report(&[Ok, NotAsked]).ok);
        assert!(!report(&[Ok, CannotTell]).ok);
        assert!(!report(&[Ok, Failed]).ok);
        assert_eq!(report(&[Failed, Ok, CannotTell, Failed]).failed().count(), 2);
    }

    #[test]
    fn the_json_has_the_documented_shape() {
        let expected = json!({
            "ok": false, "probes": [{ "id": "p", "verdict": "can't tell", "ms": 3, "detail": "d" }]
        });
        assert_eq!(serde_json::to_value(report(&[Verdict::CannotTell])).expect("json"), expected);
        for verdict in [Verdict::Ok, Verdict::Failed, Verdict::CannotTell, Verdict::NotAsked] {
            assert_eq!(serde_json::to_value(verdict).expect("json"), verdict.to_string());
        }
    }
}
