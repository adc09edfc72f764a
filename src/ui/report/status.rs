//! The report of `status` for people.

use super::mark;
use super::table::Table;
use crate::verify::status::Status;

/// The authority's line, one row a component, and an interrupted change if there is one.
pub fn text(status: &Status) -> String {
    let authority = &status.authority;
    let process = authority.process.map_or_else(|| "on another host".to_owned(), mark::process);
    let mut text = format!(
        "estate     {}\nauthority  {process}, ports {} and {}\n",
        status.estate, authority.https_port, authority.client_auth_port
    );
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
    if let Some(change) = &status.interrupted {
        let (id, step) = (change.id.as_str(), change.step.as_str());
        text.extend(["\nan interrupted change, ", id, ", stopped at: ", step, "\n"]);
        text.push_str("countersign rollback puts everything back as it was before it\n");
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::alignment::Verdict;
    use crate::registration::state::State;
    use crate::verify::status::{Authority, Component, Interrupted, Process};

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
            interrupted: Some(Interrupted { id: "20261121-1".into(), step: "start Integrator".into() }),
        };
        let expected = "\
estate     /srv/estate
authority  ✓ running, ports 6453 and 6666

component    process    registration          secret
integrator   ✓ running  ✓ Registered          ✓ aligned
interchange  ✗ stopped  … Waiting Validation  ? can't tell
b2bi         –          –                     –

an interrupted change, 20261121-1, stopped at: start Integrator
countersign rollback puts everything back as it was before it
";
        assert_eq!(text(&status), expected);
    }
}
