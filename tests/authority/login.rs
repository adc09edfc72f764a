//! The port for client authentication.

use countersign::registration::wire::{LOGIN_PATH, LoginAnswer, LoginRequest};
use hyper::StatusCode;
use serde_json::json;

use crate::client::Client;
use crate::fixture::{Authority, interchange};

fn system(password: &str) -> LoginRequest {
    LoginRequest { user: "system".into(), password: password.into(), domain: "Synchrony".into() }
}

#[tokio::test]
async fn system_logs_in_over_a_component_s_certificate() {
    let authority = Authority::ready().await;
    let material = authority.enrolled(&interchange()).await;
    let mut client = Client::connect(authority.client_auth_port, Some(&material)).await.expect("connected");
    let (status, body) = client.post(LOGIN_PATH, &system("system password")).await;
    assert_eq!(status, StatusCode::OK);
    let answer: LoginAnswer = serde_json::from_slice(&body).expect("an answer");
    assert_eq!((answer.user.as_str(), answer.domain.as_str()), ("system", "Synchrony"));
    assert_eq!(answer.roles, ["System:Administration"]);
    assert_eq!(client.post(LOGIN_PATH, &system("wrong")).await, (StatusCode::UNAUTHORIZED, "".into()));
    let nobody = LoginRequest { user: "nobody".into(), ..system("system password") };
    assert_eq!(client.post(LOGIN_PATH, &nobody).await, (StatusCode::UNAUTHORIZED, "".into()));
    let audit = authority.audit().await.join("\n");
    assert!(audit.contains("login: ok") && audit.contains("login: refused"), "{audit}");
    assert!(!audit.contains("system password"));
}

#[tokio::test]
async fn without_a_certificate_the_port_gives_nothing_and_the_other_port_has_no_login() {
    let authority = Authority::ready().await;
    let refused = match Client::connect(authority.client_auth_port, None).await {
        Err(_) => true,
        Ok(mut client) => client.try_post(LOGIN_PATH, &system("system password")).await.is_err(),
    };
    assert!(refused);
    let mut client = Client::connect(authority.https_port, None).await.expect("connected");
    assert_eq!(client.post(LOGIN_PATH, &json!({})).await.0, StatusCode::NOT_FOUND);
}

#[tokio::test]
async fn an_open_connection_ends_its_rights_with_its_certificate() {
    let authority = Authority::ready().await;
    let material = authority.enrolled(&interchange()).await;
    let mut client = Client::connect(authority.client_auth_port, Some(&material)).await.expect("connected");
    assert_eq!(client.post(LOGIN_PATH, &system("system password")).await.0, StatusCode::OK);
    authority.act(json!({ "do": "forget", "identity": interchange() })).await.expect("forgotten");
    assert_eq!(client.post(LOGIN_PATH, &system("system password")).await.0, StatusCode::UNAUTHORIZED);
}
