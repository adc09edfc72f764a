//! The start-up contract, from outside: real processes, a real authority, exit codes and logs.

use std::net::TcpListener;

use countersign::b2bi::Engine;
use countersign::daemon::pidfile;
use serde_json::Value;

use crate::bench::appears;
use crate::estate::{Estate, SECRET, free_port};

const INTEGRATOR: &[&str] = &["--engine", "integrator"];

#[tokio::test]
async fn both_engines_start_once_their_secret_is_right_and_pass_a_document() {
    let estate = Estate::new();
    let none = estate.b2bi("start", &[]);
    assert_eq!(none.code, 7, "{}", none.text);
    for engine in Engine::ALL {
        assert!(none.text.contains(&format!("{engine}: ")), "which engine? {}", none.text);
    }
    assert!(none.text.contains("holds no shared secret yet"), "{}", none.text);

    estate.give_secret(Engine::Interchange, SECRET);
    estate.give_secret(Engine::Integrator, "not-the-secret-of-the-authority");
    let wrong = estate.b2bi("start", INTEGRATOR);
    assert_eq!(wrong.code, 7, "{}", wrong.text);
    assert!(estate.log(Engine::Integrator).contains("self-registration failed: authorization refused"));
    assert!(!estate.home.database().exists(), "nothing is written before the secret is accepted");

    estate.give_secret(Engine::Integrator, SECRET);
    let right = estate.b2bi("start", &[]);
    assert_eq!(right.code, 0, "{}", right.text);
    let again = estate.b2bi("start", &[]);
    assert_eq!(again.code, 0, "{}", again.text);
    assert_eq!(again.text.matches("is already running").count(), 2, "{}", again.text);

    let put_in = estate.home.inbox().join("verification-1.json");
    countersign::fs::replace(&put_in, br#"{"probe": "nonce"}"#, 0o600).expect("put in");
    let out: Value =
        serde_json::from_slice(&appears(&estate.home.outbox().join("verification-1.json")).await).expect("JSON");
    assert_eq!(out["passed"], true);

    for (engine, class) in [(Engine::Integrator, "IE"), (Engine::Interchange, "TE")] {
        let log = estate.log(engine);
        let steps = ["accepted the shared secret", "registered;", "tables are up to date", "map order", "is ready"];
        let found = steps.map(|step| log.rfind(step).unwrap_or_else(|| panic!("{class}: no {step} in\n{log}")));
        assert!(found.is_sorted(), "{class}: the steps are in another order\n{log}");
        assert!(!log.contains(SECRET) && !log.contains("not-the-secret"));
    }
    let stopped = estate.b2bi("stop", &[]);
    assert_eq!(stopped.code, 0, "{}", stopped.text);
    for engine in Engine::ALL {
        assert_eq!(pidfile::holder(&estate.home.pid(engine)).expect("asked"), None);
        assert!(!estate.home.socket(engine).exists());
    }
    assert!(!estate.home.endpoint().exists());
}

#[test]
fn a_pending_registration_ends_with_6_and_the_next_start_goes_on_with_it() {
    let estate = Estate::new();
    estate.give_secrets();
    estate.passport(&["property", "set", "am.registration.signing", "manual"], "");
    let pending = estate.b2bi("register", INTEGRATOR);
    assert_eq!(pending.code, 6, "{}", pending.text);
    assert!(pending.text.contains("[Status:Waiting Signing]"), "{}", pending.text);
    assert!(!estate.home.database().exists(), "register writes the registration's files alone");
    let started = estate.b2bi("start", INTEGRATOR);
    assert_eq!(started.code, 6, "{}", started.text);

    let requests = estate.passport(&["requests", "--json"], "");
    let requests: Value = serde_json::from_str(&requests).expect("JSON");
    assert_eq!(requests.as_array().map(Vec::len), Some(1), "the same request was sent again: {requests}");
    estate.passport(&["approve", requests[0]["id"].as_str().expect("an id")], "");
    let started = estate.b2bi("start", INTEGRATOR);
    assert_eq!(started.code, 0, "{}", started.text);
    let registered = estate.b2bi("register", INTEGRATOR);
    assert_eq!(registered.code, 0, "{}", registered.text);
}

#[test]
fn a_reload_takes_a_good_secret_and_keeps_the_old_one_before_a_bad_one() {
    let estate = Estate::new();
    estate.give_secrets();
    assert_eq!(estate.b2bi("reload", INTEGRATOR).code, 5, "it does not run");
    assert_eq!(estate.b2bi("start", INTEGRATOR).code, 0);
    assert_eq!(estate.b2bi("reload", INTEGRATOR).code, 0);

    estate.give_secret(Engine::Integrator, "not-the-secret-of-the-authority");
    let bad = estate.b2bi("reload", INTEGRATOR);
    assert_eq!(bad.code, 7, "{}", bad.text);
    assert!(bad.text.contains("keeps the secret that it held before"), "{}", bad.text);
    let ask = serde_json::json!({ "do": "prove" });
    let deadline = std::time::Duration::from_secs(30);
    let socket = estate.home.socket(Engine::Integrator);
    let proved = countersign::daemon::control::ask(&socket, &ask, deadline).expect("the old one is still in use");
    assert!(proved["secret_id"].is_string());

    estate.passport(&["stop"], "");
    let away = estate.b2bi("reload", INTEGRATOR);
    assert_eq!(away.code, 5, "{}", away.text);
    assert_eq!(estate.b2bi("start", &["--engine", "interchange"]).code, 5, "nobody can tell");
}

#[test]
fn the_defaults_file_counts_no_more_after_the_first_start() {
    let estate = Estate::new();
    estate.give_secrets();
    let change = ["--engine", "integrator", "--host", "127.0.0.1"];
    assert_eq!(estate.b2bi("connection", &change).code, 3, "before the first start the file is the one to change");
    assert_eq!(estate.b2bi("start", INTEGRATOR).code, 0);
    assert_eq!(estate.b2bi("stop", INTEGRATOR).code, 0);
    std::fs::write(estate.home.defaults(Engine::Integrator), "<no/>").expect("written");
    assert_eq!(estate.b2bi("start", INTEGRATOR).code, 0);
    let changed = estate.b2bi("connection", &change);
    assert_eq!(changed.code, 0, "{}", changed.text);
    assert!(changed.text.contains("PassPort at 127.0.0.1"), "{}", changed.text);
}

#[test]
fn engines_that_start_at_once_do_not_disturb_each_other() {
    let estate = Estate::new();
    estate.give_secrets();
    let ended = std::thread::scope(|scope| {
        let start = |engine: Engine| estate.b2bi("start", &["--engine", engine.id()]);
        Engine::ALL.map(|engine| scope.spawn(move || start(engine))).map(|thread| thread.join().expect("ended"))
    });
    for ended in ended {
        assert_eq!(ended.code, 0, "{}", ended.text);
    }
    let status = estate.b2bi("status", &["--json"]);
    let status: Value = serde_json::from_str(&status.text).expect("JSON");
    for engine in status["engines"].as_array().expect("both") {
        assert_eq!(engine["process"], "running");
        assert_eq!(engine["registration"], "Registered");
        assert_eq!(engine["status"]["tables"]["current"], true);
        assert!(engine["status"]["maps"].as_array().expect("maps").iter().all(|map| map["deployed"] == true));
    }
}

#[test]
fn a_port_in_use_is_refused_before_anything_is_done() {
    let estate = Estate::new();
    estate.give_secrets();
    let port = free_port();
    let _taken = TcpListener::bind(("127.0.0.1", port)).expect("bound");
    std::fs::write(estate.home.settings(), format!("exchange_port = {port}\n")).expect("written");
    let refused = estate.b2bi("start", INTEGRATOR);
    assert_eq!(refused.code, 3, "{}", refused.text);
    assert!(refused.text.contains(&port.to_string()), "{}", refused.text);
    assert!(!estate.log(Engine::Integrator).contains("shared secret"));
}
