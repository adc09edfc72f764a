//! `check` looks and does nothing else; with `--watch` it tells what changes; every run of it is in the history.

use std::collections::BTreeMap;
use std::io::{BufRead, BufReader, Lines};
use std::os::unix::fs::{MetadataExt, PermissionsExt};
use std::path::Path;
use std::process::{Child, ChildStdout, Stdio};

use rustix::process::{Pid, Signal, kill_process};
use serde_json::{Value, json};
use sha2::{Digest, Sha256};

use crate::estate::TestEstate;

const PROPERTIES: &str = "b2bi/Integrator/conf/passport-access.properties";

/// What a check may write to: each server's own log of what it was asked, and the authority's audit in its database.
const RECORDS: [&str; 7] = [
    "passport/logs/passport.log",
    "passport/data/passport.db",
    "passport/data/passport.db-wal",
    "passport/data/passport.db-shm",
    // SQLite's shared memory: who reads is noted there.
    "b2bi/data/b2bi.db-shm",
    "b2bi/logs/TE.log",
    "b2bi/logs/IE.log",
];

/// Everything else in the products: content, owner, mode and time of change.
fn products(estate: &TestEstate) -> BTreeMap<String, String> {
    let mut found = BTreeMap::new();
    for home in ["passport", "b2bi"] {
        look(&estate.path(""), &estate.path(home), &mut found);
    }
    assert!(found.contains_key(PROPERTIES) && found.contains_key("b2bi/run/integrator.pid"), "{found:#?}");
    found.retain(|path, _| !RECORDS.contains(&path.as_str()));
    found
}

fn look(root: &Path, path: &Path, found: &mut BTreeMap<String, String>) {
    let meta = path.symlink_metadata().expect("there");
    let content = if meta.is_file() { Sha256::digest(std::fs::read(path).expect("read")).to_vec() } else { Vec::new() };
    let name = path.strip_prefix(root).expect("below").display().to_string();
    let (mode, uid, gid, time) = (meta.mode(), meta.uid(), meta.gid(), (meta.mtime(), meta.mtime_nsec()));
    found.insert(name, format!("{mode:o} {uid} {gid} {time:?} {content:x?}"));
    if meta.is_dir() {
        std::fs::read_dir(path).expect("listed").for_each(|entry| look(root, &entry.expect("an entry").path(), found));
    }
}

/// `check --watch`, and what it says.
struct Watching {
    child: Child,
    lines: Lines<BufReader<ChildStdout>>,
}

impl Watching {
    fn begin(estate: &TestEstate, more: &[&str]) -> Self {
        let mut command = estate.command();
        command.args(["check", "--watch"]).args(more).stdout(Stdio::piped()).stderr(Stdio::null());
        let mut child = command.spawn().expect("started");
        let lines = BufReader::new(child.stdout.take().expect("its output")).lines();
        Self { child, lines }
    }

    fn line(&mut self) -> String {
        self.lines.next().expect("a line").expect("read")
    }

    /// The next report in which this place has this verdict.
    fn until(&mut self, component: &str, level: &str, verdict: &str) -> Value {
        loop {
            let report: Value = serde_json::from_str(&self.line()).expect("one report a line");
            let places = report["places"].as_array().expect("a list").clone();
            let place = places.iter().find(|one| one["component"] == component && one["level"] == level);
            if place.expect("listed")["verdict"] == verdict {
                return report;
            }
        }
    }

    fn end(mut self, signal: Signal) -> Option<i32> {
        let pid = i32::try_from(self.child.id()).ok().and_then(Pid::from_raw).expect("a process id");
        kill_process(pid, signal).expect("told");
        self.child.wait().expect("ended").code()
    }
}

#[test]
fn check_changes_nothing_in_any_product_and_restarts_nothing() {
    let estate = TestEstate::installed();
    let (before, pids) = (products(&estate), estate.pids());
    for verb in [&["check"][..], &["check", "--level", "file"], &["check", "--level", "running"], &["status"]] {
        assert_eq!(estate.run(verb).code, 0, "{verb:?}");
    }
    let mut watching = Watching::begin(&estate, &["--json"]);
    watching.line();
    assert_eq!(watching.end(Signal::TERM), Some(0));
    assert_eq!(products(&estate), before);
    assert_eq!(estate.pids(), pids);
}

