//! The report of `check` for people.

use super::mark;
use super::table::Table;
use crate::alignment::{Report, Verdict};

/// Every place with its verdict, and why where it is not aligned; then how many could be checked.
pub fn text(report: &Report) -> String {
    let mut table = Table::new(["component", "place", "level", "verdict"], 1);
    for entry in &report.places {
        let cells =
            [entry.component.clone(), entry.place.clone(), entry.level.to_string(), mark::alignment(entry.verdict)];
        match entry.verdict {
            Verdict::Aligned => table.row(cells),
            _ => table.row_with_note(cells, entry.detail.clone()),
        }
    }
    let table = if report.places.is_empty() { String::new() } else { format!("{}\n", table.text()) };
    format!("{table}{}\n", closing(report))
}

fn closing(report: &Report) -> String {
    let checked = format!("checked {} of {} places", report.checked, report.expected);
    let count = |verdict| report.places.iter().filter(|entry| entry.verdict == verdict).count();
    let verdicts = [Verdict::Aligned, Verdict::Differs, Verdict::Missing, Verdict::CannotTell];
    let counts: Vec<String> = verdicts
        .into_iter()
        .filter(|verdict| count(*verdict) > 0)
        .map(|verdict| format!("{} {verdict}", count(verdict)))
        .collect();
    if counts.is_empty() { checked } else { format!("{checked}: {}", counts.join(", ")) }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::alignment::{Entry, Level};

    fn report() -> Report {
        let entry = |component: &str, place: &str, level, verdict, detail: &str| Entry {
            component: component.into(),
            place: place.into(),
            level,
            form: "plain".into(),
            verdict,
            detail: detail.into(),
        };
        let properties = "b2bi/Integrator/conf/passport-access.properties";
        let xml = "b2bi/Interchange/conf/passport-access.xml";
        let places = vec![
            entry("integrator", properties, Level::File, Verdict::Aligned, "proved to the authority"),
            entry("integrator", "process", Level::Running, Verdict::CannotTell, "not running: countersign start"),
            entry("interchange", xml, Level::File, Verdict::Differs, "the authority does not accept this secret"),
            entry("interchange", "process", Level::Running, Verdict::Aligned, "proved to the authority"),
        ];
        Report { aligned: false, checked: 3, expected: 4, places }
    }

    #[test]
    fn every_place_has_its_row_and_doubts_have_their_reason() {
        let expected = "\
component    place                                         level    verdict
integrator   b2bi/Integrator/conf/                         file     ✓ aligned
             passport-access.properties
integrator   process                                       running  ? can't tell
    not running: countersign start
interchange  b2bi/Interchange/conf/passport-access.xml     file     ✗ differs
    the authority does not accept this secret
interchange  process                                       running  ✓ aligned

checked 3 of 4 places: 2 aligned, 1 differs, 1 can't tell
";
        assert_eq!(text(&report()), expected);
    }

    #[test]
    fn nothing_to_check_is_said_in_one_line() {
        let report = Report { aligned: true, checked: 0, expected: 0, places: Vec::new() };
        assert_eq!(text(&report), "checked 0 of 0 places\n");
    }
}
