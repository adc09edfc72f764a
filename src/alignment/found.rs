//! What asking one spot gave, and the comparison of what the spots proved.

use super::Verdict;

/// The answer of one spot.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Found {
    /// What it comes to.
    pub verdict: Verdict,
    /// Why, in one line for people.
    pub detail: String,
    /// Which of the authority's secrets it proved.
    pub secret_id: Option<String>,
}

impl Found {
    /// The authority accepted the spot's secret.
    pub(super) fn proved(secret_id: String) -> Self {
        let detail = "proved to the authority".to_owned();
        Self { verdict: Verdict::Aligned, detail, secret_id: Some(secret_id) }
    }

    /// The authority did not.
    pub(super) fn differs(detail: impl Into<String>) -> Self {
        Self { verdict: Verdict::Differs, detail: detail.into(), secret_id: None }
    }

    /// There is no secret at all.
    pub(super) fn missing(detail: impl Into<String>) -> Self {
        Self { verdict: Verdict::Missing, detail: detail.into(), secret_id: None }
    }

    /// Nothing is known.
    pub(super) fn cannot_tell(detail: impl Into<String>) -> Self {
        Self { verdict: Verdict::CannotTell, detail: detail.into(), secret_id: None }
    }
}

/// Tells apart spots that proved different secrets: in the window of a rotation the authority accepts more than one.
///
/// Measured against the authority's current secret; where that is not known (the authority is on another host), all
/// must have proved the same one.
pub(super) fn compare(found: &mut [Found], current: Option<&str>) {
    let first = found.iter().find_map(|found| found.secret_id.clone());
    let Some(measure) = current.map(str::to_owned).or(first) else { return };
    if found.iter().all(|found| found.secret_id.as_ref().is_none_or(|id| *id == measure)) {
        return;
    }
    for found in found {
        let detail = match (&found.secret_id, current) {
            (None, _) => continue,
            (Some(id), Some(current)) if id == current => continue,
            (Some(_), Some(_)) => "the authority accepts it, but it is not the current secret",
            (Some(_), None) => "the authority accepts it, but other places hold another one",
        };
        *found = Found::differs(detail);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn verdicts(ids: &[&str], current: Option<&str>) -> Vec<Verdict> {
        let mut found: Vec<Found> = ids.iter().map(|id| Found::proved((*id).to_owned())).collect();
        found.push(Found::cannot_tell("late"));
        compare(&mut found, current);
        assert_eq!(found.pop().map(|found| found.verdict), Some(Verdict::CannotTell));
        found.into_iter().map(|found| found.verdict).collect()
    }

    #[test]
    fn accepted_secrets_must_still_be_the_same_one() {
        use Verdict::{Aligned, Differs};
        for (ids, current, expected) in [
            (["s1", "s1"], None, [Aligned, Aligned]),
            (["s1", "s1"], Some("s1"), [Aligned, Aligned]),
            (["s1", "s2"], Some("s1"), [Aligned, Differs]),
            (["s1", "s2"], None, [Differs, Differs]),
            (["s1", "s1"], Some("s2"), [Differs, Differs]),
        ] {
            assert_eq!(verdicts(&ids, current), expected, "{ids:?} {current:?}");
        }
    }
}
