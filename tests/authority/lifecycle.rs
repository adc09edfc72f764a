//! Start, stop, and what a second start says.

use countersign::passport::config::Config;
use countersign::passport::local::Local;
use countersign::passport::serve::{self, ServeError};
use countersign::passport::{Home, init};
use countersign::registration::wire::{LOGIN_PATH, LoginRequest, Purpose};
use hyper::StatusCode;
use serde_json::json;

use crate::client::Client;
use crate::fixture::{Authority, SECRET, integrator};

#[tokio::test]
async fn what_was_decided_outlives_a_restart() {
    let authority = Authority::ready().await;
    let material = authority.enrolled(&integrator()).await;
    let authority = authority.restart().await;
    let proved = authority.prove(&integrator(), SECRET, Purpose::Prove).await.expect("holds");
    assert_eq!(proved.outcome.ca[0].0, material.ca().to_vec());
    let status = authority.act(json!({ "do": "status" })).await.expect("told");
    assert_eq!(status["https_port"], json!(authority.https_port));
    assert_eq!(status["pid"], json!(std::process::id()));
    assert!(!authority.import("integrator").await, "known already");
}

#[tokio::test]
async fn a_taken_port_and_a_second_start_are_named_in_one_line() {
    let authority = Authority::bare().await;
    let Err(error) = serve::open(&authority.home).await else { panic!("two authorities in one home") };
    assert_eq!(error.to_string(), format!("PassPort is already running with pid {}", std::process::id()));
    let folder = tempfile::tempdir().expect("a folder");
    let home = Home::new(folder.path().join("passport"));
    let config = Config {
        host: "localhost".into(),
        listen: "127.0.0.1".parse().expect("an address"),
        https_port: authority.https_port,
        client_auth_port: 0,
        domain: "Synchrony".into(),
        node: "1".into(),
    };
    init::init(&home, &config, None, &init::Storage::Sqlite).await.expect("made");
    let Err(error) = serve::open(&home).await else { panic!("two authorities on one port") };
    let port = authority.https_port;
    assert_eq!(
        error.to_string(),
        format!("port {port} on 127.0.0.1 is in use: stop what listens there or choose another https_port")
    );
    let missing = serve::open(&Home::new(folder.path().join("nowhere"))).await;
    assert!(matches!(missing, Err(ServeError::NoHome(_))));
}

#[tokio::test]
async fn the_admin_socket_refuses_what_it_does_not_know() {
    let authority = Authority::bare().await;
    for (act, word) in [
        (json!({ "do": "dance" }), "knows no act"),
        (json!([]), "knows no act"),
        (json!({ "do": "secret-start", "request": "%" }), "base64"),
        (json!({ "do": "secret-start", "request": "AAAA" }), "OPAQUE"),
        (json!({ "do": "secret-finish", "id": "s-x", "ksf": 1, "upload": "AAAA" }), "was not given out"),
        (json!({ "do": "secret-finish", "id": "s-x", "ksf": 9, "upload": "AAAA" }), "stretching version 9"),
        (json!({ "do": "secret-retire", "id": "s-x" }), "there is no secret"),
        (json!({ "do": "component-import", "csd": "<a/>" }), "does not give the component's name"),
        (json!({ "do": "approve", "id": "r-x" }), "there is no request"),
        (json!({ "do": "forget" }), "fields"),
        (json!({ "do": "property-set", "name": "am.x", "value": "1" }), "there is no property"),
        (json!({ "do": "property-set", "name": "am.registration.signing", "value": "maybe" }), "auto or manual"),
    ] {
        let error = authority.act(act.clone()).await.expect_err("refused");
        assert!(error.contains(word), "{act}: {error}");
    }
}

#[tokio::test]
async fn a_changed_host_and_domain_count_from_the_next_start_and_come_back_with_the_old_configuration() {
    let authority = Authority::ready().await;
    let material = authority.enrolled(&integrator()).await;
    let certificate = async |authority: &Authority| {
        let local = Local::open(&authority.home).await.expect("opened");
        let certificate = local.certificate("Default_HTTPS").await.expect("there");
        local.close().await;
        certificate
    };
    let log_in = async |authority: &Authority, domain: &str| {
        let mut client = Client::connect(authority.client_auth_port, Some(&material)).await.expect("connected");
        let login = LoginRequest { user: "system".into(), password: "system password".into(), domain: domain.into() };
        client.post(LOGIN_PATH, &login).await.0
    };
    let before = certificate(&authority).await;
    let configuration = std::fs::read_to_string(authority.home.config()).expect("read");
    let changed = configuration.replace("Synchrony", "Symphony").replace("\"localhost\"", "\"passport.example\"");
    let write = |text: String| move |home: &Home| std::fs::write(home.config(), text).expect("written");

    let authority = authority.restart_after(write(changed)).await;
    assert_ne!(certificate(&authority).await, before);
    assert_eq!(log_in(&authority, "Symphony").await, StatusCode::OK);
    assert_eq!(log_in(&authority, "Synchrony").await, StatusCode::UNAUTHORIZED);
    authority.audited("policy users moved: ok reason=from Synchrony to Symphony").await;

    let authority = authority.restart_after(write(configuration)).await;
    assert_eq!(certificate(&authority).await, before, "the one that third parties may have imported");
    assert_eq!(log_in(&authority, "Synchrony").await, StatusCode::OK);
}
