//! What a rotation with overlap costs: step by step, outside the products' own reloads, in flushes to disk, and in refused
//! proofs. Prints figures and judges nothing.
//!
//! `cargo bench --bench rotate` installs into a temporary folder on free ports, rotates, and removes it again. The
//! flushes are counted where `strace` is installed.

#![expect(clippy::expect_used, reason = "a bench that cannot run says why and stops")]

#[path = "../tests/journeys/clients.rs"]
#[expect(dead_code, reason = "the journeys use more of it")]
mod clients;
#[path = "../tests/journeys/estate.rs"]
#[expect(dead_code, reason = "the journeys use more of it")]
mod estate;
#[path = "common/figures.rs"]
mod figures;

/// The program that the shared code drives.
fn program() -> &'static std::path::Path {
    std::path::Path::new(env!("CARGO_BIN_EXE_countersign"))
}

use std::collections::BTreeMap;
use std::io::{BufRead, BufReader};
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use estate::TestEstate;
use figures::{median, milliseconds};

const RUNS: usize = 9;
/// What may be spent outside the products' own reloads.
const GOAL: f64 = 0.15;
const ROTATE: [&str; 2] = ["rotate", "--yes"];

fn main() {
    let estate = TestEstate::installed();
    let mut rotations: Vec<Rotation> = (0..RUNS).map(|_| rotate(&estate)).collect();
    rotations.sort_by_key(|rotation| rotation.total);
    println!("{:>9}  step (median of {RUNS} runs)", "ms");
    let mut steps: BTreeMap<usize, (&str, Vec<Duration>)> = BTreeMap::new();
    for step in rotations.iter().flat_map(|rotation| &rotation.steps) {
        steps.entry(step.number).or_insert_with(|| (&step.name, Vec::new())).1.push(step.time);
    }
    for (name, times) in steps.into_values() {
        println!("{:>9.1}  {name}", milliseconds(median(&times)));
    }
    let middle = &rotations[RUNS / 2];
    println!("{:>9.1}  from command to end", milliseconds(middle.total));
    println!("{:>9.1}  of it while the engines reload", milliseconds(middle.reloading));
    println!("{:>9.2}  share outside of that (goal: {GOAL})", share_outside(middle.total, middle.reloading));
    let asked = middle.reloading + middle.asked;
    println!("{:>9.1}  of it while the engines reload, are checked and verified", milliseconds(asked));
    println!("{:>9.2}  share outside of that", share_outside(middle.total, asked));
    flushes(&estate);
    let seen = clients::under_proofs(&estate, |_| drop(rotate(&estate)));
    println!("{:>9}  proofs accepted meanwhile, from {} clients", seen.proofs, clients::CLIENTS);
    println!("{:>9}  logins meanwhile", seen.logins);
    println!("{:>9}  proofs refused (goal: 0)", seen.refused.len() + seen.failed.len());
    assert_eq!(estate.run(&["uninstall", "--yes"]).code, 0, "uninstall failed");
}

/// One rotation.
struct Rotation {
    total: Duration,
    /// While at least one engine read its place and proved what it found.
    reloading: Duration,
    /// While every place, process and probe was asked.
    asked: Duration,
    steps: Vec<Step>,
}

/// One step, from the end of the one before to its own.
struct Step {
    number: usize,
    name: String,
    time: Duration,
}

/// Rotates once; a progress line on standard error ends each step.
fn rotate(estate: &TestEstate) -> Rotation {
    let begin = Instant::now();
    let mut child = estate
        .command()
        .args(ROTATE)
        .stdout(Stdio::null())
        .stderr(Stdio::piped())
        .spawn()
        .expect("the rotation starts");
    let mut last = begin;
    let mut steps = Vec::new();
    for line in BufReader::new(child.stderr.take().expect("its output")).lines().map_while(Result::ok) {
        if let Some((number, name)) = step_done(&line) {
            let now = Instant::now();
            steps.push(Step { number, name, time: now - last });
            last = now;
        }
    }
    assert!(child.wait().expect("it ends").success(), "the rotation failed");
    let total = begin.elapsed();
    let looks = |step: &&Step| step.name == "Check every place" || step.name == "Verify the estate";
    let asked = steps.iter().filter(looks).map(|step| step.time).sum();
    Rotation { total, reloading: reloading(estate), asked, steps }
}

/// `[ 3/6] Move … (2 ms)` names step 3.
fn step_done(line: &str) -> Option<(usize, String)> {
    let (number, rest) = line.strip_prefix('[')?.split_once('/')?;
    let (_, text) = rest.split_once("] ")?;
    // The program's own figure lacks the two journal lines around the step.
    let name = text.rsplit_once(" (").map_or(text, |(name, _)| name);
    Some((number.trim().parse().ok()?, name.to_owned()))
}

/// How long the engines' last reloads took together, by their logs: they run side by side.
fn reloading(estate: &TestEstate) -> Duration {
    let logs =
        ["IE.log", "TE.log"].map(|log| std::fs::read_to_string(estate.path("b2bi/logs").join(log)).expect("a log"));
    let times = |text: &str| -> Vec<jiff::civil::DateTime> {
        let last = |log: &String| log.lines().rfind(|line| line.contains(text)).map(time).expect("a reload");
        logs.iter().map(last).collect()
    };
    let (from, to) = (times("the shared secret was read from"), times("accepted the shared secret"));
    let (from, to) = (from.into_iter().min().expect("one"), to.into_iter().max().expect("one"));
    to.duration_since(from).try_into().expect("it ended after it began")
}

fn time(line: &str) -> jiff::civil::DateTime {
    line[..23].replace(',', ".").replacen(' ', "T", 1).parse().expect("a time")
}

/// How often a rotation and its commands flush to disk.
fn flushes(estate: &TestEstate) {
    let report = estate.folder().join("flushes");
    let traced = Command::new("strace")
        .args(["-f", "-qq", "-e", "trace=fsync,fdatasync", "-o"])
        .arg(&report)
        .arg(env!("CARGO_BIN_EXE_countersign"))
        .arg("--estate")
        .arg(estate.path(""))
        .args(ROTATE)
        .stdin(Stdio::null())
        .output();
    let Ok(traced) = traced else { return println!("{:>9}  flushes: strace is not installed", "-") };
    assert!(traced.status.success(), "the traced rotation failed");
    let steps = String::from_utf8_lossy(&traced.stderr).lines().filter_map(step_done).count();
    let calls = std::fs::read_to_string(report).expect("its report");
    // One that was interrupted by another process's line is told a second time, as resumed.
    let count = calls.lines().filter(|line| line.contains("sync(")).count();
    println!("{count:>9}  flushes, in {steps} steps, the journal's beginning and what follows the commit");
}

fn share_outside(total: Duration, inside: Duration) -> f64 {
    1.0 - inside.as_secs_f64() / total.as_secs_f64()
}
