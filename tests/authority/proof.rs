//! The proof: right and wrong secrets, forged and replayed messages, and what an outsider may learn.

use std::time::{Duration, Instant};

use countersign::registration::opaque::{Suite, rng};
use countersign::registration::prove::{ProofError, forge};
use countersign::registration::state::State;
use countersign::registration::wire::{
    Bytes, FINISH_PATH, FinishAnswer, FinishRequest, Identity, Outcome, Purpose, START_PATH, StartAnswer, StartRequest,
    context, seal_holds,
};
use hyper::StatusCode;
use opaque_ke::{ClientLogin, ClientLoginFinishParameters, CredentialResponse, Identifiers};
use serde_json::json;

use crate::client::Client;
use crate::fixture::{Authority, SECRET, integrator};

/// What the first failed proof costs its source.
const BACK_OFF: Duration = Duration::from_millis(250);

pub fn begin(who: &Identity, secret: &str) -> (ClientLogin<Suite>, StartRequest) {
    let login = ClientLogin::<Suite>::start(&mut rng(), secret.as_bytes()).expect("begun");
    let start = StartRequest {
        component: who.clone(),
        purpose: Purpose::Prove,
        request_hash: Bytes(vec![0; 32]),
        ke1: Bytes(login.message.serialize().to_vec()),
    };
    (login.state, start)
}

pub async fn start(client: &mut Client, start: &StartRequest) -> StartAnswer {
    let (status, body) = client.post(START_PATH, start).await;
    assert_eq!(status, StatusCode::OK);
    serde_json::from_slice(&body).expect("an answer")
}

/// KE3 for the first challenge, bound to this exporter, with the session key.
pub fn answer(
    login: ClientLogin<Suite>,
    begun: &StartRequest,
    exporter: &[u8; 32],
    challenged: &StartAnswer,
) -> (FinishRequest, Vec<u8>) {
    let challenge = &challenged.challenges[0];
    let hash = begun.request_hash.0[..].try_into().expect("a hash");
    let bound = context(begun.purpose, &challenge.id, &begun.component, exporter, hash);
    let parameters = ClientLoginFinishParameters::new(Some(&bound), Identifiers::default(), None);
    let ke2 = CredentialResponse::deserialize(&challenge.ke2.0).expect("KE2");
    let finished = login.finish(&mut rng(), SECRET.as_bytes(), ke2, parameters).expect("the secret fits");
    let finish = FinishRequest {
        token: challenged.token.clone(),
        secret_id: challenge.id.clone(),
        ke3: Bytes(finished.message.serialize().to_vec()),
        request: None,
        gives_up: None,
    };
    (finish, finished.session_key.to_vec())
}

#[tokio::test]
async fn the_right_secret_proves_and_is_noted_and_a_check_notes_nothing() {
    let authority = Authority::ready().await;
    let components = async || authority.act(json!({ "do": "component-list" })).await.expect("told");
    let checked = authority.prove(&integrator(), SECRET, Purpose::Check).await.expect("holds");
    assert_eq!(checked.outcome.status, State::New);
    assert!(components().await["components"][0]["proved"].is_null());
    let proved = authority.prove(&integrator(), SECRET, Purpose::Prove).await.expect("holds");
    assert_eq!(proved.secret_id, checked.secret_id);
    assert_eq!(components().await["components"][0]["proved"]["secret_id"], json!(proved.secret_id));
    let audit = authority.audit().await.join("\n");
    assert!(audit.contains("127.0.0.1 check: New component=integrator/2.3/B2Bi/default"), "{audit}");
    assert!(!audit.contains(SECRET));
    let log = std::fs::read_to_string(authority.home.log()).expect("a log");
    assert!(log.contains("127.0.0.1 prove: New") && !log.contains(SECRET), "{log}");
}

