//! Certificates that end: renewed by the engines themselves, at a start and while they run.

use std::path::Path;

use countersign::b2bi::Engine;
use countersign::fs::watch::Watch;
use countersign::registration::material::{self, Material};
use serde_json::Value;

use crate::bench::appears;
use crate::estate::Estate;

const VALIDITY: &str = "am.registration.certificate.validity";
const INTEGRATOR: &[&str] = &["--engine", "integrator"];

fn material(estate: &Estate, engine: Engine) -> Material {
    let name = format!("keystore_{}_localhost_{}.jks", engine.id(), estate.ports.1);
    material::read(&estate.home.conf(engine).join(name)).expect("opens").expect("there")
}

fn names(folder: &Path) -> String {
    let entries = std::fs::read_dir(folder).expect("listed");
    entries.map(|entry| entry.expect("read").file_name().to_string_lossy().into_owned() + " ").collect()
}

async fn logged(estate: &Estate, engine: Engine, text: &str) {
    let log = estate.home.log(engine);
    let mut watch = Watch::with_writes(&[log.parent().expect("a folder")], &[]).expect("watched");
    let wait = async {
        while !estate.log(engine).contains(text) {
            watch.next().await.expect("changes");
        }
    };
    let in_time = tokio::time::timeout(std::time::Duration::from_mins(1), wait).await;
    assert!(in_time.is_ok(), "{engine} did not log {text:?}:\n{}", estate.log(engine));
}

#[test]
fn a_certificate_that_is_due_is_renewed_at_a_start_however_long_the_authority_waits() {
    let estate = Estate::new();
    estate.give_secrets();
    let conf = estate.home.conf(Engine::Integrator);
    // Backdated by ten minutes and good for five more: less than a third is left at once.
    estate.passport(&["property", "set", VALIDITY, "5m"], "");
    assert_eq!(estate.b2bi("register", INTEGRATOR).code, 0);
    let first = material(&estate, Engine::Integrator);
    assert!(first.is_due());

    estate.passport(&["property", "set", VALIDITY, "90d"], "");
    estate.passport(&["property", "set", "am.registration.signing", "manual"], "");
    estate.passport(&["property", "set", "am.registration.cert.signature.wait.time", "0"], "");
    for _ in 0..2 {
        let registered = estate.b2bi("register", INTEGRATOR);
        assert_eq!(registered.code, 0, "the present certificate is still good: {}", registered.text);
        assert_eq!(material(&estate, Engine::Integrator).leaf(), first.leaf());
    }
    assert!(estate.log(Engine::Integrator).contains("due and not renewed yet: Waiting Signing"));
    let requests: Value = serde_json::from_str(&estate.passport(&["requests", "--json"], "")).expect("JSON");
    let requests = requests.as_array().expect("a list");
    assert_eq!(requests.len(), 2, "asked for once, and again with the same bytes: {requests:?}");
    let waiting = requests.iter().find(|one| one["status"] == "Waiting Signing").expect("waits");
    estate.passport(&["approve", waiting["id"].as_str().expect("an id")], "");

    let started = estate.b2bi("start", INTEGRATOR);
    assert_eq!(started.code, 0, "{}", started.text);
    let second = material(&estate, Engine::Integrator);
    assert!(second.leaf() != first.leaf() && !second.is_due());
    assert_ne!(second.key.secret_der(), first.key.secret_der(), "a new key pair");
    let left = names(&conf);
    assert!(!left.contains("backup-") && !left.contains(".next.") && !left.contains(".old"), "{left}");
    let log = estate.log(Engine::Integrator);
    assert!(log.contains("the old keystore is kept in Integrator/conf/backup-"), "{log}");
    assert!(log.contains("the renewed certificate was used; the old keystore is removed"), "{log}");
}

#[tokio::test]
async fn running_engines_renew_and_show_the_new_certificate_without_a_restart() {
    let estate = Estate::new();
    estate.give_secrets();
    // Due some seconds after it was signed, in the last third of fifteen minutes and a bit.
    estate.passport(&["property", "set", VALIDITY, "315s"], "");
    assert_eq!(estate.b2bi("register", &["--engine", "interchange"]).code, 0);
    let first = Engine::ALL.map(|engine| {
        let started = estate.b2bi("start", &["--engine", engine.id()]);
        assert_eq!(started.code, 0, "{}", started.text);
        material(&estate, engine)
    });
    estate.passport(&["property", "set", VALIDITY, "90d"], "");
    for engine in Engine::ALL {
        logged(&estate, engine, "the renewed certificate is shown from now on").await;
        logged(&estate, engine, "the renewed certificate was used; the old keystore is removed").await;
    }
    for (engine, first) in Engine::ALL.into_iter().zip(&first) {
        let now = material(&estate, engine);
        assert!(now.leaf() != first.leaf() && !now.is_due(), "{engine}");
    }
    let put_in = estate.home.inbox().join("verification-1.json");
    countersign::fs::replace(&put_in, br#"{"probe": "nonce"}"#, 0o600).expect("put in");
    let out: Value =
        serde_json::from_slice(&appears(&estate.home.outbox().join("verification-1.json")).await).expect("JSON");
    assert_eq!(out["passed"], true);
}
