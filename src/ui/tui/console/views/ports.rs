//! Where the authority listens, and what runs there.

use super::{Row, STAYS, Seen, View, heading, length};
use crate::ui::tui::console::data::Overview;

pub static VIEW: View = View {
    title: "Ports",
    headings: &[heading("WHAT", STAYS, 0), heading("VALUE", STAYS, 10)],
    rows: |seen| {
        let overview = seen.data.overview.as_ref()?;
        let row =
            |(name, value): (&str, String)| Row { key: name.into(), cells: vec![seen.dim(name), seen.cell(value)] };
        Some(values(seen, overview).into_iter().map(row).collect())
    },
    facts: |_, _| Vec::new(),
    pane: 0,
    summary: |seen| vec![("where it listens, and what runs there".to_owned(), seen.look.dim)],
    attention: |_| 0,
    empty: "",
    grows_at_the_end: false,
};

fn values(seen: &Seen<'_>, overview: &Overview) -> Vec<(&'static str, String)> {
    let Overview { host, listen, https_port, client_auth_port, .. } = overview;
    let at = |port: &u16| format!("{listen}, port {port}");
    let up = length(seen.now.duration_since(overview.since).as_secs());
    vec![
        ("registration and proofs", format!("https://{host}:{https_port}")),
        ("  listens on", at(https_port)),
        ("with a client certificate", format!("https://{host}:{client_auth_port}")),
        ("  listens on", at(client_auth_port)),
        ("domain of its users", overview.domain.clone()),
        ("process", overview.pid.to_string()),
        ("runs since", format!("{} ({up})", super::shown(overview.since))),
        ("version", overview.version.clone()),
        ("database", format!("{}, node {}", overview.database, overview.node)),
    ]
}
