//! The secret is changed: with overlap, back again, by cutover, and not at all where something stands in the way.

use std::io::{BufRead, BufReader};
use std::path::Path;
use std::process::Stdio;

use countersign::alignment::accepted_as;
use countersign::estate::Estate;
use countersign::fs::watch::Watch;
use countersign::registration::admin;
use countersign::secret::Secret;
use rustix::process::{Pid, Signal, kill_process};
use serde_json::{Value, json};

use crate::clients::{PLACES, place};
use crate::estate::{Ended, TestEstate};

/// The one secret that every place holds.
pub fn held(estate: &TestEstate) -> Secret {
    let [one, other] = PLACES.map(|spot| place(estate, spot));
    assert!(one.same_as(&other), "the places hold different secrets");
    one
}

/// The id under which PassPort accepts a secret.
pub fn id_of(estate: &TestEstate, secret: &Secret) -> Option<String> {
    let dir = estate.path("");
    let known = Estate::read(&dir).expect("readable").expect("an estate");
    accepted_as(&dir, &known, secret).expect("asked")
}

/// The states of PassPort's secrets, by id.
fn state(estate: &TestEstate, id: &str) -> Value {
    let (code, listed) = estate.json(&["passport", "secret", "list"]);
    assert_eq!(code, 0, "{listed:#}");
    let secrets = listed.as_array().or_else(|| listed["secrets"].as_array()).expect("a list");
    secrets.iter().find(|secret| secret["id"] == id).map(|secret| secret["state"].clone()).expect("known")
}

pub fn rotated(estate: &TestEstate, flags: &[&str]) -> Value {
    let (code, outcome) = estate.json(&[&["rotate", "--yes"], flags].concat());
    assert_eq!((code, &outcome["result"]), (0, &json!("done")), "{outcome:#}");
    outcome
}

fn aligned(estate: &TestEstate) {
    let (code, check) = estate.json(&["check"]);
    assert_eq!((code, &check["aligned"], &check["checked"]), (0, &json!(true), &json!(4)), "{check:#}");
}

/// Refused with this text, and nothing is other than before.
fn refused(estate: &TestEstate, flags: &[&str], code: i32, text: &str) {
    let before = (held(estate), estate.pids(), journals(estate));
    let ended = estate.run(&[&["rotate", "--yes"], flags].concat());
    assert_eq!(ended.code, code, "{ended:#?}");
    assert!(ended.stderr.contains(text), "{text:?} is not in {}", ended.stderr);
    assert!(held(estate).same_as(&before.0));
    assert_eq!((estate.pids(), journals(estate)), (before.1, before.2));
}

fn journals(estate: &TestEstate) -> usize {
    std::fs::read_dir(estate.path("journal")).expect("listed").count()
}

/// Refusals that the authority put on record, but for those that `verify` provokes on purpose.
fn refusals(estate: &TestEstate) -> Vec<String> {
    let audit = estate.run(&["passport", "audit", "list", "--limit", "1000"]);
    let lines = audit.stdout.lines();
    lines.filter(|line| line.contains(": refused") && !line.contains("countersign-probe")).map(str::to_owned).collect()
}

#[test]
fn an_overlap_moves_every_place_while_nothing_stops_and_nobody_is_refused() {
    let estate = TestEstate::installed();
    let (first, pids) = (held(&estate), estate.pids());
    let first_id = id_of(&estate, &first).expect("accepted");
    let outcome = rotated(&estate, &[]);
    assert_eq!((&outcome["changed"], &outcome["restarted"]), (&json!(true), &json!([])));
    let second = held(&estate);
    assert!(!second.same_as(&first));
    assert_eq!(estate.pids(), pids);
    aligned(&estate);
    assert_eq!(id_of(&estate, &first), Some(first_id.clone()), "the window is open");
    assert_eq!((state(&estate, &first_id), refusals(&estate)), (json!("retiring"), vec![]));
    assert_eq!(estate.json(&["verify"]).1["ok"], true);

    // The second commit ends the first window.
    rotated(&estate, &[]);
    assert!(!held(&estate).same_as(&second));
    assert_eq!(id_of(&estate, &first), None);
    assert!(id_of(&estate, &second).is_some());
    assert_eq!(estate.pids(), pids);
    aligned(&estate);
}

