//! Kill -9 before, inside and after every step of every verb that changes an estate; then `resume` in one half of the
//! runs and `rollback` in the other. The estate is whole afterwards: all new, or all old.

use crate::bench::{Bench, Side, Way};
use crate::choice::{At, Stage, stages};
use crate::table::Table;
use crate::verbs::{ADD, BACK, CONFIGURE, CUTOVER, INSTALL, OVERLAP, REMOVE, UNINSTALL, Verb};

/// Kills a verb at points of every step, `inside` of them between its first and its last.
fn kill_everywhere(verb: Verb, inside: usize) {
    kill_part(verb, inside, |_| true);
}

/// As [`kill_everywhere`], for the parts of the run with these numbers.
fn kill_part(verb: Verb, inside: usize, wanted: fn(usize) -> bool) {
    let bench = Bench::new(verb);
    let mut table = Table::new(verb.name);
    let mut way = Way::Rollback;
    let stages = stages(&bench.rehearsal).into_iter().enumerate();
    for (_, stage) in stages.filter(|(number, _)| wanted(*number)) {
        for At { point, label } in stage.spread(inside) {
            way = if way == Way::Resume { Way::Rollback } else { Way::Resume };
            let result = killed(&bench, &point, way);
            table.add(&named(&stage, &bench.steps), &format!("killed at {point} ({label}), {way:?}"), result);
        }
    }
    println!("{table}");
    assert_eq!(table.half_changed(), [""; 0], "estates were left half changed");
}

fn killed(bench: &Bench, point: &str, way: Way) -> Result<Side, Vec<String>> {
    bench.reset();
    let logs = bench.logs();
    bench.killed_at(point);
    let side = bench.settle(way, bench.reached(&logs)?)?;
    let faults = bench.faults(side);
    if faults.is_empty() { Ok(side) } else { Err(faults) }
}

/// `step 3` with what the step says of itself.
fn named(stage: &Stage, steps: &[String]) -> String {
    let index = stage.name.strip_prefix("step ").and_then(|index| index.parse::<usize>().ok());
    match index.and_then(|index| steps.get(index)) {
        Some(text) => format!("{:>2}. {text}", index.unwrap_or_default() + 1),
        None => stage.name.clone(),
    }
}

#[test]
fn an_installation_killed_anywhere_is_finished_or_put_back() {
    kill_everywhere(INSTALL, 1);
}

#[test]
fn a_removal_killed_anywhere_is_finished_or_put_back() {
    kill_everywhere(UNINSTALL, 2);
}

#[test]
fn a_configuration_killed_in_every_first_step_of_two_is_finished_or_put_back() {
    kill_part(CONFIGURE, 1, |number| number % 2 == 0);
}

#[test]
fn a_configuration_killed_in_every_second_step_of_two_is_finished_or_put_back() {
    kill_part(CONFIGURE, 1, |number| number % 2 == 1);
}

#[test]
fn components_added_under_kills_are_whole_or_not_there() {
    kill_everywhere(ADD, 1);
}

#[test]
fn components_removed_under_kills_are_gone_or_whole() {
    kill_everywhere(REMOVE, 1);
}

#[test]
fn an_overlap_killed_anywhere_is_finished_or_put_back() {
    kill_everywhere(OVERLAP, 4);
}

#[test]
fn a_cutover_killed_anywhere_is_finished_or_put_back() {
    kill_everywhere(CUTOVER, 2);
}

#[test]
fn a_way_back_killed_anywhere_is_finished_or_put_back() {
    kill_everywhere(BACK, 1);
}
