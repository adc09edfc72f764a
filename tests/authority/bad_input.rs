//! Whatever is sent in place of what belongs there: an exact answer, and a server that goes on. EST's is in tests/interop.

use countersign::registration::state::State;
use countersign::registration::wire::{
    AUTHORISE_PATH, Bytes, FINISH_PATH, FinishAnswer, FinishRequest, LOGIN_PATH, Outcome, PASSWORD_PATH, Purpose,
    START_PATH, STATUS_PATH, StartRequest, request_hash,
};
use hyper::StatusCode;
use rcgen::{CertificateParams, KeyPair, PKCS_ECDSA_P384_SHA384};
use serde_json::{Value, json};

use crate::client::Client;
use crate::fixture::{Authority, SECRET, integrator, interchange, request};
use crate::proof::{answer, begin, start};

const NOT_UNDERSTOOD: &str = "the body is not what this path takes\n";
const TOO_LONG: &str = "the body is longer than 65536 bytes\n";
const NO_JSON: &str = "the body's content type must be application/json\n";

fn large() -> Vec<u8> {
    vec![b'"'; 10 * 1024 * 1024]
}

/// A good first message with another value here.
fn start_with(key: &str, value: Value) -> Vec<u8> {
    let mut message = json!(begin(&integrator(), SECRET).1);
    message[key] = value;
    message.to_string().into_bytes()
}

/// A whole proof on a connection that is open already.
async fn proves(client: &mut Client) {
    let (login, message) = begin(&integrator(), SECRET);
    let challenged = start(client, &message).await;
    let (finish, _) = answer(login, &message, &client.exporter, &challenged);
    assert_eq!(client.post(FINISH_PATH, &finish).await.0, StatusCode::OK);
}

