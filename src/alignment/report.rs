//! The report on alignment, as people and programs read it.

use std::fmt;

use serde::Serialize;

use super::Level;

/// What is known of one place. The worst is the greatest.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize)]
pub enum Verdict {
    /// It holds the authority's secret.
    #[serde(rename = "aligned")]
    Aligned,
    /// It could not be read or reached in time. Never shown as aligned.
    #[serde(rename = "can't tell")]
    CannotTell,
    /// It holds no secret.
    #[serde(rename = "missing")]
    Missing,
    /// It holds another one.
    #[serde(rename = "differs")]
    Differs,
}

impl fmt::Display for Verdict {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(match self {
            Self::Aligned => "aligned",
            Self::CannotTell => "can't tell",
            Self::Missing => "missing",
            Self::Differs => "differs",
        })
    }
}

/// One place at one level.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Entry {
    /// Component id.
    pub component: String,
    /// The file below the estate; `process` at the running level.
    pub place: String,
    /// What the verdict speaks of.
    pub level: Level,
    /// How the secret is written there.
    pub form: String,
    /// What is known of it.
    pub verdict: Verdict,
    /// How that is known, in one line for people; and what should be mended though it changes no verdict.
    pub detail: String,
    /// Whether the detail tells of something to be mended beside the verdict.
    #[serde(skip)]
    pub warns: bool,
}

/// What `check` tells; serialises to what `check --json` prints.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Report {
    /// Whether every expected place is aligned.
    pub aligned: bool,
    /// Places of which something is known.
    pub checked: usize,
    /// Places that were asked.
    pub expected: usize,
    /// All of them, by component.
    pub places: Vec<Entry>,
}

impl Report {
    /// Counts and judges. `held` says whether any component here holds the secret at all: then a report about no place
    /// (a level that no component gives) proves nothing.
    pub(super) fn new(places: Vec<Entry>, held: bool) -> Self {
        let aligned = places.iter().all(|entry| entry.verdict == Verdict::Aligned) && !(held && places.is_empty());
        let checked = places.iter().filter(|entry| entry.verdict != Verdict::CannotTell).count();
        Self { aligned, checked, expected: places.len(), places }
    }

    /// The worst verdict on a component; `None` when it holds no secret.
    pub fn worst(&self, component: &str) -> Option<Verdict> {
        self.places.iter().filter(|entry| entry.component == component).map(|entry| entry.verdict).max()
    }

    /// The worst verdict of all; `None` when there is nothing that could hold the secret.
    pub fn worst_of_all(&self) -> Option<Verdict> {
        let worst = self.places.iter().map(|entry| entry.verdict).max();
        worst.or((!self.aligned).then_some(Verdict::CannotTell))
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn entry(component: &str, verdict: Verdict) -> Entry {
        Entry {
            component: component.into(),
            place: "process".into(),
            level: Level::Running,
            form: "plain".into(),
            verdict,
            detail: "no answer within 5 s".into(),
            warns: false,
        }
    }

    #[test]
    fn the_worst_verdict_counts() {
        use Verdict::{Aligned, CannotTell, Differs, Missing};
        assert!(Differs > Missing && Missing > CannotTell && CannotTell > Aligned);
        let places = vec![entry("a", Missing), entry("a", CannotTell), entry("b", Aligned), entry("b", CannotTell)];
        let report = Report::new(places, true);
        assert_eq!(report.worst("a"), Some(Missing));
        assert_eq!(report.worst("b"), Some(CannotTell));
        assert_eq!(report.worst("c"), None);
        assert_eq!(report.worst_of_all(), Some(Missing));
        assert_eq!((report.aligned, report.checked, report.expected), (false, 2, 4));
    }

    #[test]
    fn a_report_about_nothing_is_aligned_only_where_nothing_holds_the_secret() {
        assert!(Report::new(Vec::new(), false).aligned);
        assert_eq!(Report::new(Vec::new(), false).worst_of_all(), None);
        assert!(!Report::new(Vec::new(), true).aligned);
        assert_eq!(Report::new(Vec::new(), true).worst_of_all(), Some(Verdict::CannotTell));
    }

    #[test]
    fn the_json_has_the_documented_shape() {
        let report = Report::new(vec![entry("integrator", Verdict::CannotTell)], true);
        let expected = json!({
            "aligned": false, "checked": 0, "expected": 1,
            "places": [{
                "component": "integrator", "place": "process", "level": "running", "form": "plain",
                "verdict": "can't tell", "detail": "no answer within 5 s"
            }]
        });
        assert_eq!(serde_json::to_value(&report).expect("json"), expected);
        for verdict in [Verdict::Aligned, Verdict::CannotTell, Verdict::Missing, Verdict::Differs] {
            assert_eq!(serde_json::to_value(verdict).expect("json"), verdict.to_string());
        }
    }
}
