//! Certificates after their issue: listed, shown, exported, renewed, revoked, and on the list that others check.

use std::path::Path;
use std::process::{Command, Output};

use countersign::registration::material::Material;
use countersign::registration::wire::CRL_PATH;
use hyper::StatusCode;
use serde_json::{Value, json};

use crate::client::Client;
use crate::enrolment::{answers, serial};
use crate::fixture::{Authority, integrator, interchange};

/// Runs `passport certificate …` on a home.
fn run(home: &Path, arguments: &[&str]) -> (i32, Value) {
    let mut command = Command::new(env!("CARGO_BIN_EXE_countersign"));
    command.args(["passport", "certificate"]).args(arguments).arg("--home").arg(home).arg("--json");
    let output = command.output().expect("run");
    (output.status.code().expect("ended by itself"), serde_json::from_slice(&output.stdout).unwrap_or(Value::Null))
}

fn done(home: &Path, arguments: &[&str]) -> Value {
    let (code, said) = run(home, arguments);
    assert_eq!(code, 0, "{arguments:?}: {said}");
    said
}

fn state(home: &Path, serial: &str) -> String {
    done(home, &["show", serial])["state"].as_str().expect("a state").to_owned()
}

fn openssl(arguments: &[&str]) -> Output {
    Command::new("openssl").args(arguments).output().expect("openssl")
}