#[test]
fn within_the_window_there_is_a_way_back_and_only_one() {
    let estate = TestEstate::installed();
    refused(&estate, &["--back"], 3, "never rotated");
    let (first, pids) = (held(&estate), estate.pids());
    let first_id = id_of(&estate, &first);
    rotated(&estate, &[]);
    let second = held(&estate);
    rotated(&estate, &["--back"]);
    assert!(held(&estate).same_as(&first));
    assert_eq!((id_of(&estate, &first), id_of(&estate, &second)), (first_id, None));
    assert_eq!(estate.pids(), pids);
    aligned(&estate);
    refused(&estate, &["--back"], 3, "went back already");
}

#[test]
fn after_the_window_there_is_no_way_back() {
    let estate = TestEstate::installed();
    let first = held(&estate);
    rotated(&estate, &["--window", "1s"]);
    gone(&estate.path("passport/data/window.key"));
    refused(&estate, &["--back"], 3, "is over since");
    assert_eq!(id_of(&estate, &first), None);
    aligned(&estate);
}

/// Waits until a file is gone.
fn gone(path: &Path) {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().expect("a runtime");
    runtime.block_on(async {
        let mut watch = Watch::new(&[path.parent().expect("a folder")]).expect("watched");
        while path.exists() {
            watch.next().await.expect("told");
        }
    });
}

#[test]
fn what_is_in_the_way_is_named_before_anything_is_touched() {
    let estate = TestEstate::installed();
    let socket = estate.path("passport/run/admin.sock");
    let current = admin::current(&socket).expect("asked").expect("a secret");
    let next = Secret::new("correct horse battery staple".into());
    admin::next_secret(&socket, &next, "somebody-elses", &current).expect("accepted");
    refused(&estate, &[], 9, "somebody-elses");
    admin::drop_next(&socket, "somebody-elses").expect("dropped");
    assert_eq!(estate.run(&["b2bi", "stop", "--engine", "interchange"]).code, 0);
    refused(&estate, &[], 3, "Interchange is stopped: countersign start");
    assert_eq!(estate.run(&["stop"]).code, 0);
    refused(&estate, &["--strategy", "cutover"], 3, "PassPort is stopped: countersign start");
    assert_eq!(estate.run(&["start"]).code, 0);
    aligned(&estate);
}

#[test]
fn a_cutover_restarts_every_engine_and_leaves_no_way_back() {
    let estate = TestEstate::installed();
    let (first, pids) = (held(&estate), estate.pids());
    let first_id = id_of(&estate, &first).expect("accepted");
    let ended = estate.run(&["rotate", "--yes", "--strategy", "cutover", "--see-refused", "--json"]);
    assert_eq!(ended.code, 0, "{ended:#?}");
    for engine in ["Integrator", "Interchange"] {
        assert!(ended.stderr.contains(&format!("See {engine} refused with the old secret (")), "{}", ended.stderr);
    }
    let outcome: Value = serde_json::from_str(&ended.stdout).expect("an object");
    for engine in ["integrator", "interchange"] {
        assert!(outcome["restarted"].as_array().expect("a list").contains(&json!(engine)), "{outcome:#}");
    }
    assert_eq!(outcome["seen_refused"], json!(["integrator", "interchange"]));
    assert!(!held(&estate).same_as(&first));
    assert_eq!((id_of(&estate, &first), state(&estate, &first_id)), (None, json!("retired")));
    let now = estate.pids();
    assert!(now[0] == pids[0] && now[1] != pids[1] && now[2] != pids[2], "{pids:?} {now:?}");
    aligned(&estate);
    refused(&estate, &["--back"], 3, "was a cutover");
}

