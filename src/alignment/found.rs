//! What asking one spot gave, and the comparison of what the spots proved.

use super::Verdict;
use super::accepted::Accepted;

/// The answer of one spot.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Found {
    /// What it comes to.
    pub verdict: Verdict,
    /// Why, in one line for people.
    pub detail: String,
    /// Which of the authority's secrets it proved.
    pub secret_id: Option<String>,
    /// What should be mended though it changes no verdict.
    pub warning: Option<String>,
    /// What it holds, by a mark of this run, where nobody takes a proof of it: it is compared with the others.
    pub(super) mark: Option<[u8; 32]>,
}

impl Found {
    fn new(verdict: Verdict, detail: impl Into<String>) -> Self {
        Self { verdict, detail: detail.into(), secret_id: None, warning: None, mark: None }
    }

    /// The authority accepted the spot's secret.
    pub(super) fn proved(secret_id: String) -> Self {
        Self { secret_id: Some(secret_id), ..Self::new(Verdict::Aligned, "proved to the authority") }
    }

    /// It holds this, and nobody takes a proof of it.
    pub(super) fn marked(mark: [u8; 32]) -> Self {
        let why = "it cannot be proved: its authority takes no proofs, or no profile says in whose name";
        Self { mark: Some(mark), ..Self::cannot_tell(why) }
    }

    /// Its product says that the authority accepted it; which secret it was is not known.
    pub(super) fn told(detail: impl Into<String>) -> Self {
        Self::new(Verdict::Aligned, detail)
    }

    /// The authority did not.
    pub(super) fn differs(detail: impl Into<String>) -> Self {
        Self::new(Verdict::Differs, detail)
    }

    /// There is no secret at all.
    pub(super) fn missing(detail: impl Into<String>) -> Self {
        Self::new(Verdict::Missing, detail)
    }

    /// Nothing is known.
    pub(super) fn cannot_tell(detail: impl Into<String>) -> Self {
        Self::new(Verdict::CannotTell, detail)
    }
}

/// Tells apart spots that proved different secrets: in the window of a rotation the authority accepts more than one.
///
/// Measured against the authority's current secret; where that is not known (the authority is on another host), all
/// must have proved the same one.
pub(super) fn compare(found: &mut [Found], accepted: Option<&Accepted>) {
    let current = accepted.and_then(Accepted::current);
    let first = found.iter().find_map(|found| found.secret_id.clone());
    let Some(measure) = current.map(str::to_owned).or(first) else { return };
    if found.iter().all(|found| found.secret_id.as_ref().is_none_or(|id| *id == measure)) {
        return;
    }
    for found in found {
        let detail = match (&found.secret_id, accepted) {
            (None, _) => continue,
            (Some(id), Some(_)) if *id == measure => continue,
            (Some(id), Some(accepted)) => accepted.describe(id),
            (Some(_), None) => "the authority accepts it, but other places hold another one".to_owned(),
        };
        *found = Found { warning: found.warning.take(), ..Found::differs(detail) };
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn compared(ids: &[&str], accepted: Option<&Accepted>) -> Vec<Found> {
        let mut found: Vec<Found> = ids.iter().map(|id| Found::proved((*id).to_owned())).collect();
        found.push(Found::cannot_tell("late"));
        compare(&mut found, accepted);
        assert_eq!(found.pop().map(|found| found.verdict), Some(Verdict::CannotTell));
        found
    }

    #[test]
    fn accepted_secrets_must_still_be_the_same_one() {
        use Verdict::{Aligned, Differs};
        let current = |id| Accepted::of(json!([{ "id": id, "state": "current" }]), &[]);
        for (ids, accepted, expected) in [
            (["s1", "s1"], None, [Aligned, Aligned]),
            (["s1", "s1"], Some(current("s1")), [Aligned, Aligned]),
            (["s1", "s2"], Some(current("s1")), [Aligned, Differs]),
            (["s1", "s2"], None, [Differs, Differs]),
            (["s1", "s1"], Some(current("s2")), [Differs, Differs]),
        ] {
            let found = compared(&ids, accepted.as_ref());
            assert_eq!(found.into_iter().map(|found| found.verdict).collect::<Vec<_>>(), expected, "{ids:?}");
        }
    }

    #[test]
    fn in_the_window_of_a_rotation_the_detail_says_which_secret_it_is() {
        let secrets = json!([
            { "id": "new", "state": "next", "change": "c1" },
            { "id": "now", "state": "current" },
            { "id": "old", "state": "retiring", "until": "2026-11-23T00:00:00Z" },
        ]);
        let accepted = Accepted::of(secrets, &[]);
        let details: Vec<String> =
            compared(&["now", "new", "old"], Some(&accepted)).into_iter().map(|found| found.detail).collect();
        assert_eq!(
            details,
            [
                "proved to the authority",
                "the authority accepts it, but as the next secret, which is not the current one yet",
                "the authority accepts it, but as the previous secret, and only until 2026-11-23T00:00:00Z",
            ]
        );
    }
}
