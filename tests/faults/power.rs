//! The power cut, which kill -9 does not show: what was written and not synced is gone, and so are all processes. Then
//! `resume`.
//!
//! Between two syncs the disk does not change, so of all prefixes of a run those just before a sync stand for the rest:
//! there most is lost.

use crate::bench::{Bench, Reached, Side, Way};
use crate::choice::stages;
use crate::replay::cut_power;
use crate::state::files;
use crate::table::Table;
use crate::trace::ops;
use crate::verbs::{CONFIGURE, CUTOVER, INSTALL, OVERLAP, Verb};

/// Cuts the power before every n-th sync.
fn cut_everywhere(verb: Verb, every: usize) {
    let bench = Bench::new(verb);
    let mut table = Table::new(verb.name);
    let stages = stages(&bench.rehearsal);
    let syncs = stages.iter().flat_map(|stage| {
        stage.points.iter().filter(|at| at.label.starts_with("fs sync")).map(|at| (&stage.name, &at.point))
    });
    for (stage, point) in syncs.step_by(every) {
        table.add(stage, &format!("power cut at {point}"), cut(&bench, point));
    }
    println!("{table}");
    assert_eq!(table.half_changed(), [""; 0], "estates were left half changed");
}

fn cut(bench: &Bench, point: &str) -> Result<Side, Vec<String>> {
    bench.reset();
    let (logs, before) = (bench.logs(), files(&bench.estate.path("")));
    let trace = bench.killed_at(point);
    bench.estate.kill();
    cut_power(&ops(&trace), &before);
    let reached = bench.reached(&logs)?;
    let side = bench.settle(Way::Resume, reached)?;
    if matches!(reached, Reached::Nothing | Reached::End) && bench.estate.path("estate.toml").exists() {
        // No change tells what should run.
        assert_eq!(bench.estate.run(&["start"]).code, 0);
    }
    let faults = bench.faults(side);
    if faults.is_empty() { Ok(side) } else { Err(faults) }
}

#[test]
fn an_installation_survives_a_power_cut() {
    cut_everywhere(INSTALL, 4);
}

#[test]
fn an_overlap_survives_a_power_cut_before_every_sync() {
    cut_everywhere(OVERLAP, 1);
}

#[test]
fn a_cutover_survives_a_power_cut() {
    cut_everywhere(CUTOVER, 2);
}

#[test]
fn a_configuration_survives_a_power_cut() {
    cut_everywhere(CONFIGURE, 4);
}
