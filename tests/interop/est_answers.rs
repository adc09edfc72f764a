//! Our EST client against everything that a server may answer.

use std::sync::Arc;
use std::time::Duration;

use countersign::registration::enrol::{RegisterError, Registration, register, register_in_turn};
use countersign::registration::est::EstError;
use countersign::registration::issued::Unfit;
use countersign::registration::state::State;
use rcgen::{CertificateParams, KeyPair, date_time_ymd};

use crate::foreign::{Came, Component, Pki, Scripted, answer, issued, secret};

async fn drive(component: &Component) -> Result<Registration, RegisterError> {
    register(&component.site, &component.signer, &secret("a good long secret")).await
}

/// Registers once with a server that answers every POST this way.
async fn once(
    say: impl Fn(&Pki, &Came) -> String + Send + Sync + 'static,
) -> (Result<Registration, RegisterError>, Component) {
    let pki = Arc::new(Pki::new());
    let signer = pki.clone();
    let server = Scripted::start(
        &pki,
        move |came, _| if came.line.starts_with("POST") { say(&signer, came) } else { String::new() },
    )
    .await;
    let component = Component::new(server.port, pki.ca.der());
    (drive(&component).await, component)
}

#[tokio::test]
async fn a_pending_request_is_asked_for_again_with_the_same_bytes() {
    let pki = Arc::new(Pki::new());
    let signer = pki.clone();
    let server = Scripted::start(&pki, move |came, before| match (came.line.starts_with("POST"), before) {
        (false, _) => String::new(),
        (true, 0) => answer("202 Accepted", "Retry-After: 1\r\n", ""),
        (true, 1) => answer("202 Accepted", "Retry-After: 3600\r\n", ""),
        (true, 2) => answer("202 Accepted", "Retry-After: Fri, 01 Jan 2100 00:00:00 GMT\r\n", ""),
        (true, _) => issued(&[&signer.sign(&came.request(), |_| ())]),
    })
    .await;
    let component = Component::new(server.port, pki.ca.der());

    let first = drive(&component).await.expect("answered");
    assert_eq!((first.state, first.retry_after), (State::Submitted, Some(Duration::from_hours(1))));
    assert_eq!(server.posts().len(), 2, "a short wait is waited, a long one is not");
    assert_eq!(component.site.state(), State::Submitted);
    let names = component.files().join(" ");
    for temporary in [".jks.csrid", ".jks.key", ".jks.pub"] {
        assert!(names.contains(temporary), "{names}");
    }
    assert!(!component.site.keystore().exists());

    let waits = register_in_turn(&component.site, &component.signer, &secret("a good long secret")).await;
    let waits = waits.expect("told from the temporary");
    assert_eq!(waits.state, State::Submitted);
    assert!(waits.retry_after.is_some_and(|left| (3500..=3600).contains(&left.as_secs())), "{waits:?}");
    assert_eq!(server.posts().len(), 2, "not asked before its time");

    let second = drive(&component).await.expect("answered");
    assert_eq!(second.retry_after, Some(Duration::from_hours(24)), "a date is understood, and not believed for ever");
    assert_eq!(drive(&component).await.expect("answered").state, State::Registered);
    assert_eq!(component.site.state(), State::Registered);
    let posts = server.posts();
    assert!(posts.iter().all(|post| post.body == posts[0].body), "one request");
    assert!(posts[0].body.lines().all(|line| line.len() <= 64) && posts[0].body.ends_with('\n'));
    assert!(posts[0].head.contains("POST /.well-known/est/simpleenroll HTTP/1.1"));
    let material = component.site.material().expect("opens").expect("there");
    assert_eq!(material.ca(), pki.ca.der());
    assert_eq!(component.files().len(), 3, "keystore, password, lock: {:?}", component.files());
}

#[tokio::test]
async fn the_leaf_is_found_among_several_whatever_their_order() {
    let (registration, component) = once(|pki, came| {
        let ours = pki.sign(&came.request(), |_| ());
        let other = CertificateParams::default().self_signed(&KeyPair::generate().expect("a key")).expect("signed");
        issued(&[other.der(), pki.ca.der(), &ours])
    })
    .await;
    assert_eq!(registration.expect("answered").state, State::Registered);
    assert_eq!(component.site.material().expect("opens").expect("there").chain.len(), 2);
}

