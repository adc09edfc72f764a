//! The report of `status` for people.

use super::table::Table;
use super::wrap::wrap;
use super::{WIDTH, mark};
use crate::profile::component_name;
use crate::schedule::Rotation;
use crate::tree::enumerate;
use crate::verify::status::{Product, Status};

/// The authority's line, the rotations, one row a component, then what asks for attention.
pub fn text(status: &Status, rotation: &Rotation) -> String {
    let authority = &status.authority;
    let process = authority.process.map_or_else(|| "on another host".to_owned(), mark::process);
    let mut text = format!(
        "estate     {}\nauthority  {process}, ports {} and {}\n",
        status.estate, authority.https_port, authority.client_auth_port
    );
    text.extend(["rotation   ", &rotations(rotation), "\n"]);
    let mut table = Table::new(["component", "process", "registration", "secret"], 2);
    for component in &status.components {
        table.row([
            component.id.clone(),
            component.process.map_or_else(mark::nothing, mark::process),
            component.registration.as_ref().map_or_else(mark::nothing, mark::registration),
            component.alignment.map_or_else(mark::nothing, mark::alignment),
        ]);
    }
    if !status.components.is_empty() {
        text.push('\n');
        text.push_str(&table.text());
    }
    for line in found(status).into_iter().chain(attention(status, rotation)) {
        text.push('\n');
        text.extend(wrap(&line, WIDTH).iter().flat_map(|line| [line, "\n"]));
    }
    if let Some(change) = &status.interrupted {
        let (id, step) = (change.id.as_str(), change.step.as_str());
        text.extend(["\nan interrupted change, ", id, ", stopped at: ", step, "\n"]);
        text.push_str("countersign rollback puts everything back as it was before it\n");
    }
    text
}

fn rotations(rotation: &Rotation) -> String {
    let last = rotation.last.map_or_else(|| "not known when last".to_owned(), |last| format!("last {last}"));
    match (&rotation.every, &rotation.due) {
        (Some(every), Some(due)) => format!("{last}, every {every}, next {due}"),
        _ => format!("{last}, no schedule"),
    }
}

/// What is found of each product on this host.
fn found(status: &Status) -> Vec<String> {
    let line = |product: &Product| {
        let signs: Vec<String> = product.found.iter().map(ToString::to_string).collect();
        let signs = if signs.is_empty() { "nothing".to_owned() } else { signs.join(", ") };
        format!("found here of {}: {signs}", product.id)
    };
    status.products.iter().map(line).collect()
}

/// What is no failure and should not be overlooked.
fn attention(status: &Status, rotation: &Rotation) -> Vec<String> {
    let overdue = rotation.due.filter(|_| rotation.overdue);
    let overdue = overdue.map(|due| format!("the rotation is overdue since {due}: countersign rotate"));
    let previous = status.previous.as_ref().map(|previous| {
        let until = previous.until.as_ref().map_or(String::new(), |until| format!(" until {until}"));
        format!("the previous secret is still accepted{until}")
    });
    let waiting = (!status.waiting.is_empty()).then(|| {
        let names = enumerate(&status.waiting.iter().map(|id| component_name(id)).collect::<Vec<_>>());
        format!("the previous secret is kept until the newer one is proved by: {names} (countersign check tells more)")
    });
    overdue.into_iter().chain(previous).chain(waiting).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::alignment::Verdict;
    use crate::estate::signs::Sign;
    use crate::registration::state::State;
    use crate::schedule::Period;
    use crate::verify::status::{Authority, Component, Interrupted, Previous, Process};

    #[test]
    fn every_component_has_its_row_and_nothing_is_left_empty() {
        let component =
            |id: &str, process, registration, alignment| Component { id: id.into(), process, registration, alignment };
        let status = Status {
            estate: "/srv/estate".into(),
            authority: Authority { process: Some(Process::Running), https_port: 6453, client_auth_port: 6666 },
            components: vec![
                component("integrator", Some(Process::Running), Some(State::Registered), Some(Verdict::Aligned)),
                component(
                    "interchange",
                    Some(Process::Stopped),
                    Some(State::WaitingValidation),
                    Some(Verdict::CannotTell),
                ),
                component("b2bi", None, None, None),
            ],
            products: vec![
                Product { id: "b2bi".into(), found: vec![Sign { kind: "port", what: "4080 is listened on".into() }] },
                Product { id: "gone".into(), found: vec![] },
            ],
            previous: Some(Previous { until: "2026-11-22T09:00:00Z".parse().ok() }),
            waiting: vec!["interchange".into()],
            interrupted: Some(Interrupted { id: "20261121-1".into(), step: "start Integrator".into() }),
        };
        let rotation = Rotation {
            last: Some("2026-08-01T09:00:00Z".parse().expect("a time")),
            every: Some(Period::days(90)),
            due: Some("2026-10-30T09:00:00Z".parse().expect("a time")),
            overdue: true,
        };
        let expected = "\
estate     /srv/estate
authority  ✓ running, ports 6453 and 6666
rotation   last 2026-08-01T09:00:00Z, every 90d, next 2026-10-30T09:00:00Z

component    process    registration          secret
integrator   ✓ running  ✓ Registered          ✓ aligned
interchange  ✗ stopped  … Waiting Validation  ? can't tell
b2bi         –          –                     –

found here of b2bi: port 4080 is listened on

found here of gone: nothing

the rotation is overdue since 2026-10-30T09:00:00Z: countersign rotate

the previous secret is still accepted until 2026-11-22T09:00:00Z

the previous secret is kept until the newer one is proved by: Interchange
(countersign check tells more)

an interrupted change, 20261121-1, stopped at: start Integrator
countersign rollback puts everything back as it was before it
";
        assert_eq!(text(&status, &rotation), expected);
    }
}
