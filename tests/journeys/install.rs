//! The main job: install, register, verify; and a second time there is nothing to do.

use serde_json::{Value, json};

use crate::estate::TestEstate;

#[test]
fn one_command_leaves_a_running_registered_aligned_and_verified_estate() {
    let estate = TestEstate::new();
    let (https, client_auth) = estate.port_flags();
    let arguments =
        ["install", "--yes", "--answers", crate::estate::QUICKSTART, "--set", &https, "--set", &client_auth];
    let (code, outcome) = estate.json(&arguments);
    assert_eq!((code, &outcome["result"], &outcome["changed"]), (0, &json!("done"), &json!(true)));
    assert_eq!(outcome["restarted"], json!(["passport", "integrator", "interchange"]));

    let (code, status) = estate.json(&["status"]);
    assert_eq!(code, 0);
    assert_eq!(status["authority"]["process"], "running");
    assert_eq!(status["authority"]["https_port"], estate.https_port);
    assert_eq!(status["interrupted"], Value::Null);
    for component in status["components"].as_array().expect("a list") {
        let of = |key: &str| component[key].clone();
        if ["integrator", "interchange"].contains(&component["id"].as_str().expect("an id")) {
            assert_eq!(
                (of("process"), of("registration"), of("alignment")),
                (json!("running"), json!("Registered"), json!("aligned"))
            );
        } else {
            assert_eq!((of("process"), of("registration"), of("alignment")), (Value::Null, Value::Null, Value::Null));
        }
    }

    let (code, verify) = estate.json(&["verify"]);
    assert_eq!((code, &verify["ok"]), (0, &json!(true)), "{verify:#}");
    let probes = verify["probes"].as_array().expect("a list");
    assert_eq!(probes.len(), 13);
    assert!(probes.iter().all(|probe| probe["verdict"] == "ok"), "{verify:#}");

    let (code, check) = estate.json(&["check"]);
    assert_eq!((code, &check["checked"], &check["expected"]), (0, &json!(4), &json!(4)));

    let before = estate.pids();
    let (code, again) = estate.json(&arguments);
    assert_eq!((code, &again["result"], &again["changed"]), (0, &json!("nothing to do"), &json!(false)));
    assert_eq!(estate.pids(), before, "something was restarted");
}

#[test]
fn a_plan_shows_the_masked_diff_and_touches_nothing() {
    let estate = TestEstate::new();
    let ended = estate.install_with(crate::estate::QUICKSTART.as_ref(), &["--plan"]);
    assert_eq!(ended.code, 4);
    assert!(ended.stdout.contains("+passport.shared.secret=••••••••"), "{}", ended.stdout);
    assert!(!estate.path("").exists());
}

#[test]
fn other_answers_for_a_whole_estate_are_refused_and_name_the_fields() {
    let estate = TestEstate::installed();
    let before = estate.pids();
    let ended = estate.install_with(crate::estate::QUICKSTART.as_ref(), &["--set", "authority.domain=Elsewhere"]);
    assert_eq!(ended.code, 3, "{ended:#?}");
    assert!(ended.stderr.contains("authority.domain") && ended.stderr.contains("uninstall first"), "{}", ended.stderr);
    assert_eq!(estate.pids(), before);
}

#[test]
fn a_given_secret_is_taken_and_another_one_is_refused_later() {
    let estate = TestEstate::new();
    let install = |secret: &str| {
        let (https, client_auth) = estate.port_flags();
        let mut command = estate.command();
        command.args(["install", "--yes", "--answers", crate::estate::QUICKSTART, "--set", "secret.from=env:SHARED"]);
        command.args(["--set", &https, "--set", &client_auth]).env("SHARED", secret);
        crate::estate::ended(&mut command)
    };
    assert_eq!(install("a shared secret = with <awkward> & \"signs\" \\ in it").code, 0);
    let place = std::fs::read_to_string(estate.path("b2bi/Interchange/conf/passport-access.xml")).expect("the place");
    assert!(place.contains("a shared secret = with &lt;awkward&gt; &amp;"), "{place}");
    assert_eq!(install("a shared secret = with <awkward> & \"signs\" \\ in it").code, 0);
    for stopped in [false, true] {
        if stopped {
            assert_eq!(estate.run(&["stop"]).code, 0);
        }
        let refused = install("another secret altogether");
        assert_eq!(refused.code, 3, "stopped: {stopped}");
        assert!(refused.stderr.contains("secret.from") && !refused.stderr.contains("altogether"), "{}", refused.stderr);
    }
}