#[tokio::test]
async fn a_certificate_that_cannot_be_used_never_reaches_the_keystore() {
    type Change = fn(&mut CertificateParams);
    type Fits = fn(&Unfit) -> bool;
    let cases: [(Change, Fits, &str); 3] = [
        (|one| one.not_after = date_time_ymd(2020, 1, 1), |unfit| matches!(unfit, Unfit::Ended(100_000_000..)), " s: "),
        (
            |one| one.not_before = date_time_ymd(2090, 1, 1),
            |unfit| matches!(unfit, Unfit::NotYet(100_000_000..)),
            " s: ",
        ),
        (
            |one| one.extended_key_usages = vec![rcgen::ExtendedKeyUsagePurpose::ServerAuth],
            |unfit| *unfit == Unfit::NotForClients,
            "clientAuth",
        ),
    ];
    for (change, fits, said) in cases {
        let (registration, component) = once(move |pki, came| issued(&[&pki.sign(&came.request(), change)])).await;
        let error = registration.expect_err("refused");
        assert!(matches!(&error, RegisterError::Certificate(unfit) if fits(unfit)), "{error}");
        assert!(error.to_string().contains(said), "{error}");
        assert!(!component.site.keystore().exists());
    }
    let (registration, component) = once(|pki, _| {
        let key = KeyPair::generate().expect("a key");
        let request = CertificateParams::default().serialize_request(&key).expect("a request");
        issued(&[&pki.sign(request.der(), |_| ())])
    })
    .await;
    assert!(matches!(registration, Err(RegisterError::Certificate(Unfit::OtherKey))));
    let (stranger, _) = once(|_, came| issued(&[&Pki::new().sign(&came.request(), |_| ())])).await;
    assert!(matches!(stranger, Err(RegisterError::Certificate(Unfit::OtherCa))));
    assert!(!component.site.keystore().exists());
}

#[tokio::test]
async fn every_other_answer_is_one_clear_line() {
    let cases: [(&str, &str, &str); 7] = [
        ("200 OK", "<html>\nhello</html>", "neither base64 nor DER"),
        ("200 OK", "MIIB", "is cut off"),
        ("204 No Content", "", "answered 204 to simpleenroll"),
        ("401 Unauthorized", "", "does not accept this secret for the user integrator/default"),
        ("404 Not Found", "", "check authority.label"),
        ("302 Found", "elsewhere", "answered 302"),
        ("500 Internal Server Error", "out of\nserials\u{7}", "answered 500 to simpleenroll: out of serials"),
    ];
    for (status, body, said) in cases {
        let (registration, component) = once(move |_, _| answer(status, "", body)).await;
        let error = registration.expect_err(status).to_string();
        assert!(error.contains(said) && !error.contains('\n'), "{status}: {error}");
        assert!(!error.contains("a good long secret"));
        assert_eq!(component.site.state(), State::Submitted, "the next attempt goes on: {status}");
    }
    let (refused, component) = once(|_, _| answer("403 Forbidden", "", "not in this\r\nhouse")).await;
    let refused = refused.expect("answered");
    assert_eq!((refused.state, refused.reason.as_deref()), (State::ValidationRefused, Some("not in this house")));
    assert_eq!(component.site.state(), State::ValidationRefused);
}

#[tokio::test]
async fn nothing_is_submitted_where_the_clock_is_wrong() {
    let pki = Arc::new(Pki::new());
    let server = Scripted::start(&pki, |_, _| answer("200 OK", "Date: Sun, 06 Nov 1994 08:49:37 GMT\r\n", "")).await;
    let component = Component::new(server.port, pki.ca.der());
    let error = drive(&component).await.expect_err("refused");
    assert!(matches!(error, RegisterError::Est(EstError::Clock(..-900_000_000))), "{error}");
    assert!(server.posts().is_empty());
}

#[tokio::test]
async fn the_secret_goes_to_no_server_but_the_pinned_one() {
    let pki = Arc::new(Pki::new());
    let server = Scripted::start(&pki, |_, _| String::new()).await;
    let component = Component::new(server.port, Pki::new().ca.der());
    let error = drive(&component).await.expect_err("refused");
    assert!(matches!(error, RegisterError::Est(EstError::Untrusted(..))), "{error}");
    assert!(server.came.lock().expect("locked").is_empty());
}
