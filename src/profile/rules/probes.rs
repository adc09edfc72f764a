//! Probes have what their kind needs and nothing that it does not use.

use super::Spot;
use crate::profile::words::{COMMAND, LOG};
use crate::tree::Collector;

pub(super) fn check(root: &Spot<'_>, problems: &mut Collector) {
    for probe in root.list("probe") {
        let Some(kind) = probe.text_of("kind") else { continue };
        let (needs, takes): (&[&str], &[&str]) = match kind {
            COMMAND => (&["command"], &["command", "aligned", "differs"]),
            LOG => (&["log", "aligned"], &["log", "aligned", "differs", "encoding"]),
            _ => (&[], &[]),
        };
        for key in needs.iter().filter(|key| !probe.has(key)) {
            probe.note_below(problems, key, format!("is missing: a probe of kind {kind} needs it"));
        }
        for key in ["command", "log", "aligned", "differs", "encoding"] {
            if let Some(spot) = probe.get(key).filter(|_| probe.has(key) && !takes.contains(&key)) {
                spot.note(problems, "is not used by a probe of this kind; take it out");
            }
        }
    }
}
