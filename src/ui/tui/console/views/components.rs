//! The components and their instances, and which secret each proved last.

use ratatui::style::Style;

use super::{Cell, Fact, Row, STAYS, Seen, View, heading};
use crate::ui::tui::console::data::Component;

pub static VIEW: View = View {
    title: "Components",
    headings: &[
        heading("COMPONENT", STAYS, 24),
        heading("PROVED LAST", STAYS, 25),
        heading("VERSION", 2, 7),
        heading("GROUP", 1, 5),
        heading("AGE", 4, 0),
    ],
    rows: |seen| Some(seen.data.components.as_ref()?.iter().map(|component| row(seen, component)).collect()),
    facts,
    pane: 6,
    summary,
    attention: |data| data.overview.as_ref().map_or(0, |overview| overview.proofs.1.saturating_sub(overview.proofs.0)),
    empty: "No component is known yet: import a CSD with `countersign passport component import FILE`.",
    grows_at_the_end: false,
};

fn key(component: &Component) -> String {
    component.identity.parts().map(|(_, value)| value).join("/")
}

fn name(component: &Component) -> String {
    format!("{}/{}", component.identity.name, component.identity.instance)
}

fn row(seen: &Seen<'_>, component: &Component) -> Row {
    let age = component.proved.as_ref().map_or_else(String::new, |proved| seen.age(proved.time));
    Row {
        key: key(component),
        cells: vec![
            seen.cell(name(component)),
            proved(seen, component),
            seen.dim(&component.identity.version),
            seen.dim(&component.identity.group),
            seen.dim(age),
        ],
    }
}

fn proved(seen: &Seen<'_>, component: &Component) -> Cell {
    let (look, marks) = (seen.look, seen.look.marks);
    let (mark, text, style): (_, _, Style) = match &component.proved {
        None => (marks.skipped, "nothing yet".to_owned(), look.accent),
        Some(proved) if Some(proved.secret_id.as_str()) == seen.data.current() => {
            (marks.done, proved.secret_id.clone(), look.success)
        }
        Some(proved) => (marks.attention, format!("{}, not current", proved.secret_id), look.accent),
    };
    Cell { text: format!("{mark} {text}"), style }
}

fn facts(seen: &Seen<'_>, wanted: &str) -> Vec<Fact> {
    let all = seen.data.components.iter().flatten();
    let Some(component) = all.into_iter().find(|component| key(component) == wanted) else { return Vec::new() };
    let Cell { text, style } = proved(seen, component);
    let mut facts = vec![
        seen.fact("component", name(component)),
        seen.fact("version", &component.identity.version),
        seen.fact("group", &component.identity.group),
        seen.fact("listens", if component.listens { "yes: its certificate is good for a server too" } else { "no" }),
        Fact { name: "proved last", text, style },
    ];
    facts.extend(component.proved.as_ref().map(|proved| seen.fact("at", seen.when(proved.time))));
    facts
}

fn summary(seen: &Seen<'_>) -> Vec<(String, Style)> {
    let Some(overview) = &seen.data.overview else { return Vec::new() };
    let (proved, all) = overview.proofs;
    let style = if proved == all { seen.look.success } else { seen.look.accent };
    vec![(format!("[{proved}/{all}] proved the current secret"), style)]
}
