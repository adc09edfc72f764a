//! Enrolment: what policy lets into a certificate, pending requests, undo.

use std::time::Instant;

use countersign::keystore::Kind;
use countersign::registration::admin;
use countersign::registration::enrol::{RegisterError, register};
use countersign::registration::material::Material;
use countersign::registration::prove::{ProofError, prove};
use countersign::registration::signer::Signer;
use countersign::registration::site::Site;
use countersign::registration::state::State;
use countersign::registration::wire::{Identity, Purpose};
use serde_json::json;
use x509_parser::prelude::{FromDer, GeneralName, X509Certificate};

use crate::client::Client;
use crate::fixture::{Authority, SECRET, integrator, interchange, request, secret};

const SIGNING: &str = "am.registration.signing";
const VALIDATION: &str = "am.registration.validation";
const WAIT_TIME: &str = "am.registration.cert.signature.wait.time";

#[tokio::test]
async fn a_certificate_says_what_policy_decides_and_chains_to_the_ca() {
    let authority = Authority::ready().await;
    for (who, listens) in [(integrator(), true), (interchange(), false)] {
        let material = authority.enrolled(&who).await;
        assert!(material.valid_now());
        let (_, leaf) = X509Certificate::from_der(material.leaf()).expect("parsed");
        let (_, ca) = X509Certificate::from_der(material.ca()).expect("parsed");
        leaf.verify_signature(Some(ca.public_key())).expect("signed by the CA");
        assert_eq!(leaf.subject().to_string(), format!("CN={}/default, O=Countersign", who.name));
        let usage = leaf.extended_key_usage().expect("read").expect("there").value;
        assert!(usage.client_auth);
        assert_eq!(usage.server_auth, listens);
        let names = leaf.subject_alternative_name().expect("read").map(|names| names.value.general_names.clone());
        let expected = listens.then(|| vec![GeneralName::DNSName("default.integrator.component.countersign.internal")]);
        assert_eq!(names, expected, "not the localhost that was asked for");
    }
}

#[tokio::test]
async fn a_component_registers_into_its_keystore_and_proves_over_it() {
    let authority = Authority::ready().await;
    let folder = tempfile::tempdir().expect("a folder");
    let site = Site {
        conf: folder.path().to_path_buf(),
        repository: "integrator".into(),
        host: "localhost".into(),
        address: None,
        https_port: authority.https_port,
        client_auth_port: authority.client_auth_port,
        kind: Kind::Jks,
        identity: integrator(),
    };
    let wrong = register(&site, &Signer::Ours, &secret("incorrect horse")).await;
    assert!(matches!(wrong, Err(RegisterError::Proof(ProofError::NotAccepted))));
    assert_eq!(register(&site, &Signer::Ours, &secret(SECRET)).await.expect("registered").state, State::Registered);
    assert_eq!(site.state(), State::Registered);
    let material = site.material().expect("readable").expect("there");
    assert!(answers(authority.client_auth_port, &material).await);
    let proved = site.prove(&secret(SECRET), Purpose::Prove).await.expect("holds");
    assert_eq!(proved.outcome.status, State::Registered);
    authority.audited("certificate").await;
}

#[tokio::test]
async fn a_certificate_is_issued_once_for_a_request() {
    let authority = Authority::ready().await;
    let (_, request) = request();
    let first = authority.enrol(&integrator(), &request).await.expect("enrolled").outcome;
    let again = authority.enrol(&integrator(), &request).await.expect("enrolled").outcome;
    assert_eq!(first.status, State::Registered);
    assert_eq!(first.certificate, again.certificate);
    assert_eq!(first.request_id, again.request_id);
    let other = authority.enrol(&interchange(), &request).await.expect("enrolled").outcome;
    assert_ne!(first.certificate, other.certificate, "another component's request is another request");
    let proved = authority.prove(&integrator(), SECRET, Purpose::Prove).await.expect("holds").outcome;
    assert_eq!(proved.status, State::Registered);
}

#[tokio::test]
async fn many_at_once_with_the_same_request_get_the_same_certificate() {
    let authority = Authority::ready().await;
    let (_, request) = request();
    let who = integrator();
    let enrolments = (0..6).map(|_| authority.enrol(&who, &request));
    let outcomes = futures_util::future::join_all(enrolments).await;
    let certificates: Vec<_> =
        outcomes.into_iter().map(|proved| proved.expect("enrolled").outcome.certificate.expect("signed").0).collect();
    assert!(certificates.windows(2).all(|pair| pair[0] == pair[1]));
}

