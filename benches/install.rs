//! How long one installation takes, step by step, from the command to "verified". Prints figures and judges nothing.
//!
//! `cargo bench --bench install` installs into a temporary folder on free ports, five times, and removes it again.

#![expect(clippy::expect_used, reason = "a bench that cannot run says why and stops")]

#[path = "common/figures.rs"]
mod figures;

use std::collections::BTreeMap;
use std::io::{BufRead, BufReader};
use std::net::TcpListener;
use std::path::Path;
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use figures::{median, milliseconds};

const RUNS: usize = 5;
/// What the whole should stay under on an idle machine with two cores.
const GOAL: Duration = Duration::from_millis(1500);

fn main() {
    let mut totals = Vec::new();
    let mut steps: BTreeMap<usize, (String, Vec<Duration>)> = BTreeMap::new();
    for _ in 0..RUNS {
        let dir = tempfile::tempdir().expect("a temporary folder");
        totals.push(install(dir.path(), &mut steps));
        let status = countersign(dir.path()).args(["uninstall", "--yes"]).stderr(Stdio::null()).status();
        assert!(status.expect("uninstall runs").success(), "uninstall failed");
    }
    println!("{:>9}  step (median of {RUNS} runs)", "ms");
    for (name, times) in steps.into_values() {
        println!("{:>9.1}  {name}", milliseconds(median(&times)));
    }
    let total = median(&totals);
    let share = total.as_secs_f64() / GOAL.as_secs_f64();
    println!(
        "{:>9.1}  from command to verified: {share:.2} of the goal of {} ms",
        milliseconds(total),
        GOAL.as_millis()
    );
}

/// Installs once; a progress line on standard error ends each step.
fn install(dir: &Path, steps: &mut BTreeMap<usize, (String, Vec<Duration>)>) -> Duration {
    let ports = [(); 2].map(|()| TcpListener::bind("127.0.0.1:0").expect("a free port"));
    let [https, client_auth] = ports.each_ref().map(|held| held.local_addr().expect("an address").port());
    drop(ports);
    let begin = Instant::now();
    let mut child = countersign(dir)
        .args([
            "install",
            "--yes",
            "--answers",
            concat!(env!("CARGO_MANIFEST_DIR"), "/installer-assets/answers/quickstart.toml"),
        ])
        .args(["--set", &format!("authority.https_port={https}")])
        .args(["--set", &format!("authority.client_auth_port={client_auth}")])
        .stderr(Stdio::piped())
        .spawn()
        .expect("the installation starts");
    let mut last = begin;
    for line in BufReader::new(child.stderr.take().expect("its output")).lines().map_while(Result::ok) {
        if let Some((number, name)) = step_done(&line) {
            let now = Instant::now();
            steps.entry(number).or_insert_with(|| (name, Vec::new())).1.push(now - last);
            last = now;
        }
    }
    assert!(child.wait().expect("it ends").success(), "the installation failed");
    begin.elapsed()
}

/// `[ 3/24] Write … (2 ms)` names step 3.
fn step_done(line: &str) -> Option<(usize, String)> {
    let (number, rest) = line.strip_prefix('[')?.split_once('/')?;
    let (_, text) = rest.split_once("] ")?;
    // The program's own figure lacks the two journal lines around the step.
    let name = text.rsplit_once(" (").map_or(text, |(name, _)| name);
    Some((number.trim().parse().ok()?, name.to_owned()))
}

fn countersign(dir: &Path) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_countersign"));
    command.arg("--estate").arg(dir.join("estate")).stdin(Stdio::null()).stdout(Stdio::null());
    command
}
