//! A change of the secret act by act: what is accepted when, what a repetition does, and what is refused.

use countersign::registration::admin::{self, Promoted, SecretState};
use countersign::registration::prove::ProofError;
use countersign::registration::wire::Purpose;
use serde_json::json;

use crate::fixture::{Authority, SECRET, integrator, interchange, secret};

pub const NEW: &str = "Tr0ub4dor and three";
pub const NEWER: &str = "hunter2 and hunter3";

impl Authority {
    pub async fn current(&self) -> String {
        self.admin(admin::current).await.expect("told").expect("a current one")
    }

    pub async fn next(&self, text: &'static str, change: &'static str, current: &str) -> Result<String, String> {
        let current = current.to_owned();
        self.admin(move |socket| admin::next_secret(socket, &secret(text), change, &current)).await
    }

    pub async fn promote(&self, change: &'static str, current: &str, to: Option<&str>) -> Result<Promoted, String> {
        let (current, to) = (current.to_owned(), to.map(str::to_owned));
        self.admin(move |socket| admin::promote(socket, change, &current, to.as_deref())).await
    }

    pub async fn replace(&self, text: &'static str, change: &'static str, current: &str) -> Result<String, String> {
        let current = current.to_owned();
        self.admin(move |socket| admin::replace_secret(socket, &secret(text), change, &current)).await
    }

    pub async fn undo(
        &self,
        act: fn(&std::path::Path, &str) -> std::io::Result<()>,
        change: &'static str,
    ) -> Result<(), String> {
        self.admin(move |socket| act(socket, change)).await
    }

    pub async fn settle(&self, change: &'static str, window: Option<u64>) -> Result<(), String> {
        self.admin(move |socket| admin::settle(socket, change, window, Some(&[7; 32]))).await
    }

    pub async fn state(&self, id: &str) -> SecretState {
        let listed = self.admin(admin::secrets).await.expect("told").secrets;
        listed.into_iter().find(|secret| secret.id == id).expect("listed").state
    }

    /// The id that this text proves, if it does. A check, so that nothing is noted of the component.
    pub async fn accepts(&self, text: &str) -> Option<String> {
        match self.prove(&integrator(), text, Purpose::Check).await {
            Ok(proved) => Some(proved.secret_id),
            Err(ProofError::NotAccepted) => None,
            Err(error) => panic!("{error}"),
        }
    }

    /// The integrator's own process proves this text.
    pub async fn proved(&self, text: &str) -> String {
        self.prove(&integrator(), text, Purpose::Prove).await.expect("accepted").secret_id
    }

    /// Rotates to this text as a change of this name, with a window in seconds.
    pub async fn rotate(&self, text: &'static str, change: &'static str, window: u64) -> String {
        let old = self.current().await;
        let new = self.next(text, change, &old).await.expect("accepted");
        self.promote(change, &old, None).await.expect("promoted");
        self.settle(change, Some(window)).await.expect("settled");
        new
    }
}

#[tokio::test]
async fn over_the_whole_of_an_overlap_nobody_who_holds_either_secret_is_refused() {
    let authority = Authority::ready().await;
    let old = authority.current().await;
    let both = async |new: &str| {
        assert_eq!(authority.accepts(SECRET).await.as_deref(), Some(old.as_str()));
        assert_eq!(authority.accepts(NEW).await.as_deref(), Some(new));
    };
    let new = authority.next(NEW, "c1", &old).await.expect("accepted");
    both(&new).await;
    let promoted = authority.promote("c1", &old, None).await.expect("promoted");
    assert_eq!(promoted, Promoted { id: new.clone(), previous: old.clone() });
    both(&new).await;
    authority.settle("c1", Some(3600)).await.expect("settled");
    both(&new).await;

    // The next rotation: three are accepted until it is settled, the fresh one before the older one.
    let newer = authority.next(NEWER, "c2", &new).await.expect("accepted");
    both(&new).await;
    authority.promote("c2", &new, None).await.expect("promoted");
    both(&new).await;
    assert_eq!(authority.proved(SECRET).await, old, "a component may hold the oldest until the next commit");
    assert_eq!(authority.accepts(NEWER).await, Some(newer));
    authority.settle("c2", Some(3600)).await.expect("settled");
    assert_eq!(authority.accepts(SECRET).await, None);
    assert_eq!(authority.accepts(NEW).await, Some(new));
    let audit = authority.audit().await.join("\n");
    for row in [
        format!("admin secret next: ok secret={} change=c1", promoted.id),
        format!("admin secret promoted: ok secret={} change=c1", promoted.id),
        format!("admin secret settled: ok secret={} change=c1", promoted.id),
        format!("admin secret retired: ok secret={old} change=c2"),
    ] {
        assert!(audit.contains(&row), "{row}\n{audit}");
    }
    assert!(!audit.contains(NEW));
}