#[tokio::test(flavor = "multi_thread")]
async fn certificates_are_listed_shown_and_exported_by_name_and_by_serial() {
    let authority = Authority::ready().await;
    let material = authority.enrolled(&integrator()).await;
    authority.enrolled(&interchange()).await;
    let home = authority.home.path();
    let all = done(home, &["list"]);
    let owner = |one: &Value| one["name"].as_str().or(one["component"].as_str()).expect("whose").to_owned();
    let mut owners: Vec<_> = all.as_array().expect("a list").iter().map(owner).collect();
    owners.sort();
    assert_eq!(owners, ["Default_HTTPS", "Default_HTTPS_Client_Auth", "ca", "integrator", "interchange"]);
    let some = done(home, &["list", "--component", "integrator/default"]);
    let one = &some.as_array().expect("a list")[..];
    assert_eq!((one.len(), &one[0]["serial"], &one[0]["state"]), (1, &json!(serial(&material)), &json!("valid")));
    assert_eq!(one[0]["subject"], json!("CN=integrator/default, O=Countersign"));
    assert_eq!(done(home, &["list", "--component", "integrator/other"]), json!([]));

    let capitals = serial(&material).to_uppercase();
    let pairs: Vec<_> = (0..capitals.len()).step_by(2).map(|at| &capitals[at..at + 2]).collect();
    let shown = done(home, &["show", &pairs.join(":")]);
    assert_eq!(shown["issuer"], json!("CN=Countersign PassPort CA, O=Countersign"));
    assert_eq!(shown["key"], json!("P-256"));
    assert_eq!(shown["usages"], json!(["client authentication", "server authentication"]));
    assert_eq!(shown["names"], json!(["default.integrator.component.countersign.internal"]));
    assert_eq!(done(home, &["show", "ca"])["usages"], json!(["signing certificates"]));

    let file = home.with_file_name("one.cer");
    done(home, &["export", &serial(&material), "--out", file.to_str().expect("text")]);
    assert_eq!(std::fs::read(&file).expect("read"), material.leaf().as_ref());
    let (code, refusal) = run(home, &["show", "00ff"]);
    assert_eq!((code, refusal["problems"][0].as_str().is_some_and(|line| line.contains("no certificate"))), (3, true));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_revoked_certificate_opens_no_port_from_the_next_connection_on() {
    let authority = Authority::ready().await;
    let (one, two) = (authority.enrolled(&integrator()).await, authority.enrolled(&integrator()).await);
    let home = authority.home.path();
    let mut open = Client::connect(authority.client_auth_port, Some(&one)).await.expect("connected");
    let revoked = done(home, &["revoke", &serial(&one), "--reason", "the disk was sold"]);
    assert_eq!(revoked, json!({ "serial": serial(&one), "changed": true }));
    assert_eq!(done(home, &["revoke", &serial(&one)])["changed"], json!(false));
    for port in [authority.https_port, authority.client_auth_port] {
        assert!(!answers(port, &one).await && answers(port, &two).await, "port {port}");
    }
    // What was open goes on, but no user logs in over it.
    assert_eq!(open.get("/countersign/v1/status").await.0, StatusCode::OK);
    assert_eq!((state(home, &serial(&one)), state(home, &serial(&two))), ("revoked".into(), "valid".into()));
    let line = format!(
        "admin revoke: ok component=integrator/2.3/B2Bi/default serial={} reason=the disk was sold",
        serial(&one)
    );
    authority.audited(&line).await;
    assert_eq!(run(home, &["revoke", "ca"]).0, 3);

    // While it is stopped the database is told, and the next start believes it.
    let serial = serial(&two);
    let authority = authority
        .restart_after(|home| assert_eq!(done(home.path(), &["revoke", &serial])["changed"], json!(true)))
        .await;
    assert!(!answers(authority.client_auth_port, &two).await);
    authority.audited(&format!("serial={serial}")).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn openssl_checks_certificates_against_the_revocation_list() {
    let authority = Authority::ready().await;
    let (one, two) = (authority.enrolled(&integrator()).await, authority.enrolled(&interchange()).await);
    let home = authority.home.path();
    let path = |name: &str| home.with_file_name(name).to_str().expect("text").to_owned();
    done(home, &["export", "ca", "--out", &path("ca.pem"), "--pem"]);
    for (name, material) in [("one.pem", &one), ("two.pem", &two)] {
        done(home, &["export", &serial(material), "--out", &path(name), "--pem"]);
    }
    let (ca, crl) = (path("ca.pem"), path("crl.pem"));
    let is_good = |name: &str| {
        let checked = openssl(&["verify", "-crl_check", "-CAfile", &ca, "-CRLfile", &crl, &path(name)]);
        let said = String::from_utf8_lossy(&[checked.stdout, checked.stderr].concat()).into_owned();
        assert!(checked.status.success() || said.contains("certificate revoked"), "{said}");
        checked.status.success()
    };
    // One without any entry is a list too.
    done(home, &["crl", "--out", &crl, "--pem"]);
    assert!(is_good("one.pem") && is_good("two.pem"));

    let fetched = async || {
        let mut client = Client::connect(authority.https_port, None).await.expect("connected");
        let (status, kind, list) = client.get(CRL_PATH).await;
        assert_eq!((status, kind.as_str()), (StatusCode::OK, "application/pkix-crl"));
        std::fs::write(path("crl.der"), list).expect("written");
        let (from, to) = (path("crl.der"), path("crl.pem"));
        let arguments = ["crl", "-inform", "DER", "-in", &from, "-CAfile", &ca, "-out", &to, "-crlnumber"];
        let read = openssl(&arguments);
        assert!(String::from_utf8_lossy(&read.stderr).contains("verify OK"));
        let said = String::from_utf8_lossy(&read.stdout).into_owned();
        let number = said.trim().split_once("crlNumber=").expect("a number").1.trim_start_matches("0x").to_owned();
        i64::from_str_radix(&number, 16).expect("hexadecimal")
    };
    let before = fetched().await;
    assert_eq!(fetched().await, before, "nothing changed");
    done(home, &["revoke", &serial(&one)]);
    assert!(fetched().await > before);
    assert!(!is_good("one.pem") && is_good("two.pem"));
    authority.audited("policy revocation list: ok reason=number").await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_old_certificate_is_good_until_the_renewed_one_was_used() {
    let authority = Authority::ready().await;
    let old = authority.enrolled(&integrator()).await;
    assert!(answers(authority.client_auth_port, &old).await);
    // Two renewals: the answer to the first was lost.
    let lost = authority.enrolled_over(&integrator(), Some(&old)).await;
    let new = authority.enrolled_over(&integrator(), Some(&old)).await;
    let stranger = authority.enrolled_over(&interchange(), Some(&old)).await;
    let authority = authority.restart().await;
    let port = authority.client_auth_port;
    let home = authority.home.path().to_path_buf();
    assert!(answers(port, &stranger).await, "of another component: it renews nothing");
    assert!(answers(port, &old).await);
    assert_eq!(state(&home, &serial(&old)), "valid");
    assert_eq!(done(&home, &["show", &serial(&new)])["replaces"], json!(serial(&old)));

    assert!(answers(port, &new).await);
    assert!(!answers(port, &old).await && !answers(authority.https_port, &old).await);
    assert_eq!((state(&home, &serial(&old)), state(&home, &serial(&new))), ("superseded".into(), "valid".into()));
    let line =
        format!("policy revoke: ok component=integrator/2.3/B2Bi/default serial={} reason=superseded", serial(&old));
    authority.audited(&line).await;
    assert_ne!(state(&home, &serial(&lost)), "revoked");
    assert!(answers(port, &new).await);
    // Whatever database it is in.
    assert!(authority.verb(&["audit", "verify"], 0).await.contains("\"whole\": true"));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_registration_that_begins_anew_supersedes_nothing() {
    let authority = Authority::ready().await;
    let port = authority.client_auth_port;
    let before: Vec<Material> = vec![authority.enrolled(&integrator()).await, authority.enrolled(&integrator()).await];
    let anew = authority.enrolled(&integrator()).await;
    assert!(answers(port, &anew).await && answers(authority.https_port, &anew).await);
    for material in &before {
        assert!(answers(port, material).await, "whoever undoes the change puts this one back");
    }
}
