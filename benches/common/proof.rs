//! A component's proof of the secret (OPAQUE), as the library makes it, over a connection of the bench's own.

use std::net::Ipv4Addr;

use countersign::registration::opaque::{Suite, rng};
use countersign::registration::state::State;
use countersign::registration::wire::{
    Bytes, EXPORTER_LABEL, EXPORTER_LENGTH, FINISH_PATH, FinishAnswer, FinishRequest, Identity, Outcome, Purpose,
    START_PATH, StartAnswer, StartRequest, context,
};
use opaque_ke::{ClientLogin, ClientLoginFinishParameters, CredentialResponse, Identifiers};
use serde::Serialize;
use serde::de::DeserializeOwned;

use super::authority::SECRET;
use super::client::{Connection, Target, message};

const NO_REQUEST: [u8; 32] = [0; 32];

/// Proves the secret once. The stretched key is remembered by the process, so only the first proof pays for it.
pub async fn prove(target: &Target, from: Ipv4Addr, component: &Identity) {
    let mut connection = target.connect(from).await.expect("connected");
    let login = ClientLogin::<Suite>::start(&mut rng(), SECRET.as_bytes()).expect("begun");
    let start = StartRequest {
        component: component.clone(),
        purpose: Purpose::Prove,
        request_hash: Bytes(NO_REQUEST.to_vec()),
        ke1: Bytes(login.message.serialize().to_vec()),
    };
    let StartAnswer { token, challenges } = post(&mut connection, START_PATH, &start).await;
    let challenge = challenges.into_iter().next().expect("a challenge");
    let ke2 = CredentialResponse::deserialize(&challenge.ke2.0).expect("readable");
    let exporter = connection
        .session()
        .export_keying_material([0; EXPORTER_LENGTH], EXPORTER_LABEL, Some(b""))
        .expect("a channel binding");
    let bound = context(Purpose::Prove, &challenge.id, component, &exporter, &NO_REQUEST);
    let parameters = ClientLoginFinishParameters::new(Some(&bound), Identifiers::default(), None);
    let finished = login.state.finish(&mut rng(), SECRET.as_bytes(), ke2, parameters).expect("the same secret");
    let ke3 = Bytes(finished.message.serialize().to_vec());
    let finish = FinishRequest { token, secret_id: challenge.id, ke3, request: None, gives_up: None };
    let FinishAnswer { outcome, .. } = post(&mut connection, FINISH_PATH, &finish).await;
    let outcome: Outcome = serde_json::from_str(&outcome).expect("readable");
    assert!(matches!(outcome.status, State::New | State::Registered), "{outcome:?}");
}

async fn post<T: DeserializeOwned>(connection: &mut Connection, path: &str, body: &impl Serialize) -> T {
    let body = serde_json::to_vec(body).expect("JSON");
    let message = message(&format!("POST {path}"), "content-type: application/json\r\n", &body);
    let answer = connection.ask(&message).await.expect("answered");
    assert_eq!(answer.status, 200);
    serde_json::from_slice(&answer.body).expect("readable")
}