#[tokio::test]
async fn the_client_notices_a_wrong_secret_and_the_authority_an_unfinished_proof() {
    let authority = Authority::ready().await;
    let begun = Instant::now();
    let wrong = authority.prove(&integrator(), "incorrect horse", Purpose::Prove).await;
    assert!(matches!(wrong, Err(ProofError::NotAccepted)));
    authority.audited("prove: refused component=integrator/2.3/B2Bi/default reason=begun and not finished").await;
    authority.prove(&integrator(), SECRET, Purpose::Prove).await.expect("holds");
    assert!(begun.elapsed() >= BACK_OFF, "the source of a failed proof waits");
}

#[tokio::test]
async fn a_proof_that_nobody_finishes_counts_as_failed_though_its_connection_lives() {
    let authority = Authority::ready().await;
    let mut client = Client::connect(authority.https_port, None).await.expect("connected");
    let (login, message) = begin(&integrator(), SECRET);
    let challenged = start(&mut client, &message).await;
    authority.audited("begun and not finished").await;
    let (finish, _) = answer(login, &message, &client.exporter, &challenged);
    assert_eq!(client.post(FINISH_PATH, &finish).await.0, StatusCode::UNAUTHORIZED);
}

#[tokio::test]
async fn a_forged_answer_is_refused_without_a_word() {
    let authority = Authority::ready().await;
    assert_eq!(forge(&authority.peer(None)).await.expect("answered"), 401);
    let mut client = Client::connect(authority.https_port, None).await.expect("connected");
    let (login, message) = begin(&integrator(), SECRET);
    let challenged = start(&mut client, &message).await;
    let (mut finish, _) = answer(login, &message, &client.exporter, &challenged);
    finish.ke3.0[5] ^= 1;
    assert_eq!(client.post(FINISH_PATH, &finish).await, (StatusCode::UNAUTHORIZED, "".into()));
    finish.ke3.0[5] ^= 1;
    let late = client.post(FINISH_PATH, &finish).await.0;
    assert_eq!(late, StatusCode::UNAUTHORIZED, "the token died with the first try");
}

#[tokio::test]
async fn the_probe_proves_nothing_even_with_the_right_secret() {
    let authority = Authority::ready().await;
    let mut client = Client::connect(authority.https_port, None).await.expect("connected");
    let (login, message) = begin(&Identity::probe(), SECRET);
    let challenged = start(&mut client, &message).await;
    let challenge = &challenged.challenges[0];
    let bound = context(Purpose::Prove, &challenge.id, &Identity::probe(), &client.exporter, &[0; 32]);
    let parameters = ClientLoginFinishParameters::new(Some(&bound), Identifiers::default(), None);
    let ke2 = CredentialResponse::deserialize(&challenge.ke2.0).expect("KE2");
    assert!(login.finish(&mut rng(), SECRET.as_bytes(), ke2, parameters).is_err(), "a dummy record fits no secret");
}

#[tokio::test]
async fn an_answer_is_good_on_its_own_connection_alone() {
    let authority = Authority::ready().await;
    let mut one = Client::connect(authority.https_port, None).await.expect("connected");
    let mut other = Client::connect(authority.https_port, None).await.expect("connected");
    assert_ne!(one.exporter, other.exporter);
    let (login, message) = begin(&integrator(), SECRET);
    let challenged = start(&mut one, &message).await;
    let (finish, session_key) = answer(login, &message, &one.exporter, &challenged);
    assert_eq!(other.post(FINISH_PATH, &finish).await.0, StatusCode::UNAUTHORIZED);
    let (status, body) = one.post(FINISH_PATH, &finish).await;
    assert_eq!(status, StatusCode::OK);
    let sealed: FinishAnswer = serde_json::from_slice(&body).expect("an answer");
    assert!(seal_holds(&session_key, &sealed.outcome, &sealed.mac.0));
    let outcome: Outcome = serde_json::from_str(&sealed.outcome).expect("an outcome");
    assert_eq!(outcome.ca.len(), 1, "the CA comes with every outcome");
}

