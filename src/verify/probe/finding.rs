//! What a probe comes to.

use crate::verify::Verdict;

/// Verdict and reason.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(in crate::verify) struct Finding {
    /// How the probe ended.
    pub verdict: Verdict,
    /// What was found, in one line for people.
    pub detail: String,
}

impl Finding {
    /// All is as it must be.
    pub(in crate::verify) fn ok(detail: impl Into<String>) -> Self {
        Self { verdict: Verdict::Ok, detail: detail.into() }
    }

    /// It is not.
    pub(in crate::verify) fn failed(detail: impl Into<String>) -> Self {
        Self { verdict: Verdict::Failed, detail: detail.into() }
    }

    /// Something could not be read or reached.
    pub(in crate::verify) fn cannot_tell(detail: impl Into<String>) -> Self {
        Self { verdict: Verdict::CannotTell, detail: detail.into() }
    }

    /// There is nothing to ask.
    pub(in crate::verify) fn not_asked(detail: impl Into<String>) -> Self {
        Self { verdict: Verdict::NotAsked, detail: detail.into() }
    }
}
