//! What the doctor found, for people.

use super::wrap::{plain, wrap};
use super::{WIDTH, counted, mark};
use crate::doctor::{Finding, Report, Verdict};

const INDENT: &str = "    ";

/// What is done about a finding.
pub const TO_DO: &str = "What to do";

/// Each finding with what to do; the same one of several components once.
pub fn text(report: &Report) -> String {
    let blocks = report.told().into_iter().map(|(finding, components)| block(finding, &components.join(", ")));
    blocks.collect::<String>() + &summary(report) + "\n"
}

fn block(finding: &Finding, components: &str) -> String {
    let Finding { code, verdict, place, detail, remedy, .. } = finding;
    let mut text = plain(format!("{}  {code}  {components}  {place}", mark::doctor(*verdict))) + "\n";
    let mut add = |line: String| {
        for part in wrap(&plain(line), WIDTH - INDENT.len()) {
            text.extend([INDENT, &part, "\n"]);
        }
    };
    add(detail.clone());
    if *verdict != Verdict::Fine {
        add(format!("{TO_DO}: {remedy}"));
    }
    text + "\n"
}

/// How much was found, and how to learn more of it.
pub fn summary(report: &Report) -> String {
    let told = report.told();
    let count = |verdict| told.iter().filter(|(one, _)| one.verdict == verdict).count();
    let (troubles, warnings, doubts) = (count(Verdict::Trouble), count(Verdict::Warning), count(Verdict::CannotTell));
    if troubles + warnings + doubts == 0 {
        return "nothing found".to_owned();
    }
    let mut parts = Vec::new();
    if troubles > 0 {
        parts.push(counted(troubles, "trouble", "troubles"));
    }
    if warnings > 0 {
        parts.push(counted(warnings, "warning", "warnings"));
    }
    if doubts > 0 {
        parts.push(format!("{doubts} can't tell"));
    }
    format!("{}; more of a code: countersign doctor --explain CODE", parts.join(", "))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::doctor::codes::Code;
    use crate::profile::Values;

    #[test]
    fn the_same_trouble_of_two_components_is_told_once_with_its_remedy() {
        let values = Values::default().with("host", "localhost").with("port", "6453");
        let finding = |code, verdict, component, detail: &str| {
            Finding::new(code, verdict, component, "localhost:6453", detail, &values)
        };
        let closed = |component| finding(Code::PortClosed, Verdict::Trouble, component, "Connection refused");
        let fine = finding(Code::Fine, Verdict::Fine, "api-gateway", "Registered");
        let report = Report::new(vec![closed("integrator"), fine, closed("interchange")]);
        let expected = "\
✗ trouble  CS-D14-port-closed  integrator, interchange  localhost:6453
    Connection refused
    What to do: Start the authority on its host (`countersign start`), and see
    that 6453 is its port (`countersign passport status`) and reachable from
    here.

✓ fine  CS-D00-fine  api-gateway  localhost:6453
    Registered

1 trouble; more of a code: countersign doctor --explain CODE
";
        assert_eq!(text(&report), expected);
    }
}
