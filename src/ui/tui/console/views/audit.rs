//! The audit's newest rows, the newest at the bottom.

use ratatui::style::Style;

use super::{Fact, STAYS, Seen, View, heading};
use crate::registration::state::State;
use crate::ui::tui::console::data::{Numbered, Row};

pub static VIEW: View = View {
    title: "Audit",
    headings: &[
        heading("TIME (UTC)", STAYS, 0),
        heading("WHO", 3, 6),
        heading("ACT", STAYS, 12),
        heading("RESULT", STAYS, 10),
        heading("ABOUT", 4, 12),
    ],
    rows: |seen| Some(seen.data.audit.as_ref()?.iter().map(|numbered| row(seen, numbered)).collect()),
    facts,
    pane: 7,
    summary: |seen| {
        let all = seen.data.overview.as_ref().map_or(0, |overview| overview.newest);
        let kept = seen.data.audit.as_ref().map_or(0, Vec::len);
        let older = i64::try_from(kept).is_ok_and(|kept| kept < all);
        let text = if older { "the newest; `countersign passport audit list` has all" } else { "all there is" };
        vec![(text.to_owned(), seen.look.dim)]
    },
    attention: |_| 0,
    empty: "Nothing was decided yet.",
    grows_at_the_end: true,
};

fn row(seen: &Seen<'_>, numbered: &Numbered) -> super::Row {
    let row = &numbered.row;
    let is_today = row.time.as_second() / 86_400 == seen.now.as_second() / 86_400;
    let time = row.time.strftime(if is_today { "%H:%M:%S" } else { "%m-%d %H:%M" }).to_string();
    let (mark, style) = mark(seen, &row.result);
    let mut result = seen.cell(format!("{mark} {}", row.result));
    result.style = style;
    super::Row {
        key: numbered.id.to_string(),
        cells: vec![seen.dim(time), seen.dim(&row.who), seen.cell(&row.act), result, seen.cell(about(row))],
    }
}

fn mark(seen: &Seen<'_>, result: &str) -> (&'static str, Style) {
    let (look, marks) = (seen.look, seen.look.marks);
    match (result, State::from(result.to_owned())) {
        ("ok", _) | (_, State::Registered) => (marks.done, look.success),
        ("refused" | "failed", _) | (_, State::ValidationRefused | State::Failed) => (marks.failed, look.danger),
        _ => (marks.attention, look.accent),
    }
}

/// What a row is about, the most telling first.
fn about(row: &Row) -> String {
    let component = row.component.as_deref().map(short);
    let others = [&row.reason, &row.secret_id, &row.change, &row.serial].map(Clone::clone);
    let parts = [component].into_iter().chain(others).flatten().filter(|part| !part.is_empty());
    parts.collect::<Vec<_>>().join("  ")
}

/// A component by name and instance alone; the details have all four values.
fn short(component: &str) -> String {
    match component.split('/').collect::<Vec<_>>()[..] {
        [name, _, _, instance] => format!("{name}/{instance}"),
        _ => component.to_owned(),
    }
}

fn facts(seen: &Seen<'_>, key: &str) -> Vec<Fact> {
    let all = seen.data.audit.iter().flatten();
    let Some(numbered) = all.into_iter().find(|numbered| numbered.id.to_string() == key) else { return Vec::new() };
    let row = &numbered.row;
    let (mark, style) = mark(seen, &row.result);
    let who = match &row.source {
        Some(source) => format!("{} from {source}", row.who),
        None => row.who.clone(),
    };
    let number = row.number.map(|number| format!("{number} of node {}", row.node));
    let mut facts = vec![
        seen.fact("time", super::shown(row.time)),
        seen.fact("who", who),
        seen.fact("act", &row.act),
        Fact { name: "result", text: format!("{mark} {}", row.result), style },
    ];
    let parts = [
        ("reason", &row.reason),
        ("component", &row.component),
        ("secret", &row.secret_id),
        ("change", &row.change),
        ("serial", &row.serial),
        ("request", &row.request),
        ("row", &number),
    ];
    let told = parts.into_iter().filter_map(|(name, value)| Some((name, value.as_ref()?)));
    facts.extend(told.filter(|(_, value)| !value.is_empty()).map(|(name, value)| seen.fact(name, value)));
    facts
}