#[tokio::test]
async fn every_act_of_an_overlap_can_be_repeated_and_undone() {
    let authority = Authority::ready().await;
    let old = authority.current().await;
    let first = authority.next(NEW, "c1", &old).await.expect("accepted");
    let new = authority.next(NEW, "c1", &old).await.expect("accepted again");
    assert_eq!(authority.state(&first).await, SecretState::Retired, "the later record took its place");
    for _ in 0..2 {
        let promoted = authority.promote("c1", &old, None).await.expect("promoted");
        assert_eq!((promoted.id, promoted.previous), (new.clone(), old.clone()));
    }
    let early = authority.undo(admin::drop_next, "c1").await.expect_err("it is the current one");
    assert!(early.contains("undo its promotion first"), "{early}");
    for _ in 0..2 {
        authority.undo(admin::demote, "c1").await.expect("undone");
        assert_eq!((authority.current().await, authority.state(&new).await), (old.clone(), SecretState::Next));
    }
    assert_eq!(authority.accepts(NEW).await, Some(new.clone()), "whoever moved already is not refused");
    authority.promote("c1", &old, None).await.expect("promoted anew");
    authority.undo(admin::demote, "c1").await.expect("undone");
    for _ in 0..2 {
        authority.undo(admin::drop_next, "c1").await.expect("dropped");
        assert_eq!(authority.accepts(NEW).await, None);
    }
    authority.undo(admin::demote, "never heard of").await.expect("nothing to undo");
    let again = authority.next(NEW, "c1", &old).await.expect("an undone change may begin anew");
    authority.promote("c1", &old, None).await.expect("promoted");
    for _ in 0..2 {
        authority.settle("c1", Some(60)).await.expect("settled");
    }
    assert_eq!(authority.current().await, again);
    let late = authority.undo(admin::demote, "c1").await.expect_err("committed");
    assert_eq!(late, "the change c1 of the secret is committed already");
}

#[tokio::test]
async fn one_change_at_a_time_and_only_on_the_secret_that_its_caller_saw() {
    let authority = Authority::ready().await;
    let old = authority.current().await;
    let blind = authority.next(NEW, "c1", "s-other").await.expect_err("not the current one");
    assert_eq!(blind, format!("the current secret is {old}, not s-other"));
    let odd = authority.next(NEW, "c 1", &old).await.expect_err("no name");
    assert!(odd.contains("a change's name"), "{odd}");
    let nothing = authority.settle("c1", None).await.expect_err("nothing begun");
    assert!(nothing.contains("nothing to commit"), "{nothing}");
    authority.next(NEW, "c1", &old).await.expect("accepted");
    let second = authority.next(NEWER, "c2", &old).await.expect_err("c1 holds it");
    assert_eq!(second, "the change c1 of the secret is not finished: resume it or roll it back first");
    assert_eq!(authority.replace(NEWER, "c2", &old).await.expect_err("c1 holds it"), second);
    assert_eq!(authority.promote("c2", &old, None).await.expect_err("c1 holds it"), second);
    let retired = authority.act(json!({ "do": "secret-retire", "id": old })).await.expect_err("c1 may need it");
    assert_eq!(retired, second);
    authority.promote("c1", &old, None).await.expect("promoted");
    let new = authority.current().await;
    assert_eq!(authority.next(NEWER, "c2", &new).await.expect_err("not settled"), second);
    assert_eq!(authority.admin(|socket| admin::previous(socket).map(drop)).await.expect_err("open"), second);
    authority.settle("c1", None).await.expect("settled");
    authority.next(NEWER, "c2", &new).await.expect("accepted");
}

