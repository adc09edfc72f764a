//! The certificate requests, the newest first; those that wait for somebody are marked.

use ratatui::style::Style;

use super::{Fact, Row, STAYS, Seen, View, count, heading};
use crate::registration::state::State;
use crate::ui::tui::console::data::Request;

pub static VIEW: View = View {
    title: "Requests",
    headings: &[
        heading("STATE", STAYS, 0),
        heading("COMPONENT", STAYS, 24),
        heading("SUBJECT", 2, 12),
        heading("ID", 3, 0),
        heading("AGE", 4, 0),
    ],
    rows: |seen| Some(seen.data.requests.as_ref()?.iter().map(|request| row(seen, request)).collect()),
    facts,
    pane: 6,
    summary,
    attention: |data| data.overview.as_ref().map_or(0, |overview| overview.waiting),
    empty: "No component has asked for a certificate yet.",
    grows_at_the_end: false,
};

fn row(seen: &Seen<'_>, request: &Request) -> Row {
    let (mark, style) = mark(seen, &request.status);
    let mut state = seen.cell(format!("{mark} {}", request.status));
    state.style = style;
    Row {
        key: request.id.clone(),
        cells: vec![
            state,
            seen.cell(format!("{}/{}", request.component, request.instance)),
            seen.dim(&request.subject),
            seen.dim(&request.id),
            seen.dim(seen.age(request.received)),
        ],
    }
}

fn mark(seen: &Seen<'_>, status: &State) -> (&'static str, Style) {
    let (look, marks) = (seen.look, seen.look.marks);
    match status {
        State::Registered => (marks.done, look.success),
        State::ValidationRefused | State::Failed => (marks.failed, look.danger),
        status if status.is_pending() => (marks.attention, look.accent),
        _ => (marks.skipped, look.dim),
    }
}

fn facts(seen: &Seen<'_>, key: &str) -> Vec<Fact> {
    let Some(request) = seen.data.request(key) else { return Vec::new() };
    let (mark, style) = mark(seen, &request.status);
    let state = Fact { name: "state", text: format!("{mark} {}", request.status), style };
    let mut facts = vec![
        seen.fact("request", &request.id),
        state,
        seen.fact("component", format!("{}/{}", request.component, request.instance)),
        seen.fact("subject", &request.subject),
        seen.fact("received", seen.when(request.received)),
    ];
    facts.extend(request.reason.as_ref().map(|reason| seen.fact("reason", reason)));
    facts
}

fn summary(seen: &Seen<'_>) -> Vec<(String, Style)> {
    match (VIEW.attention)(seen.data) {
        0 => vec![("none waits for you".to_owned(), seen.look.dim)],
        waiting => {
            let text = format!("{} {}", seen.look.marks.attention, count(waiting, "waits for you", "wait for you"));
            vec![(text, seen.look.accent)]
        }
    }
}
