//! What was found, and all of it together.

use std::fmt;

use serde::Serialize;

use super::codes::{Code, Docs};
use crate::profile::Values;

/// How bad a finding is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize)]
pub enum Verdict {
    /// Not at all.
    #[serde(rename = "fine")]
    Fine,
    /// It goes on for now.
    #[serde(rename = "warning")]
    Warning,
    /// Something could not be read or reached in time.
    #[serde(rename = "can't tell")]
    CannotTell,
    /// It does not work, or will not at the next start.
    #[serde(rename = "trouble")]
    Trouble,
}

/// One finding.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Finding {
    /// Which kind.
    pub code: Code,
    /// The component that it concerns.
    pub component: String,
    /// How bad it is.
    pub verdict: Verdict,
    /// The file or address.
    #[serde(rename = "where")]
    pub place: String,
    /// What was seen, in one line.
    pub detail: String,
    /// What to do, in one line.
    pub remedy: String,
    /// Where more of it stands.
    pub docs: Docs,
}

/// Everything that was found; serialises to what `doctor --json` prints.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Report {
    /// Whether there is no trouble and no doubt.
    pub ok: bool,
    /// The findings, component by component.
    pub findings: Vec<Finding>,
}

impl Finding {
    /// A finding whose remedy knows these values.
    pub fn new(
        code: Code,
        verdict: Verdict,
        component: &str,
        place: impl Into<String>,
        detail: impl Into<String>,
        values: &Values,
    ) -> Self {
        Self {
            code,
            component: component.to_owned(),
            verdict,
            place: place.into(),
            detail: detail.into(),
            remedy: values.fill(code.entry().remedy),
            docs: Docs(code),
        }
    }
}

impl Finding {
    /// A finding about a product of the vendor's, whose registration our verbs do not drive.
    pub fn of_vendor(code: Code, verdict: Verdict, component: &str, place: &str, detail: String) -> Self {
        let remedy = code.entry().at_the_vendors.unwrap_or(code.entry().remedy);
        let finding = Self::new(code, verdict, component, place, detail, &Values::default());
        Self { remedy: Values::default().with("file", place).fill(remedy), ..finding }
    }

    /// Whether it is the same, of whichever component.
    fn is_same(&self, other: &Self) -> bool {
        let besides = |one: &Self| Self { component: String::new(), ..one.clone() };
        besides(self) == besides(other)
    }
}

impl Report {
    /// Of these findings.
    pub fn new(findings: Vec<Finding>) -> Self {
        let ok = findings.iter().all(|one| matches!(one.verdict, Verdict::Fine | Verdict::Warning));
        Self { ok, findings }
    }

    /// Each finding once, with the components that it concerns.
    pub fn told(&self) -> Vec<(&Finding, Vec<&str>)> {
        let mut told: Vec<(&Finding, Vec<&str>)> = Vec::new();
        for finding in &self.findings {
            match told.iter_mut().find(|(one, _)| one.is_same(finding)) {
                Some((_, components)) => components.push(&finding.component),
                None => told.push((finding, vec![&finding.component])),
            }
        }
        told
    }

    /// The worst of all verdicts.
    pub fn worst(&self) -> Verdict {
        self.findings.iter().map(|one| one.verdict).max().unwrap_or(Verdict::Fine)
    }
}

impl fmt::Display for Verdict {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(match self {
            Self::Fine => "fine",
            Self::Warning => "warning",
            Self::CannotTell => "can't tell",
            Self::Trouble => "trouble",
        })
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn finding(verdict: Verdict) -> Finding {
        let values = Values::default().with("port", "6453");
        Finding::new(Code::PortClosed, verdict, "integrator", "localhost:6453", "refused", &values)
    }

    #[test]
    fn the_json_has_the_documented_shape_and_the_remedy_names_the_port() {
        let mut found = serde_json::to_value(Report::new(vec![finding(Verdict::Trouble)])).expect("json");
        let remedy = found["findings"][0]["remedy"].take();
        assert!(remedy.as_str().is_some_and(|text| text.contains("that 6453 is its port")), "{remedy}");
        let expected = json!({ "ok": false, "findings": [{
            "code": "CS-D14-port-closed", "component": "integrator", "verdict": "trouble", "where": "localhost:6453",
            "detail": "refused", "remedy": null, "docs": "docs/reference/doctor.md#cs-d14-port-closed"
        }] });
        assert_eq!(found, expected);
    }

    #[test]
    fn a_warning_is_no_trouble_and_trouble_is_worse_than_doubt() {
        use Verdict::{CannotTell, Fine, Trouble, Warning};
        let worst = |all: &[Verdict]| Report::new(all.iter().map(|one| finding(*one)).collect());
        assert!(worst(&[Fine, Warning]).ok && !worst(&[CannotTell]).ok);
        assert_eq!(worst(&[CannotTell, Trouble, Warning]).worst(), Trouble);
        assert_eq!(worst(&[]).worst(), Fine);
    }
}