#[test]
fn watching_tells_each_change_and_ends_with_the_last_verdict() {
    let estate = TestEstate::installed();
    let place = estate.path(PROPERTIES);
    let right = std::fs::read_to_string(&place).expect("the place");
    let mut watching = Watching::begin(&estate, &["--json"]);
    watching.until("integrator", "file", "aligned");
    std::fs::write(&place, right.replace("passport.shared.secret=", "passport.shared.secret=x")).expect("written");
    watching.until("integrator", "file", "differs");
    std::fs::write(&place, &right).expect("put back");
    watching.until("integrator", "file", "aligned");
    assert_eq!(estate.run(&["b2bi", "stop", "--engine", "interchange"]).code, 0);
    watching.until("interchange", "running", "can't tell");
    assert_eq!(watching.end(Signal::INT), Some(5));

    let mut watching = Watching::begin(&estate, &[]);
    let report = std::iter::repeat_with(|| watching.line()).find(|line| line.starts_with("checked "));
    assert_eq!(report.as_deref(), Some("checked 3 of 4 places: 3 aligned, 1 can't tell"));
    assert_eq!(estate.run(&["start"]).code, 0);
    let told = watching.line();
    assert!(told.ends_with("Z  interchange  process (running)  can't tell -> aligned"), "{told}");
    assert_eq!(watching.end(Signal::TERM), Some(0));
}

#[test]
fn every_run_is_one_line_of_the_history() {
    let estate = TestEstate::installed();
    assert_eq!(estate.run(&["check", "--level", "file"]).code, 0);
    assert_eq!(estate.run(&["b2bi", "stop", "--engine", "interchange"]).code, 0);
    assert_eq!(estate.run(&["check"]).code, 5);
    assert_eq!(estate.run(&["start"]).code, 0);
    assert_eq!(estate.run(&["verify"]).code, 0);
    assert_eq!(estate.run(&["register", "integrator"]).code, 0);
    let (code, history) = estate.json(&["history"]);
    let lines: Vec<String> = history
        .as_array()
        .expect("a list")
        .iter()
        .map(|one| format!("{} {} {} {}", one["verb"], one["result"], one["level"], one["checked"]).replace('"', ""))
        .collect();
    let probes = &history[4]["checked"];
    assert_eq!(
        lines,
        [
            "install done null null".to_owned(),
            "check aligned file 2".to_owned(),
            "check can't tell null 3".to_owned(),
            "start done null null".to_owned(),
            format!("verify ok null {probes}"),
            "register Registered null null".to_owned(),
        ]
    );
    assert_eq!((code, probes), (0, &history[4]["expected"]));
    assert_eq!((&history[2]["expected"], &history[5]["component"]), (&json!(4), &json!("integrator")));
    let text = estate.run(&["history"]).stdout;
    assert!(text.contains("  check      can't tell     3 of 4\n"), "{text}");
}

#[test]
fn a_history_that_cannot_be_written_is_told_and_makes_no_check_fail() {
    let estate = TestEstate::installed();
    let history = estate.path("history.jsonl");
    std::fs::remove_file(&history).expect("removed");
    std::fs::create_dir(&history).expect("in its place");
    let check = estate.run(&["check"]);
    assert_eq!(check.code, 0, "{check:#?}");
    assert!(check.stderr.contains("this run is not in history.jsonl"), "{}", check.stderr);
}

#[test]
fn a_place_that_others_may_read_is_aligned_and_told() {
    let estate = TestEstate::installed();
    std::fs::set_permissions(estate.path(PROPERTIES), PermissionsExt::from_mode(0o644)).expect("opened");
    let (code, check) = estate.json(&["check", "--level", "file"]);
    let detail = "proved to the authority; it is open to others (mode 0644): chmod 0600";
    assert_eq!(
        (code, &check["places"][0]["verdict"], &check["places"][0]["detail"]),
        (0, &json!("aligned"), &json!(detail))
    );
    let text = estate.run(&["check", "--level", "file"]).stdout;
    assert!(text.contains(detail), "{text}");
}
