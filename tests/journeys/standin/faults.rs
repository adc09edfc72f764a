//! Installers that fail, hang, lie or are killed: everything is put back, and proved.

use std::fs::File;
use std::io::{BufRead, BufReader, Write};

use serde_json::json;

use super::change::registrations;
use super::site::{FIRST, SECOND, Site};

/// The change is put back: the old secret counts again, and both engines were seen accepted with it.
pub fn is_put_back(site: &Site) {
    site.holds(FIRST);
    for log in ["IE.log", "TE.log"] {
        assert_eq!(registrations(&site.log(log)).last(), Some(&"accepted"), "{}", site.log(log));
    }
    assert_eq!(site.silent_files(), Vec::<std::path::PathBuf>::new());
    assert_eq!(site.files_with(SECOND), Vec::<std::path::PathBuf>::new());
}

#[test]
fn an_installer_that_fails_half_way_is_put_back_and_proved() {
    for product in ["passport", "b2bi"] {
        let site = Site::running();
        site.fault(product, "fail-half");
        let (code, done) = site.change(&[]);
        assert_eq!((code, &done["result"]), (1, &json!("put back")), "{product}: {done:#}");
        is_put_back(&site);
        let (code, done) = site.change(&[]);
        assert_eq!((code, &done["result"]), (0, &json!("done")), "{product}: {done:#}");
        site.holds(SECOND);
    }
}

#[test]
fn an_installer_that_dies_half_way_is_put_back_and_proved() {
    let site = Site::running();
    site.fault("b2bi", "die");
    let ended = site.run(&["configure", "--yes", "--answers", site.answers()]);
    assert_eq!(ended.code, 1, "{ended:#?}");
    assert!(ended.stderr.contains("signal 9 ended it"), "{}", ended.stderr);
    is_put_back(&site);
}

#[test]
fn success_on_the_screen_and_failure_in_the_log_is_a_failure() {
    let site = Site::running();
    site.fault("b2bi", "print-success-write-failure");
    let ended = site.run(&["configure", "--yes", "--answers", site.answers()]);
    assert_eq!(ended.code, 1, "{ended:#?}");
    assert!(ended.stderr.contains("the fault print-success-write-failure was asked for"), "{}", ended.stderr);
    is_put_back(&site);
}

#[test]
fn an_installer_that_hangs_is_ended_at_its_deadline() {
    let site = Site::running();
    site.fault("b2bi", "hang");
    site.with_deadline("b2bi", 5);
    let ended = site.run(&["configure", "--yes", "--answers", site.answers()]);
    assert_eq!(ended.code, 1, "{ended:#?}");
    is_put_back(&site);
}

/// A run that was killed while an installer worked; the installer goes on by itself and ends.
fn killed(product: &str) -> Site {
    let site = Site::running();
    site.fault(product, "hang");
    let pipe = site.path(product).join("hangs");
    rustix::fs::mknodat(rustix::fs::CWD, &pipe, rustix::fs::FileType::Fifo, 0o600.into(), 0).expect("a pipe");
    let mut run = site.command().args(["configure", "--yes", "--answers", site.answers()]).spawn().expect("started");
    let mut told = String::new();
    BufReader::new(File::open(&pipe).expect("opened")).read_line(&mut told).expect("told");
    run.kill().expect("killed");
    run.wait().expect("gone");
    let go_on = site.path(product).join("stand-in/go-on");
    File::options().write(true).open(go_on).expect("opened").write_all(b"\n").expect("told");
    site
}

#[test]
fn a_run_that_was_killed_half_way_is_resumed() {
    let site = killed("b2bi");
    let (code, done) = site.json(&["resume"]);
    assert_eq!((code, &done["result"]), (0, &json!("done")), "{done:#}");
    site.holds(SECOND);
    assert_eq!(site.json(&["verify"]).0, 0);
    assert_eq!(
        site.masters("b2bi").len(),
        3,
        "the one it was made with, the interrupted one, and one with the new secret"
    );
}

#[test]
fn a_run_that_was_killed_half_way_is_rolled_back() {
    for product in ["passport", "b2bi"] {
        let site = killed(product);
        assert_eq!(site.json(&["status"]).0, 8);
        let (code, done) = site.json(&["rollback"]);
        assert_eq!((code, &done["result"]), (0, &json!("put back")), "{done:#}");
        is_put_back(&site);
    }
}