#[tokio::test]
async fn what_a_path_does_not_take_gets_its_status_and_one_line() {
    let authority = Authority::ready().await;
    let material = authority.enrolled(&interchange()).await;
    let good = json!(begin(&integrator(), SECRET).1).to_string().into_bytes();
    let cut = good[..good.len() / 2].to_vec();
    let ke1 = json!(begin(&integrator(), SECRET).1)["ke1"].as_str().expect("text")[..40].to_owned();
    let who = |name: &str| json!({ "name": name, "version": "2.3", "group": "B2Bi", "instance": "default" });
    let json = Some("application/json; charset=utf-8");
    let rows = [
        ("nothing", START_PATH, json, Vec::new(), 400, NOT_UNDERSTOOD),
        ("garbage", START_PATH, None, vec![0xff; 300], 400, NOT_UNDERSTOOD),
        ("half a message", START_PATH, json, cut, 400, NOT_UNDERSTOOD),
        ("another message", START_PATH, json, b"{}".to_vec(), 400, NOT_UNDERSTOOD),
        ("a KE1 cut short", START_PATH, json, start_with("ke1", json!(ke1)), 400, NOT_UNDERSTOOD),
        ("a KE1 that is no point", START_PATH, json, start_with("ke1", json!("/".repeat(128))), 400, NOT_UNDERSTOOD),
        ("a KE1 that is no base64", START_PATH, json, start_with("ke1", json!("%")), 400, NOT_UNDERSTOOD),
        ("a short hash", START_PATH, json, start_with("request_hash", json!("AAAA")), 400, NOT_UNDERSTOOD),
        ("another purpose", START_PATH, json, start_with("purpose", json!("look")), 400, NOT_UNDERSTOOD),
        ("a long name", START_PATH, json, start_with("component", who(&"n".repeat(257))), 400, NOT_UNDERSTOOD),
        ("one key more", START_PATH, json, start_with("secret", json!("s")), 400, NOT_UNDERSTOOD),
        ("another type", START_PATH, Some("text/plain"), good.clone(), 415, NO_JSON),
        ("a request's type", START_PATH, Some("application/pkcs10"), good, 415, NO_JSON),
        ("10 MB", START_PATH, json, large(), 413, TOO_LONG),
        ("garbage", FINISH_PATH, json, vec![0; 300], 400, NOT_UNDERSTOOD),
        ("another message", FINISH_PATH, json, b"[]".to_vec(), 400, NOT_UNDERSTOOD),
        ("another type", FINISH_PATH, Some("text/xml"), b"{}".to_vec(), 415, NO_JSON),
        ("10 MB", FINISH_PATH, None, large(), 413, TOO_LONG),
        ("no proof", FINISH_PATH, json, br#"{"token":"t","secret_id":"s","ke3":""}"#.to_vec(), 401, ""),
        ("garbage", LOGIN_PATH, json, vec![0xff; 300], 400, NOT_UNDERSTOOD),
        ("a form", LOGIN_PATH, Some("application/x-www-form-urlencoded"), b"user=system".to_vec(), 415, NO_JSON),
        ("10 MB", LOGIN_PATH, json, large(), 413, TOO_LONG),
        ("garbage", PASSWORD_PATH, None, b"{".to_vec(), 400, NOT_UNDERSTOOD),
        ("10 MB", PASSWORD_PATH, json, large(), 413, TOO_LONG),
        ("garbage", AUTHORISE_PATH, json, b"null".to_vec(), 400, NOT_UNDERSTOOD),
        ("another type", AUTHORISE_PATH, Some("text/plain"), b"{}".to_vec(), 415, NO_JSON),
    ];
    let mut open = Client::connect(authority.https_port, None).await.expect("connected");
    let mut closed = Client::connect(authority.client_auth_port, Some(&material)).await.expect("connected");
    for (what, path, kind, body, status, line) in rows {
        let is_open = [START_PATH, FINISH_PATH].contains(&path);
        let client = if is_open { &mut open } else { &mut closed };
        let (answered, said) = client.send(path, kind, body).await.expect("answered");
        assert_eq!((answered.as_u16(), &said[..]), (status, line.as_bytes()), "{what} for {path}");
        assert_eq!(client.get(STATUS_PATH).await.0, StatusCode::OK, "{what} for {path}: the connection goes on");
    }
    proves(&mut open).await;
}

#[tokio::test]
async fn a_message_of_another_proof_is_the_same_401_as_a_wrong_secret() {
    type Spoil = fn(&mut FinishRequest, &FinishRequest);
    let authority = Authority::ready().await;
    let mut client = Client::connect(authority.https_port, None).await.expect("connected");
    let (login, message) = begin(&integrator(), SECRET);
    let challenged = start(&mut client, &message).await;
    let (used, _) = answer(login, &message, &client.exporter, &challenged);
    assert_eq!(client.post(FINISH_PATH, &used).await.0, StatusCode::OK);
    let rows: [(&str, Spoil); 6] = [
        ("the whole of a finished proof", |finish, used| {
            (finish.token, finish.ke3) = (used.token.clone(), used.ke3.clone());
        }),
        ("the KE3 of a finished proof", |finish, used| finish.ke3 = used.ke3.clone()),
        ("the token of a finished proof", |finish, used| finish.token.clone_from(&used.token)),
        ("a KE3 with one bit changed", |finish, _| finish.ke3.0[5] ^= 1),
        ("a KE3 cut short", |finish, _| finish.ke3.0.truncate(10)),
        ("a secret that nobody was challenged for", |finish, _| finish.secret_id = "s-nothing".into()),
    ];
    let unproved = (StatusCode::UNAUTHORIZED, "".into());
    for (what, spoil) in rows {
        let (login, message) = begin(&integrator(), SECRET);
        let challenged = start(&mut client, &message).await;
        let (mut finish, _) = answer(login, &message, &client.exporter, &challenged);
        spoil(&mut finish, &used);
        assert_eq!(client.post(FINISH_PATH, &finish).await, unproved, "{what}");
        proves(&mut client).await;
    }

    // The same KE1 on two connections at once: what answers one challenge is worth nothing on the other.
    let mut other = Client::connect(authority.https_port, None).await.expect("connected");
    let (login, message) = begin(&integrator(), SECRET);
    let (here, there) = (start(&mut client, &message).await, start(&mut other, &message).await);
    let (finish, _) = answer(login, &message, &client.exporter, &here);
    assert_eq!(other.post(FINISH_PATH, &finish).await, unproved, "the token of another connection");
    let moved =
        FinishRequest { token: there.token, secret_id: finish.secret_id.clone(), ke3: finish.ke3.clone(), ..used };
    assert_eq!(other.post(FINISH_PATH, &moved).await, unproved, "the KE3 for another connection");
    assert_eq!(client.post(FINISH_PATH, &finish).await.0, StatusCode::OK, "where it belongs it is good");
    proves(&mut other).await;
}

#[tokio::test]
async fn what_is_no_request_is_refused_in_one_line_and_never_taken_in() {
    let authority = Authority::ready().await;
    let (_, good) = request();
    let mut forged = good.clone();
    *forged.last_mut().expect("bytes") ^= 1;
    let weak = KeyPair::generate_for(&PKCS_ECDSA_P384_SHA384).expect("a key");
    let weak = CertificateParams::default().serialize_request(&weak).expect("a request").der().to_vec();
    let none = "the request is no certificate request (PKCS#10)";
    for (what, der, line) in [
        ("nothing", Vec::new(), none),
        ("garbage", vec![0xff; 300], none),
        ("truncated DER", good[..good.len() - 10].to_vec(), none),
        ("a length beyond its end", [&[0x30, 0x84, 0xff, 0xff, 0xff, 0xff], &good[..]].concat(), none),
        ("more than one", good.repeat(2), "the request has bytes after its end"),
        ("a bad signature", forged, "the request's signature does not fit its key"),
        ("another key", weak, "the request's key must be P-256, or RSA of 2048 bits or more"),
    ] {
        let outcome = authority.enrol(&integrator(), &der).await.expect("proved").outcome;
        assert_eq!((outcome.status, outcome.reason.as_deref()), (State::ValidationRefused, Some(line)), "{what}");
        assert!(outcome.request_id.is_none() && outcome.certificate.is_none(), "{what}");
    }
    let large = authority.enrol(&integrator(), &large()).await.err().expect("refused").to_string();
    assert!(large.ends_with(": HTTP 413 Payload Too Large the body is longer than 65536 bytes"), "{large}");

    // The request of one proof in another's place.
    let mut client = Client::connect(authority.https_port, None).await.expect("connected");
    let (login, message) = begin(&integrator(), SECRET);
    let message =
        StartRequest { purpose: Purpose::Enrol, request_hash: Bytes(request_hash(Some(&good)).to_vec()), ..message };
    let challenged = start(&mut client, &message).await;
    let (finish, _) = answer(login, &message, &client.exporter, &challenged);
    let finish = FinishRequest { request: Some(Bytes(request().1)), ..finish };
    let (status, sealed) = client.post(FINISH_PATH, &finish).await;
    assert_eq!(status, StatusCode::OK);
    let sealed: FinishAnswer = serde_json::from_slice(&sealed).expect("an answer");
    let outcome: Outcome = serde_json::from_str(&sealed.outcome).expect("an outcome");
    let line = "the request is not the one that the proof was begun for";
    assert_eq!((outcome.status, outcome.reason.as_deref()), (State::Failed, Some(line)));

    let requests = async || authority.act(json!({ "do": "requests" })).await.expect("told")["requests"].clone();
    assert_eq!(requests().await, json!([]));
    assert_eq!(authority.enrol(&integrator(), &good).await.expect("proved").outcome.status, State::Registered);
    assert_eq!(requests().await.as_array().map(Vec::len), Some(1));
    authority.prove(&integrator(), SECRET, Purpose::Prove).await.expect("healthy");
}
