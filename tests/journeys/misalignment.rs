//! Somebody changes one place by hand: it is found, the running engine is told apart from the file, the restart fails.

use std::path::Path;

use serde_json::json;

use crate::estate::TestEstate;

/// Puts another value where the secret stands; returns the file as it was.
fn change(path: &Path) -> String {
    let before = std::fs::read_to_string(path).expect("the place");
    let changed = if path.extension().is_some_and(|extension| extension == "xml") {
        before.replace("<sharedSecret>", "<sharedSecret>x")
    } else {
        before.replace("passport.shared.secret=", "passport.shared.secret=x")
    };
    assert_ne!(before, changed, "the place was not found in {}", path.display());
    std::fs::write(path, changed).expect("written");
    before
}

fn changed_by_hand(engine: &str, file: &str, log: &str) {
    let estate = TestEstate::installed();
    let place = estate.path(file);
    let before = change(&place);

    let (code, check) = estate.json(&["check"]);
    assert_eq!((code, &check["aligned"]), (4, &json!(false)));
    for entry in check["places"].as_array().expect("a list") {
        let differs = entry["component"] == engine && entry["level"] == "file";
        assert_eq!(entry["verdict"], if differs { "differs" } else { "aligned" }, "{entry:#}");
    }
    let (_, status) = estate.json(&["status"]);
    let component = status["components"].as_array().and_then(|all| all.iter().find(|one| one["id"] == engine)).cloned();
    assert_eq!(component.expect("listed")["alignment"], "differs");

    assert_eq!(estate.run(&["b2bi", "stop", "--engine", engine]).code, 0);
    let refused = estate.run(&["b2bi", "start", "--engine", engine]);
    assert_eq!(refused.code, 7, "{refused:#?}");
    let log = std::fs::read_to_string(estate.path(log)).expect("its log");
    let error = log.lines().rfind(|line| line.contains(" - ERROR ")).expect("an error");
    assert!(error.contains("self-registration failed: authorization refused"), "{error}");

    std::fs::write(&place, before).expect("put back");
    assert_eq!(estate.run(&["start"]).code, 0);
    let (code, check) = estate.json(&["check"]);
    assert_eq!((code, &check["aligned"]), (0, &json!(true)), "{check:#}");
}

#[test]
fn another_secret_in_the_trading_engines_place_is_found_and_refused_at_its_restart() {
    changed_by_hand("interchange", "b2bi/Interchange/conf/passport-access.xml", "b2bi/logs/TE.log");
}

#[test]
fn another_secret_in_the_integration_engines_place_is_found_and_refused_at_its_restart() {
    changed_by_hand("integrator", "b2bi/Integrator/conf/passport-access.properties", "b2bi/logs/IE.log");
}

#[test]
fn a_stopped_engine_and_an_empty_place_have_verdicts_of_their_own() {
    let estate = TestEstate::installed();
    assert_eq!(estate.run(&["b2bi", "stop", "--engine", "interchange"]).code, 0);
    let (code, check) = estate.json(&["check"]);
    assert_eq!((code, &check["checked"], &check["expected"]), (5, &json!(3), &json!(4)), "{check:#}");
    std::fs::remove_file(estate.path("b2bi/Integrator/conf/passport-access.properties")).expect("removed");
    let (code, check) = estate.json(&["check", "--level", "file"]);
    assert_eq!(code, 4);
    let verdicts: Vec<_> =
        check["places"].as_array().expect("a list").iter().map(|one| one["verdict"].clone()).collect();
    assert_eq!(verdicts, [json!("missing"), json!("aligned")]);
}