#[tokio::test]
async fn a_cutover_kills_the_old_secret_and_its_undo_brings_the_same_id_back() {
    let authority = Authority::ready().await;
    let taken = authority.try_set("another secret").await.expect_err("there is one");
    let old = authority.current().await;
    assert!(taken.contains(&old), "{taken}");
    authority.replace(NEW, "c1", &old).await.expect("replaced");
    let new = authority.replace(NEW, "c1", &old).await.expect("replaced again");
    assert_eq!((authority.accepts(SECRET).await, authority.accepts(NEW).await), (None, Some(new.clone())));
    assert_eq!(authority.state(&old).await, SecretState::Held);
    let authority = authority.restart().await;
    for _ in 0..2 {
        authority.undo(admin::unreplace, "c1").await.expect("undone");
        assert_eq!((authority.accepts(SECRET).await, authority.accepts(NEW).await), (Some(old.clone()), None));
    }
    authority.replace(NEW, "c1", &old).await.expect("replaced");
    for _ in 0..2 {
        authority.settle("c1", None).await.expect("settled");
        assert_eq!(authority.state(&old).await, SecretState::Retired);
    }
    let reason = authority.admin(|socket| admin::previous(socket).map(drop)).await.expect_err("gone");
    assert_eq!(reason, format!("the last change was a cutover: {old}, which it left, is retired"));
    let late = authority.undo(admin::unreplace, "c1").await.expect_err("committed");
    assert!(late.contains("committed already"), "{late}");
}

#[tokio::test]
async fn a_cutover_retires_what_an_earlier_window_kept() {
    let authority = Authority::ready().await;
    let old = authority.current().await;
    let new = authority.rotate(NEW, "c1", 3600).await;
    authority.replace(NEWER, "c2", &new).await.expect("replaced");
    assert_eq!(authority.accepts(SECRET).await, Some(old.clone()), "an undo must find it");
    authority.settle("c2", None).await.expect("settled");
    assert_eq!((authority.accepts(SECRET).await, authority.accepts(NEW).await), (None, None));
    assert!(!authority.home.window_key().exists());
}

#[tokio::test]
async fn going_back_can_be_undone_and_retires_what_it_left() {
    let authority = Authority::ready().await;
    let old = authority.current().await;
    let new = authority.rotate(NEW, "c1", 3600).await;
    let until = |secrets: admin::Secrets| secrets.secrets.iter().find(|one| one.id == old).expect("listed").until;
    let before = until(authority.admin(admin::secrets).await.expect("told"));
    let odd = authority.promote("c2", &new, Some("s-other")).await.expect_err("not retiring");
    assert!(odd.contains("no going back"), "{odd}");
    for _ in 0..2 {
        let promoted = authority.promote("c2", &new, Some(&old)).await.expect("promoted");
        assert_eq!((promoted.id, promoted.previous), (old.clone(), new.clone()));
    }
    let authority = authority.restart().await;
    assert!(authority.home.window_key().exists(), "an undo needs it");
    for _ in 0..2 {
        authority.undo(admin::demote, "c2").await.expect("undone");
        assert_eq!(authority.current().await, new);
    }
    let secrets = authority.admin(admin::secrets).await.expect("told");
    assert_eq!(secrets.secrets.iter().find(|one| one.id == old).expect("listed").until, before);
    let previous = authority.admin(admin::previous).await.expect("still within the window");
    assert_eq!((&previous.id, *previous.key), (&old, [7; 32]));

    authority.promote("c2", &new, Some(&old)).await.expect("promoted anew");
    assert_eq!(authority.accepts(NEW).await, Some(new.clone()), "until the commit");
    authority.settle("c2", None).await.expect("settled");
    assert_eq!((authority.accepts(SECRET).await, authority.accepts(NEW).await), (Some(old.clone()), None));
    assert!(!authority.home.window_key().exists());
    let reason = authority.admin(|socket| admin::previous(socket).map(drop)).await.expect_err("no further back");
    assert_eq!(reason, format!("the last change went back already: {new}, which it left, is retired"));
}

#[tokio::test]
async fn what_is_open_outlives_a_restart_and_a_new_secret_ends_every_back_off() {
    let authority = Authority::ready().await;
    let old = authority.current().await;
    authority.next(NEW, "c1", &old).await.expect("accepted");
    let authority = authority.restart().await;
    for _ in 0..4 {
        assert_eq!(authority.accepts("a wrong one").await, None);
    }
    authority.undo(admin::drop_next, "c1").await.expect("dropped");
    authority.next(NEWER, "c2", &old).await.expect("accepted");
    let begun = std::time::Instant::now();
    assert!(authority.accepts(NEWER).await.is_some());
    assert!(begun.elapsed() < std::time::Duration::from_millis(1500), "four failures would cost two seconds");
    let proved = authority.prove(&interchange(), NEWER, Purpose::Prove).await.expect("accepted");
    assert_eq!(authority.state(&proved.secret_id).await, SecretState::Next);
}