#[tokio::test]
async fn a_man_in_the_middle_s_other_channel_is_noticed() {
    let authority = Authority::ready().await;
    let mut client = Client::connect(authority.https_port, None).await.expect("connected");
    let (login, message) = begin(&integrator(), SECRET);
    let challenged = start(&mut client, &message).await;
    let challenge = &challenged.challenges[0];
    let bound = context(Purpose::Prove, &challenge.id, &integrator(), &[9; 32], &[0; 32]);
    let parameters = ClientLoginFinishParameters::new(Some(&bound), Identifiers::default(), None);
    let ke2 = CredentialResponse::deserialize(&challenge.ke2.0).expect("KE2");
    assert!(login.finish(&mut rng(), SECRET.as_bytes(), ke2, parameters).is_err());
}

#[tokio::test]
async fn a_new_start_ends_the_one_before_it() {
    let authority = Authority::ready().await;
    let mut client = Client::connect(authority.https_port, None).await.expect("connected");
    let (login, message) = begin(&integrator(), SECRET);
    let first = start(&mut client, &message).await;
    let (finish, _) = answer(login, &message, &client.exporter, &first);
    let (login, message) = begin(&integrator(), SECRET);
    let second = start(&mut client, &message).await;
    assert_eq!(client.post(FINISH_PATH, &finish).await.0, StatusCode::UNAUTHORIZED);
    let (finish, _) = answer(login, &message, &client.exporter, &second);
    assert_eq!(client.post(FINISH_PATH, &finish).await.0, StatusCode::OK);
}

#[tokio::test]
async fn tls_1_2_is_refused_on_the_proof_s_paths() {
    let authority = Authority::ready().await;
    let material = authority.enrolled(&integrator()).await;
    let mut client = Client::connect_old(authority.https_port, &material).await.expect("connected");
    for path in [START_PATH, FINISH_PATH] {
        let (status, body) = client.post(path, &begin(&integrator(), SECRET).1).await;
        assert_eq!((status, &body[..]), (StatusCode::FORBIDDEN, &b"a proof needs TLS 1.3\n"[..]));
    }
}

#[tokio::test]
async fn nobody_can_prove_before_a_secret_is_set() {
    let authority = Authority::bare().await;
    let early = authority.prove(&integrator(), SECRET, Purpose::Prove).await;
    assert!(matches!(early, Err(ProofError::Unavailable(_))));
}

#[tokio::test]
async fn an_unknown_component_is_named_value_by_value_but_only_after_it_proved() {
    let authority = Authority::ready().await;
    let stranger = Identity { version: "9".into(), instance: "other".into(), ..integrator() };
    let outcome = authority.prove(&stranger, SECRET, Purpose::Prove).await.expect("the secret holds").outcome;
    assert_eq!(outcome.status, State::Failed);
    let reason = outcome.reason.expect("a reason");
    assert_eq!(
        reason,
        r#"the component's version is "9" where "2.3" is known, its instance is "other" where "default" is known"#
    );
    let nobody = Identity { name: "nobody".into(), ..integrator() };
    let outcome = authority.prove(&nobody, SECRET, Purpose::Prove).await.expect("the secret holds").outcome;
    assert_eq!(outcome.reason.as_deref(), Some(r#"no component has the name "nobody": import its CSD first"#));
    authority.set_property("am.registration.unknown.components", "accept").await;
    let checked = authority.prove(&nobody, SECRET, Purpose::Check).await.expect("holds").outcome;
    assert_eq!(checked.status, State::New);
    let before = authority.act(json!({ "do": "component-list" })).await.expect("told");
    assert_eq!(before["components"].as_array().map(Vec::len), Some(2), "a check takes nobody in");
    authority.prove(&nobody, SECRET, Purpose::Prove).await.expect("holds");
    let after = authority.act(json!({ "do": "component-list" })).await.expect("told");
    assert_eq!(after["components"].as_array().map(Vec::len), Some(3));
}