#[test]
fn the_same_secret_is_nothing_to_do_and_a_bad_one_is_refused() {
    let estate = TestEstate::installed();
    let file = |text: &str| source(&estate, text);
    let same = file(held(&estate).expose());
    let (code, outcome) = estate.json(&["rotate", "--yes", "--secret-from", &same]);
    assert_eq!((code, &outcome["result"], &outcome["changed"]), (0, &json!("nothing to do"), &json!(false)));
    refused(&estate, &["--secret-from", &file("short")], 3, "8 to 256 characters");
    everything_comes_at_once(&estate, &file("short"));
    refused(&estate, &["--secret-from", "hunter2hunter2"], 2, "--secret-from: is not a secret source");
    let ended = estate.run(&["rotate", "--secret-from", "hunter2hunter2"]);
    assert!(!ended.stderr.contains("hunter2"));
    assert_eq!(estate.run(&["rotate", "--plan"]).code, 4);
    assert_eq!(estate.run(&["rotate", "--plan", "--secret-from", &same]).code, 0);
    // A retiring secret cannot be the next one too.
    rotated(&estate, &["--secret-from", &file("correct horse battery staple")]);
    assert_eq!(held(&estate).expose(), "correct horse battery staple");
    refused(&estate, &["--secret-from", &same], 3, "countersign rotate --back");
}

/// A place behind a link out of its product's folder, and a secret that no place takes.
fn everything_comes_at_once(estate: &TestEstate, short: &str) {
    let (place, away) = (estate.path(PLACES[1].0), estate.folder().join("away.xml"));
    std::fs::rename(&place, &away).expect("moved");
    std::os::unix::fs::symlink(&away, &place).expect("linked");
    let ended = estate.run(&["rotate", "--yes", "--secret-from", short]);
    assert_eq!(ended.code, 3, "{ended:#?}");
    for text in ["leads out of the product's folder", "in integrator's place", "in interchange's place"] {
        assert!(ended.stderr.contains(text), "{text:?} is not in {}", ended.stderr);
    }
    std::fs::remove_file(&place).expect("removed");
    std::fs::rename(&away, &place).expect("put back");
}

/// A source for this secret.
pub fn source(estate: &TestEstate, secret: &str) -> String {
    let path = estate.folder().join(format!("secret-{}", secret.len()));
    countersign::fs::replace(&path, secret.as_bytes(), 0o600).expect("written");
    format!("file:{}", path.display())
}

#[test]
fn an_engine_that_dies_on_the_way_puts_everything_back() {
    let estate = TestEstate::installed();
    let (first, pids) = (held(&estate), estate.pids());
    let first_id = id_of(&estate, &first);
    let engine = pids[2].parse().ok().and_then(Pid::from_raw).expect("a process");
    let ended = meanwhile(&estate, &["rotate", "--yes", "--json"], "accept the next secret", || {
        kill_process(engine, Signal::KILL).expect("killed");
    });
    assert_eq!(ended.code, 1, "{ended:#?}");
    let outcome: Value = serde_json::from_str(&ended.stdout).expect("an object");
    assert_eq!((&outcome["result"], &outcome["changed"]), (&json!("put back"), &json!(false)), "{outcome:#}");
    assert!(held(&estate).same_as(&first));
    assert_eq!(id_of(&estate, &first), first_id);
    let now = estate.pids();
    assert!(now[..2] == pids[..2] && now[2] != pids[2], "{pids:?} {now:?}");
    aligned(&estate);
    assert_eq!(estate.json(&["verify"]).1["ok"], true);
    rotated(&estate, &[]);
}

/// Runs a verb, and does something as soon as its progress says this.
fn meanwhile(estate: &TestEstate, arguments: &[&str], said: &str, act: impl FnOnce()) -> Ended {
    let mut command = estate.command();
    let mut child = command.args(arguments).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().expect("it starts");
    let mut lines = BufReader::new(child.stderr.take().expect("its progress")).lines().map_while(Result::ok);
    let mut stderr: Vec<String> = Vec::new();
    let mut act = Some(act);
    for line in lines.by_ref() {
        if line.contains(said)
            && let Some(act) = act.take()
        {
            act();
        }
        stderr.push(line);
    }
    assert!(act.is_none(), "{said:?} was never said: {stderr:#?}");
    let output = child.wait_with_output().expect("it ends");
    Ended {
        code: output.status.code().unwrap_or(-1),
        stdout: String::from_utf8_lossy(&output.stdout).into_owned(),
        stderr: stderr.join("\n"),
    }
}
