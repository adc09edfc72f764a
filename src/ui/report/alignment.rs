//! The report of `check` for people.

use super::mark;
use super::table::Table;
use super::wrap::plain;
use crate::alignment::{Changed, Report, Verdict};

/// Every place with its verdict, and why where it is not aligned or something is to be mended; then how many could be checked.
pub fn text(report: &Report) -> String {
    let mut table = Table::new(["component", "place", "level", "verdict"], 1);
    for entry in &report.places {
        let cells =
            [entry.component.clone(), entry.place.clone(), entry.level.to_string(), mark::alignment(entry.verdict)];
        if entry.verdict == Verdict::Aligned && !entry.warns {
            table.row(cells);
        } else {
            table.row_with_note(cells, entry.detail.clone());
        }
    }
    let table = if report.places.is_empty() { String::new() } else { format!("{}\n", table.text()) };
    format!("{table}{}\n", closing(report))
}

/// A verdict that changed: when, whose, where, what it was and what it is; and why where it is not aligned.
pub fn change(changed: &Changed<'_>) -> String {
    let time = jiff::Timestamp::now().strftime("%Y-%m-%dT%H:%M:%SZ");
    format!("{time}  {}\n", change_without_time(changed))
}

fn change_without_time(changed: &Changed<'_>) -> String {
    let word = |verdict: Option<Verdict>| verdict.map_or_else(mark::nothing, |verdict| verdict.to_string());
    let entry = changed.entry;
    let why = match changed.now {
        None | Some(Verdict::Aligned) => String::new(),
        Some(_) => format!(": {}", entry.detail),
    };
    let (before, now) = (word(changed.before), word(changed.now));
    plain(format!("{}  {} ({})  {before} -> {now}{why}", entry.component, entry.place, entry.level))
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
            warns: false,
        };
        let properties = "b2bi/Integrator/conf/passport-access.properties";
        let xml = "b2bi/Interchange/conf/passport-access.xml";
        let open = "proved to the authority; it is open to others (mode 0644): chmod 0600";
        let mut places = vec![
            entry("integrator", properties, Level::File, Verdict::Aligned, open),
            entry("integrator", "process", Level::Running, Verdict::CannotTell, "not running: countersign start"),
            entry("interchange", xml, Level::File, Verdict::Differs, "the authority does not accept this secret"),
            entry("interchange", "process", Level::Running, Verdict::Aligned, "proved to the authority"),
        ];
        places[0].warns = true;
        Report { aligned: false, checked: 3, expected: 4, places }
    }

    #[test]
    fn every_place_has_its_row_and_doubts_have_their_reason() {
        let expected = "\
component    place                                         level    verdict
integrator   b2bi/Integrator/conf/                         file     ✓ aligned
             passport-access.properties
    proved to the authority; it is open to others (mode 0644): chmod 0600
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
    fn a_change_tells_whose_it_is_and_what_it_was() {
        let earlier = report();
        let mut now = report();
        now.places[0].verdict = Verdict::Differs;
        now.places[0].detail = "the authority does not accept this secret".into();
        now.places[1].verdict = Verdict::Aligned;
        now.places.pop();
        let changes: Vec<String> = now.changes(&earlier).iter().map(change_without_time).collect();
        let properties = "b2bi/Integrator/conf/passport-access.properties";
        let differs = "aligned -> differs: the authority does not accept this secret";
        let expected = [
            format!("integrator  {properties} (file)  {differs}"),
            "integrator  process (running)  can't tell -> aligned".to_owned(),
            "interchange  process (running)  aligned -> –".to_owned(),
        ];
        assert_eq!(changes, expected);
    }

    #[test]
    fn nothing_to_check_is_said_in_one_line() {
        let report = Report { aligned: true, checked: 0, expected: 0, places: Vec::new() };
        assert_eq!(text(&report), "checked 0 of 0 places\n");
    }
}
