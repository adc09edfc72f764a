//! The shared secrets, by their ids: how each stands, until when, and who proved it last.

use ratatui::style::Style;

use super::{Fact, Row, STAYS, Seen, View, heading, length};
use crate::registration::admin::SecretState;
use crate::ui::tui::console::data::Secret;

pub static VIEW: View = View {
    title: "Secrets",
    headings: &[
        heading("SECRET", STAYS, 0),
        heading("STATE", STAYS, 0),
        heading("PROVED", STAYS, 0),
        heading("UNTIL", 4, 0),
        heading("SET", 3, 0),
        heading("CHANGE", 2, 10),
    ],
    rows: |seen| Some(seen.data.secrets.as_ref()?.iter().map(|secret| row(seen, secret)).collect()),
    facts,
    pane: 7,
    summary,
    attention: |data| u64::try_from(data.waiting.len()).unwrap_or(u64::MAX),
    empty: "No shared secret is set yet.",
    grows_at_the_end: false,
};

fn row(seen: &Seen<'_>, secret: &Secret) -> Row {
    let (mark, word, style) = state(seen, secret.state);
    let mut state = seen.cell(format!("{mark} {word}"));
    state.style = style;
    Row {
        key: secret.id.clone(),
        cells: vec![
            seen.cell(&secret.id),
            state,
            seen.cell(format!("[{}/{}]", secret.proved, secret.components)),
            seen.cell(until(seen, secret).unwrap_or_default()),
            seen.dim(ago(seen, secret)),
            seen.dim(secret.change.as_deref().unwrap_or_default()),
        ],
    }
}

fn state(seen: &Seen<'_>, state: SecretState) -> (&'static str, &'static str, Style) {
    let (look, marks) = (seen.look, seen.look.marks);
    match state {
        SecretState::Current => (marks.done, "current", look.success),
        SecretState::Next => (marks.here, "next", look.accent),
        SecretState::Retiring => (marks.attention, "retiring", look.accent),
        SecretState::Held => (marks.attention, "held", look.accent),
        SecretState::Retired => (marks.skipped, "retired", look.dim),
    }
}

/// When its window ends, and how long that is from now.
fn until(seen: &Seen<'_>, secret: &Secret) -> Option<String> {
    let until = secret.until?;
    let left = until.duration_since(seen.now).as_secs();
    Some(if left > 0 { format!("in {}", length(left)) } else { format!("{} ago", length(-left)) })
}

fn ago(seen: &Seen<'_>, secret: &Secret) -> String {
    match seen.age(secret.made).as_str() {
        "now" => "now".to_owned(),
        age => format!("{age} ago"),
    }
}

fn facts(seen: &Seen<'_>, key: &str) -> Vec<Fact> {
    let Some(secret) = seen.data.secrets.iter().flatten().find(|secret| secret.id == key) else { return Vec::new() };
    let (mark, word, style) = state(seen, secret.state);
    let mut facts = vec![
        seen.fact("secret", &secret.id),
        Fact { name: "state", text: format!("{mark} {word}: {}", means(secret.state)), style },
        seen.fact("proved last", format!("by {} of {} components", secret.proved, secret.components)),
        seen.fact("set", seen.when(secret.made)),
    ];
    let window = secret.until.zip(until(seen, secret));
    facts.extend(window.map(|(until, left)| seen.fact("window ends", format!("{} ({left})", super::shown(until)))));
    facts.extend(secret.change.as_ref().map(|change| seen.fact("change", change)));
    if secret.state == SecretState::Retiring && !seen.data.waiting.is_empty() {
        let waiting = seen.data.waiting.join(", ");
        facts.push(Fact { name: "kept for", text: waiting, style: seen.look.accent });
    }
    facts
}

fn means(state: SecretState) -> &'static str {
    match state {
        SecretState::Current => "everybody shall hold it",
        SecretState::Next => "accepted, and current as soon as it is promoted",
        SecretState::Retiring => "accepted until its window is over",
        SecretState::Held => "not accepted, kept until its change is settled or undone",
        SecretState::Retired => "not accepted, and its record is erased",
    }
}

fn summary(seen: &Seen<'_>) -> Vec<(String, Style)> {
    let (data, look) = (seen.data, seen.look);
    let current = data.current().map_or_else(|| "none is current".to_owned(), |id| format!("{id} is current"));
    let mut summary = vec![(current, look.dim)];
    if !data.waiting.is_empty() {
        summary.push((format!("{} still to prove it", data.waiting.len()), look.accent));
    }
    summary
}