#[tokio::test]
async fn a_manual_authority_answers_pending_and_signs_when_it_is_told_to() {
    let authority = Authority::ready().await;
    authority.set_property(VALIDATION, "manual").await;
    authority.set_property(SIGNING, "manual").await;
    authority.set_property(WAIT_TIME, "0").await;
    let (_, request) = request();
    let waiting = authority.enrol(&integrator(), &request).await.expect("proved").outcome;
    assert_eq!(waiting.status, State::WaitingValidation);
    assert_eq!(waiting.ca.len(), 1, "the CA is pinned from a pending answer too");
    let id = waiting.request_id.expect("a number");
    let approved = authority.act(json!({ "do": "approve", "id": id })).await.expect("validated");
    assert_eq!(approved["status"], json!("Waiting Signing"));
    let waiting = authority.enrol(&integrator(), &request).await.expect("proved").outcome;
    assert_eq!(waiting.status, State::WaitingSigning);
    let listed = authority.act(json!({ "do": "requests" })).await.expect("told");
    assert_eq!(listed["requests"][0]["id"], json!(id));
    assert_eq!(listed["requests"][0]["status"], json!("Waiting Signing"));
    authority.act(json!({ "do": "approve", "id": id })).await.expect("signed");
    let done = authority.enrol(&integrator(), &request).await.expect("proved").outcome;
    assert_eq!(done.status, State::Registered);
    assert_eq!(done.request_id.as_deref(), Some(id.as_str()));
    assert!(
        authority.act(json!({ "do": "approve", "id": id })).await.expect_err("decided").contains("decided already")
    );
}

#[tokio::test]
async fn a_submission_that_blocks_is_answered_at_the_decision() {
    let authority = Authority::ready().await;
    authority.set_property(SIGNING, "manual").await;
    authority.set_property(WAIT_TIME, "60").await;
    let (_, request) = request();
    let begun = Instant::now();
    let decide = async {
        loop {
            let listed = authority.act(json!({ "do": "requests" })).await.expect("told");
            if let Some(id) = listed["requests"][0]["id"].as_str() {
                break authority.act(json!({ "do": "refuse", "id": id, "reason": "not ours" })).await.expect("refused");
            }
        }
    };
    let (who, secret) = (integrator(), secret(SECRET));
    let peer = authority.peer(None);
    let (proved, _) = tokio::join!(prove(&peer, &who, &secret, Purpose::Enrol, Some(&request)), decide);
    let outcome = proved.expect("proved").outcome;
    assert_eq!((outcome.status, outcome.reason.as_deref()), (State::ValidationRefused, Some("not ours")));
    assert!(begun.elapsed().as_secs() < 25);
}

#[tokio::test]
async fn a_forgotten_component_s_certificate_opens_no_port_any_more() {
    let authority = Authority::ready().await;
    let material = authority.enrolled(&integrator()).await;
    let other = authority.enrolled(&interchange()).await;
    let forgotten = authority.act(json!({ "do": "forget", "identity": integrator() })).await.expect("forgotten");
    assert_eq!(forgotten["forgotten"], json!(1));
    for port in [authority.https_port, authority.client_auth_port] {
        assert!(!answers(port, &material).await, "port {port}");
        assert!(answers(port, &other).await, "port {port}");
    }
    let authority = authority.restart().await;
    assert!(!answers(authority.client_auth_port, &material).await, "after a restart too");
    let again = authority.enrolled(&integrator()).await;
    assert!(answers(authority.client_auth_port, &again).await);
    let removed = authority.act(json!({ "do": "component-remove", "identity": integrator() })).await.expect("removed");
    assert_eq!(removed["removed"], json!(true));
    assert!(!answers(authority.client_auth_port, &again).await, "a removed component's certificate is revoked");
    let unknown = Identity { name: "nobody".into(), ..integrator() };
    let nothing = authority.act(json!({ "do": "forget", "identity": unknown })).await.expect("nothing to do");
    assert_eq!(nothing["forgotten"], json!(0));
}

#[tokio::test]
async fn certificates_can_be_kept_when_the_rest_is_forgotten_and_revoked_one_by_one() {
    let authority = Authority::ready().await;
    let one = authority.enrolled(&integrator()).await;
    let two = authority.enrolled(&integrator()).await;
    let port = authority.client_auth_port;
    let kept = serial(&one);
    authority.admin(move |socket| admin::forget(socket, &integrator(), &[kept])).await.expect("forgotten");
    assert!(answers(port, &one).await && !answers(port, &two).await);
    let requests = authority.act(json!({ "do": "requests" })).await.expect("told");
    assert_eq!(requests["requests"].as_array().map(Vec::len), Some(1), "the kept certificate's request stays");

    let revoke = async |who: Identity, serial: String| {
        authority.admin(move |socket| admin::revoke_certificate(socket, &who, &serial)).await
    };
    let other = revoke(interchange(), serial(&one)).await.expect_err("not interchange's");
    assert!(other.contains("is not one of interchange/2.3/B2Bi/default"), "{other}");
    assert!(revoke(integrator(), "00ff".into()).await.expect_err("none").contains("there is no certificate \"00ff\""));
    for _ in 0..2 {
        revoke(integrator(), serial(&one)).await.expect("revoked");
        assert!(!answers(port, &one).await);
    }
    let requests = authority.act(json!({ "do": "requests" })).await.expect("told");
    assert_eq!(requests["requests"], json!([]), "the same request must not bring a revoked certificate back");
}

/// The serial as the authority's table has it.
pub fn serial(material: &Material) -> String {
    let (_, leaf) = X509Certificate::from_der(material.leaf()).expect("a certificate");
    leaf.raw_serial().iter().map(|byte| format!("{byte:02x}")).collect()
}

/// In TLS 1.3 a client learns only from the first read that its certificate was not believed.
pub async fn answers(port: u16, material: &Material) -> bool {
    match Client::connect(port, Some(material)).await {
        Ok(mut client) => client.try_post("/nowhere", &json!({})).await.is_ok(),
        Err(_) => false,
    }
}
