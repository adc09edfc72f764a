//! Secret ids by hand: added, promoted and retired by verbs, with components that prove one or the other.

use countersign::registration::wire::Purpose;
use serde_json::{Value, json};

use crate::changes::{NEW, NEWER};
use crate::fixture::{Authority, SECRET, integrator, interchange};

impl Authority {
    /// Runs a verb of `passport secret` that must succeed; its JSON.
    async fn secret_verb(&self, arguments: &[&str]) -> Value {
        let said = self.verb(&[&["secret"], arguments].concat(), 0).await;
        serde_json::from_str(&said).expect("JSON")
    }

    /// Adds this text by hand; its id.
    async fn add(&self, text: &str) -> String {
        let added = self.secret_verb(&["add", "--from", &self.kept(text)]).await;
        assert_eq!(added["changed"], json!(true));
        added["id"].as_str().expect("an id").to_owned()
    }

    /// A file with this text, as a source.
    fn kept(&self, text: &str) -> String {
        let file = self.home.path().with_file_name(text.replace(' ', "-"));
        countersign::fs::replace(&file, text.as_bytes(), 0o600).expect("written");
        format!("file:{}", file.display())
    }

    /// Id, state and how many components proved it last, of each that is not retired.
    async fn held(&self) -> Vec<(String, String, u64)> {
        let listed = self.secret_verb(&["list"]).await;
        let one = |one: &Value| {
            assert_eq!(one["components"], json!(2));
            let text = |key: &str| one[key].as_str().expect("text").to_owned();
            (text("id"), text("state"), one["proved"].as_u64().expect("a number"))
        };
        listed.as_array().expect("a list").iter().map(one).filter(|(_, state, _)| state != "retired").collect()
    }
}

#[tokio::test]
async fn a_secret_is_added_promoted_and_the_old_one_retired_only_when_nobody_holds_it() {
    let authority = Authority::ready().await;
    let old = authority.current().await;
    for who in [integrator(), interchange()] {
        authority.prove(&who, SECRET, Purpose::Prove).await.expect("accepted");
    }
    let state = |id: &str, state: &str, proved| (id.to_owned(), state.to_owned(), proved);
    assert_eq!(authority.held().await, [state(&old, "current", 2)]);
    let same = authority.secret_verb(&["add", "--from", &authority.kept(SECRET)]).await;
    assert_eq!(same, json!({ "id": old, "changed": false }));

    let new = authority.add(NEW).await;
    let said = authority.verb(&["secret", "add", "--from", &authority.kept(NEWER)], 9).await;
    assert!(said.contains(&format!("it holds {new}")), "{said}");
    authority.proved(NEW).await;
    let mut both = [state(&new, "next", 1), state(&old, "current", 1)];
    let mut held = authority.held().await;
    both.sort();
    held.sort();
    assert_eq!(held, both);
    let said = authority.verb(&["secret", "retire", &new], 3).await;
    assert!(said.contains("is still used: integrator proved it last"), "{said}");
    let said = authority.verb(&["secret", "retire", &old], 3).await;
    assert!(said.contains("is the current secret"), "{said}");

    assert_eq!(authority.secret_verb(&["promote", &new]).await, json!({ "id": new, "changed": true }));
    assert_eq!(authority.secret_verb(&["promote", &new]).await, json!({ "id": new, "changed": false }));
    assert_eq!((authority.accepts(SECRET).await, authority.accepts(NEW).await), (Some(old.clone()), Some(new.clone())));
    let said = authority.verb(&["secret", "retire", &old], 3).await;
    assert!(said.contains("interchange have not proved the current secret since"), "{said}");
    authority.prove(&interchange(), NEW, Purpose::Prove).await.expect("accepted");
    assert_eq!(authority.secret_verb(&["retire", &old]).await, json!({ "id": old, "used": [] }));
    assert_eq!((authority.accepts(SECRET).await, authority.held().await), (None, vec![state(&new, "current", 2)]));
    assert!(authority.verb(&["secret", "promote", &old], 3).await.contains("only a next or retiring secret"));
}

