//! The certificates: the authority's own, then those it issued, with the days that are left.

use ratatui::style::Style;

use super::{Fact, Row, STAYS, Seen, View, count, heading, length};
use crate::ui::tui::console::data::Certificate;

pub static VIEW: View = View {
    title: "Certificates",
    headings: &[
        heading("OF", STAYS, 25),
        heading("LEFT", STAYS, 0),
        heading("SUBJECT", 2, 12),
        heading("SERIAL", 3, 10),
        heading("VALID UNTIL", 4, 0),
    ],
    rows: |seen| Some(seen.data.certificates.as_ref()?.iter().map(|certificate| row(seen, certificate)).collect()),
    facts,
    pane: 8,
    summary,
    attention: |data| data.overview.as_ref().map_or(0, |overview| overview.due),
    empty: "There is no certificate yet.",
    grows_at_the_end: false,
};

fn row(seen: &Seen<'_>, certificate: &Certificate) -> Row {
    let (mark, text, style) = left(seen, certificate);
    let mut left = seen.cell(format!("{mark} {text}"));
    left.style = style;
    Row {
        key: certificate.serial.clone(),
        cells: vec![
            seen.cell(certificate.owner()),
            left,
            seen.dim(&certificate.subject),
            seen.dim(&certificate.serial),
            seen.dim(certificate.not_after.strftime("%Y-%m-%d").to_string()),
        ],
    }
}

/// How it stands: the time that is left, or why none is.
fn left(seen: &Seen<'_>, certificate: &Certificate) -> (&'static str, String, Style) {
    let (look, marks) = (seen.look, seen.look.marks);
    let left = certificate.left(seen.now).as_secs();
    match certificate.state.as_str() {
        "valid" if left <= 0 => (marks.failed, "expired".to_owned(), look.danger),
        "valid" if certificate.is_due(seen.now) => (marks.attention, length(left), look.accent),
        "valid" => (marks.done, length(left), look.success),
        "superseded" => (marks.skipped, "superseded".to_owned(), look.dim),
        "not yet valid" => (marks.todo, "not yet valid".to_owned(), look.accent),
        over => (marks.failed, over.to_owned(), look.danger),
    }
}

fn facts(seen: &Seen<'_>, key: &str) -> Vec<Fact> {
    let all = seen.data.certificates.iter().flatten();
    let Some(certificate) = all.into_iter().find(|certificate| certificate.serial == key) else { return Vec::new() };
    let (mark, text, style) = left(seen, certificate);
    let text = match text.as_str() {
        over if over == certificate.state || over == "expired" => format!("{mark} {over}"),
        left if certificate.is_due(seen.now) => format!("{mark} valid, {left} left: to be renewed"),
        left => format!("{mark} valid, {left} left"),
    };
    let mut facts = vec![
        seen.fact("of", certificate.owner()),
        Fact { name: "state", text, style },
        seen.fact("subject", &certificate.subject),
        seen.fact("serial", &certificate.serial),
        seen.fact("valid from", super::shown(certificate.not_before)),
        seen.fact("valid until", super::shown(certificate.not_after)),
    ];
    facts.extend(certificate.reason.as_ref().map(|reason| seen.fact("reason", reason)));
    facts.extend(certificate.replaces.as_ref().map(|serial| seen.fact("renewed", serial)));
    facts
}

fn summary(seen: &Seen<'_>) -> Vec<(String, Style)> {
    match (VIEW.attention)(seen.data) {
        0 => vec![("none is to be renewed".to_owned(), seen.look.dim)],
        due => {
            let text = count(due, "is to be renewed", "are to be renewed");
            vec![(format!("{} {text}", seen.look.marks.attention), seen.look.accent)]
        }
    }
}
