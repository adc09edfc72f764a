//! Start, stop, verify and uninstall of a finished estate.

use std::time::{Duration, Instant};

use serde_json::{Value, json};

use crate::estate::{TestEstate, lives};

fn probe(verify: &Value, id: &str) -> Value {
    let found = verify["probes"].as_array().and_then(|all| all.iter().find(|probe| probe["id"] == id));
    found.unwrap_or_else(|| panic!("no probe {id} in {verify:#}")).clone()
}

#[test]
fn an_estate_stops_starts_and_is_the_same_again() {
    let estate = TestEstate::installed();
    assert_eq!(estate.run(&["stop"]).code, 0);
    let (_, status) = estate.json(&["status"]);
    assert_eq!(status["authority"]["process"], "stopped");
    let (code, verify) = estate.json(&["verify"]);
    assert_eq!((code, &verify["ok"]), (4, &json!(false)));
    assert_eq!(probe(&verify, "integrator-ready")["verdict"], "failed");
    assert_eq!(estate.run(&["stop"]).code, 0, "stopping twice is no failure");

    let started = estate.install();
    assert_eq!(started.code, 0, "{started:#?}");
    let (code, verify) = estate.json(&["verify"]);
    assert_eq!((code, &verify["ok"]), (0, &json!(true)), "{verify:#}");
}

#[test]
fn the_login_is_not_asked_when_the_password_file_is_gone() {
    let estate = TestEstate::installed();
    std::fs::remove_file(estate.path("passport/conf/system.pass")).expect("removed");
    let (code, verify) = estate.json(&["verify"]);
    assert_eq!((code, &probe(&verify, "passport-login-system")["verdict"]), (0, &json!("not asked")), "{verify:#}");
}

#[test]
fn a_map_that_does_not_compile_is_named_and_the_others_go_on() {
    let estate = TestEstate::installed();
    std::fs::write(estate.path("b2bi/common/maps/broken.jq"), "{ this is no map").expect("written");
    assert_eq!(estate.run(&["b2bi", "stop", "--engine", "integrator"]).code, 0);
    assert_eq!(estate.run(&["start"]).code, 0);
    let (code, verify) = estate.json(&["verify"]);
    let maps = probe(&verify, "b2bi-maps");
    assert_eq!((code, &maps["verdict"]), (4, &json!("failed")));
    assert!(maps["detail"].as_str().is_some_and(|text| text.contains("broken")), "{maps:#}");
    assert_eq!(probe(&verify, "b2bi-document")["verdict"], "ok");
}

#[test]
fn uninstall_stops_everything_and_leaves_no_folder() {
    let estate = TestEstate::installed();
    let pids = estate.pids();
    let ended = estate.run(&["uninstall", "--yes"]);
    assert_eq!(ended.code, 0, "{ended:#?}");
    assert!(!estate.path("").exists());
    // A process gives its home up a moment before it ends.
    let until = Instant::now() + Duration::from_secs(10);
    for pid in pids {
        while lives(&pid) {
            assert!(Instant::now() < until, "process {pid} still runs");
        }
    }
    assert_eq!(estate.run(&["status"]).code, 3);
    assert_eq!(estate.install().code, 0, "the folder can be used again");
}

#[test]
fn what_is_not_countersigns_survives_uninstall() {
    let estate = TestEstate::installed();
    std::fs::write(estate.path("notes.txt"), "mine").expect("written");
    assert_eq!(estate.run(&["uninstall", "--yes"]).code, 0);
    let left: Vec<_> = std::fs::read_dir(estate.path("")).expect("still there").collect();
    assert_eq!(left.len(), 1);
}

#[test]
fn while_another_run_holds_the_estate_reading_goes_on_and_changing_is_refused() {
    let estate = TestEstate::installed();
    let held = std::fs::File::options().write(true).open(estate.path("lock")).expect("the lock");
    held.lock().expect("held");
    let changing = estate.run(&["stop"]);
    assert_eq!(changing.code, 9, "{changing:#?}");
    assert_eq!(estate.install().code, 9);
    let reading = estate.run(&["check"]);
    assert_eq!(reading.code, 0, "{reading:#?}");
    assert!(reading.stderr.contains("another run holds this estate"), "{}", reading.stderr);
}
