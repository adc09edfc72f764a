//! The window: when the previous secret ends, who keeps it alive, and what becomes of its key.

use std::os::unix::fs::PermissionsExt;

use countersign::passport::Home;
use countersign::registration::admin::{self, SecretState};
use countersign::registration::wire::Purpose;
use serde_json::json;

use crate::changes::{NEW, NEWER};
use crate::fixture::{Authority, SECRET, integrator, interchange};

impl Authority {
    async fn no_way_back(&self) -> String {
        self.admin(|socket| admin::previous(socket).map(drop)).await.expect_err("no way back")
    }

    async fn waiting(&self) -> Vec<String> {
        self.admin(admin::secrets).await.expect("told").waiting
    }

    fn log(&self) -> String {
        std::fs::read_to_string(self.home.log()).expect("a log")
    }

    /// Waits until the log has this text.
    async fn logged(&self, text: &str) {
        let looking = async {
            while !self.log().contains(text) {
                self.audit().await;
            }
        };
        tokio::time::timeout(std::time::Duration::from_secs(20), looking).await.expect("a log line");
    }
}

#[tokio::test]
async fn the_end_of_the_window_retires_the_previous_secret_and_its_key() {
    let authority = Authority::ready().await;
    assert_eq!(authority.no_way_back().await, "the secret was never rotated: there is none to go back to");
    let old = authority.current().await;
    authority.rotate(NEW, "c1", 3600).await;
    authority.proved(NEW).await;
    let mode = std::fs::metadata(authority.home.window_key()).expect("a key").permissions().mode() & 0o7777;
    assert_eq!(mode, 0o600);
    let previous = authority.admin(admin::previous).await.expect("within the window");
    assert_eq!((&previous.id, *previous.key), (&old, [7; 32]));
    assert!(previous.until > jiff::Timestamp::now());

    let newer = authority.rotate(NEWER, "c2", 1).await;
    authority.proved(NEWER).await;
    authority.audited("policy secret retired: ok").await;
    assert_eq!((authority.accepts(NEW).await, authority.accepts(NEWER).await), (None, Some(newer)));
    assert!(!authority.home.window_key().exists());
    let reason = authority.no_way_back().await;
    assert!(reason.contains("is over since 20"), "{reason}");
    let database = if authority.home.database().exists() { 3 } else { 0 };
    let files = std::fs::read_dir(authority.home.path().join("data")).expect("listed").count();
    assert_eq!(files, database, "the database alone");
}

#[tokio::test]
async fn a_component_that_did_not_prove_the_newer_secret_keeps_the_old_one_alive() {
    let authority = Authority::ready().await;
    let old = authority.current().await;
    for who in [integrator(), interchange()] {
        authority.prove(&who, SECRET, Purpose::Prove).await.expect("accepted");
    }
    assert!(authority.waiting().await.is_empty(), "nothing is retiring");
    authority.rotate(NEW, "c1", 0).await;
    authority.proved(NEW).await;
    assert_eq!(authority.waiting().await, ["interchange"]);
    let kept = format!("the window of {old} is over, but it stays accepted");
    authority.logged(&kept).await;
    assert!(authority.accepts(SECRET).await.is_some());
    let reason = authority.no_way_back().await;
    assert!(reason.contains("is over since"), "{reason}");

    // A check tells nothing of the component's own process.
    authority.prove(&interchange(), NEW, Purpose::Check).await.expect("accepted");
    assert_eq!(authority.waiting().await, ["interchange"]);
    assert_eq!(authority.log().matches(&kept).count(), 1, "it is said once");
    let authority = authority.restart().await;
    assert!(authority.accepts(SECRET).await.is_some(), "a start does not forget the rule");
    authority.prove(&interchange(), NEW, Purpose::Prove).await.expect("accepted");
    authority.audited(&format!("policy secret retired: ok secret={old}")).await;
    assert!(authority.accepts(SECRET).await.is_none());
    assert!(authority.waiting().await.is_empty());
}

#[tokio::test]
async fn a_removed_component_keeps_nothing_alive_and_one_that_never_proved_neither() {
    let authority = Authority::ready().await;
    authority.prove(&integrator(), SECRET, Purpose::Prove).await.expect("accepted");
    let old = authority.current().await;
    authority.rotate(NEW, "c1", 0).await;
    assert_eq!(authority.waiting().await, ["integrator"]);
    authority.admin(|socket| admin::remove_component(socket, &integrator())).await.expect("removed");
    authority.audited(&format!("policy secret retired: ok secret={old}")).await;
}

#[tokio::test]
async fn retiring_by_hand_takes_the_key_along_and_a_start_tidies_what_a_dead_process_left() {
    let authority = Authority::ready().await;
    let old = authority.current().await;
    authority.rotate(NEW, "c1", 3600).await;
    let authority = authority.restart().await;
    let key = std::fs::read_to_string(authority.home.window_key()).expect("it stays while its secret does");
    authority.act(json!({ "do": "secret-retire", "id": old })).await.expect("retired");
    assert!(!authority.home.window_key().exists());
    assert_eq!(authority.no_way_back().await, format!("{old} was retired before the end of its window"));
    let half_written = |home: &Home| home.path().join("data/.window.key.countersign");
    let authority = authority
        .restart_after(|home| {
            for file in [home.window_key(), half_written(home)] {
                countersign::fs::create(&file, key.as_bytes(), 0o600).expect("put back");
            }
        })
        .await;
    assert!(!authority.home.window_key().exists() && !half_written(&authority.home).exists());
}

#[tokio::test]
async fn a_settle_that_cannot_keep_the_key_commits_nothing() {
    let authority = Authority::ready().await;
    let old = authority.current().await;
    authority.next(NEW, "c1", &old).await.expect("accepted");
    authority.promote("c1", &old, None).await.expect("promoted");
    std::fs::create_dir(authority.home.window_key()).expect("in the way");
    authority.settle("c1", Some(3600)).await.expect_err("no place for the key");
    assert_eq!(authority.state(&old).await, SecretState::Retiring);
    std::fs::remove_dir(authority.home.window_key()).expect("out of the way");
    authority.settle("c1", Some(3600)).await.expect("settled");
    authority.admin(admin::previous).await.expect("the key is there");
}

#[tokio::test]
async fn without_a_key_the_window_lasts_but_nobody_goes_back() {
    let authority = Authority::ready().await;
    let old = authority.current().await;
    authority.next(NEW, "c1", &old).await.expect("accepted");
    authority.promote("c1", &old, None).await.expect("promoted");
    authority.admin(|socket| admin::settle(socket, "c1", Some(3600), None)).await.expect("settled");
    assert_eq!(authority.accepts(SECRET).await, Some(old.clone()));
    assert_eq!(authority.no_way_back().await, format!("the key of {old} was not left with PassPort"));
}