#[tokio::test]
async fn what_would_lock_a_component_out_needs_its_own_word_and_is_on_record() {
    let authority = Authority::ready().await;
    let old = authority.current().await;
    authority.prove(&interchange(), SECRET, Purpose::Prove).await.expect("accepted");
    let new = authority.add(NEW).await;
    authority.secret_verb(&["promote", &new, "--window", "1h"]).await;
    let newer = authority.add(NEWER).await;
    let said = authority.verb(&["secret", "promote", &newer], 3).await;
    assert!(said.contains(&format!("{old} would be retired at once, and 1 components proved it last")), "{said}");
    let used = authority.secret_verb(&["retire", &old, "--even-if-used"]).await;
    assert_eq!(used["used"], json!(["interchange"]));
    authority.audited(&format!("admin secret retired: ok secret={old} reason=although interchange may hold it")).await;
    assert_eq!(authority.accepts(SECRET).await, None);

    // Dropped before it was promoted, and there is room for another.
    authority.secret_verb(&["retire", &newer]).await;
    assert_eq!(authority.accepts(NEWER).await, None);
    let newer = authority.add(NEWER).await;
    authority.secret_verb(&["promote", &newer]).await;
    authority.secret_verb(&["promote", &new]).await;
    assert_eq!(
        (authority.current().await, authority.accepts(NEWER).await),
        (new, None),
        "back, and what it left is gone"
    );
}

#[tokio::test]
async fn a_list_has_as_many_as_were_asked_for_and_never_without_what_is_accepted() {
    let authority = Authority::ready().await;
    for who in [integrator(), interchange()] {
        authority.prove(&who, SECRET, Purpose::Prove).await.expect("accepted");
    }
    let old = authority.current().await;
    // Older than what was dropped since, and once more the current one.
    for text in [NEW, NEWER] {
        let dropped = authority.add(text).await;
        authority.secret_verb(&["retire", &dropped]).await;
    }
    let listed = async |limit: Value| {
        let answer = authority.act(json!({ "do": "secret-list", "limit": limit })).await.expect("told");
        let texts = |key: &str| answer[key].as_array().expect("a list").clone();
        (texts("secrets").into_iter().map(|one| one["id"].clone()).collect::<Vec<_>>(), texts("waiting"))
    };
    let (all, _) = listed(Value::Null).await;
    assert_eq!((all.len(), all.last()), (3, Some(&json!(old))), "the newest first");
    assert_eq!(listed(json!(2)).await.0, [all[0].clone(), json!(old)]);
    assert_eq!(listed(json!(1)).await.0, [json!(old)]);
    assert_eq!(listed(json!(u32::MAX)).await.0, all);

    let new = authority.add(NEW).await;
    authority.secret_verb(&["promote", &new, "--window", "1h"]).await;
    let (both, waiting) = listed(json!(2)).await;
    assert_eq!((both, waiting), (vec![json!(new), json!(old)], vec![json!("integrator"), json!("interchange")]));
    assert_eq!(listed(json!(1)).await, (vec![json!(new)], vec![]));
}

#[tokio::test]
async fn a_promotion_that_a_crash_cut_is_finished_by_the_same_verb_and_a_plan_s_change_is_left_alone() {
    let authority = Authority::ready().await;
    let old = authority.current().await;
    let new = authority.add(NEW).await;
    let change = authority.admin(countersign::registration::admin::secrets).await.expect("told").secrets;
    let change = change.into_iter().find(|one| one.id == new).and_then(|one| one.change).expect("a change");
    let current = old.clone();
    let promote = move |socket: &std::path::Path| {
        countersign::registration::admin::promote(socket, &change, &current, None).map(drop)
    };
    authority.admin(promote).await.expect("promoted, not committed");
    let authority = authority.restart().await;
    let said = authority.verb(&["secret", "retire", &old], 3).await;
    assert!(said.contains("is not finished: promote its secret again first"), "{said}");
    assert_eq!(authority.secret_verb(&["promote", &new]).await["changed"], json!(true));
    authority.secret_verb(&["retire", &old]).await;

    authority.next(NEWER, "c2", &new).await.expect("accepted");
    let next = authority.accepts(NEWER).await.expect("accepted");
    for verb in [["secret", "promote", &next], ["secret", "add", "--from"]] {
        let from = authority.kept("another one altogether");
        let verb: Vec<&str> = if verb[1] == "add" { [&verb[..], &[&from]].concat() } else { verb.to_vec() };
        assert!(authority.verb(&verb, 9).await.contains("the change c2 of the secret is not finished"), "{verb:?}");
    }
    let said = authority.verb(&["secret", "retire", &next], 3).await;
    assert!(said.contains("the change c2 of the secret is not finished: resume it"), "{said}");
}
