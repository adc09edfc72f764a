//! Documents on their way through both engines, over real mutual TLS.

use countersign::b2bi::Engine;
use countersign::b2bi::documents::{Document, Status};
use serde_json::{Value, json};

use crate::bench::{Bench, LIMIT, appears, disappears};

const MAPS: &[(&str, &str)] = &[
    ("verification", include_str!("../../installer-assets/b2bi/common/maps/verification.jq")),
    ("empty", "empty"),
    ("failing", ".a.b.c"),
];

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_document_goes_through_both_engines() {
    let bench = Bench::with_maps(MAPS).await;
    // Put in before anybody runs: found by looking.
    bench.put_in("verification-1.json", r#"{"probe": "one"}"#);
    let _integrator = bench.integrator("integrator").await;
    let _interchange = bench.interchange();
    let out: Value =
        serde_json::from_slice(&appears(&bench.home.outbox().join("verification-1.json")).await).expect("JSON");
    assert_eq!(out, json!({ "probe": "one", "passed": true }));
    disappears(&bench.home.inbox().join("verification-1.json")).await;

    // While they run: moved in, written in place, and linked in.
    bench.put_in("verification-2.json", r#"{"probe": "two"}"#);
    std::fs::write(bench.home.inbox().join("verification-3.json"), r#"{"probe": "three"}"#).expect("written");
    let first_name = bench.home.folder().join("four.json");
    std::fs::write(&first_name, r#"{"probe": "four"}"#).expect("written");
    std::fs::hard_link(&first_name, bench.home.inbox().join("verification-4.json")).expect("linked");
    for number in 2..=4 {
        appears(&bench.home.outbox().join(format!("verification-{number}.json"))).await;
        disappears(&bench.home.inbox().join(format!("verification-{number}.json"))).await;
    }
    for engine in Engine::ALL {
        let done = Document::with_status(&bench.tables, engine, Status::Done).await.expect("asked");
        assert_eq!(done.len(), 4, "{engine}");
        assert!(done.iter().all(|document| document.map == Some(("verification".into(), 1))));
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_rejected_document_keeps_its_reason() {
    let bench = Bench::with_maps(MAPS).await;
    let _integrator = bench.integrator("integrator").await;
    let _interchange = bench.interchange();
    let large = format!("\"{}\"", "x".repeat(LIMIT));
    let cases = [
        ("verification-1.json", "{", "the document is no JSON"),
        ("nosuch-1.json", "{}", "there is no map nosuch for it"),
        ("failing-1.json", "{\"a\": 1}", "the map failed: cannot index 1 with \"b\""),
        ("empty-1.json", "{}", "the map gave no value"),
        ("verification-2.json", &large, "it is larger than"),
        ("line\nbreak.json", "{}", "its name is too long or holds characters that it may not"),
    ];
    for (name, content, expected) in cases {
        bench.put_in(name, content);
        let kept = name.replace('\n', "_");
        let rejected = bench.home.rejected();
        assert_eq!(appears(&rejected.join(&kept)).await, content.as_bytes());
        let reason = appears(&rejected.join(format!("{kept}.reason"))).await;
        let reason = String::from_utf8(reason).expect("text");
        assert!(reason.starts_with(expected), "{name}: {reason}");
        assert_eq!(reason.matches('\n').count(), 1, "one line: {reason}");
        assert!(!bench.home.inbox().join(name).exists());
    }
    let rejected = Document::with_status(&bench.tables, Engine::Interchange, Status::Rejected).await.expect("asked");
    assert_eq!(rejected.len(), cases.len(), "{rejected:#?}");
    assert_eq!(std::fs::read_dir(bench.home.outbox()).expect("listed").count(), 0);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_rejected_document_never_takes_the_place_of_an_earlier_one_or_its_reason() {
    let bench = Bench::with_maps(MAPS).await;
    let _integrator = bench.integrator("integrator").await;
    let _interchange = bench.interchange();
    let rejected = bench.home.rejected();
    let cases = [
        ("empty-1.json", "1", "empty-1.json", "the map gave no value"),
        ("empty-1.json", "{", "empty-1.2.json", "the document is no JSON"),
        ("empty-1.json.reason", "3", "empty-1.json.2.reason", "the map gave no value"),
        ("nosuch.json.reason", "4", "nosuch.json.reason", "there is no map nosuch"),
        ("nosuch.json", "5", "nosuch.2.json", "there is no map nosuch"),
    ];
    for (name, content, kept, _) in cases {
        bench.put_in(name, content);
        appears(&rejected.join(kept)).await;
        disappears(&bench.home.inbox().join(name)).await;
    }
    for (_, content, kept, reason) in cases {
        assert_eq!(std::fs::read_to_string(rejected.join(kept)).expect(kept), content);
        let told = std::fs::read_to_string(rejected.join(format!("{kept}.reason"))).expect(kept);
        assert!(told.starts_with(reason), "{kept}: {told}");
    }
    assert_eq!(std::fs::read_dir(rejected).expect("listed").count(), 2 * cases.len());
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn documents_wait_while_the_integration_engine_is_away() {
    let bench = Bench::with_maps(MAPS).await;
    let interchange = bench.interchange();
    bench.put_in("verification-1.json", r#"{"probe": "one"}"#);
    // The row says that it was taken in; nobody can have taken it further.
    let log = bench.home.folder().join("logs/test.log");
    appears(&log).await;
    assert!(bench.home.inbox().join("verification-1.json").exists());
    let integrator = bench.integrator("integrator").await;
    appears(&bench.home.outbox().join("verification-1.json")).await;

    // Away again, and another one in its place.
    integrator.abort();
    assert!(integrator.await.is_err());
    bench.put_in("verification-2.json", r#"{"probe": "two"}"#);
    let _integrator = bench.integrator("integrator").await;
    appears(&bench.home.outbox().join("verification-2.json")).await;
    disappears(&bench.home.inbox().join("verification-2.json")).await;
    assert!(bench.log_text().contains("the integration engine takes documents again"));
    interchange.abort();
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_rejected_document_that_cannot_be_moved_holds_up_no_other() {
    let bench = Bench::with_maps(MAPS).await;
    std::fs::remove_dir(bench.home.rejected()).expect("removed");
    bench.put_in("empty-1.json", "{}");
    bench.put_in("verification-1.json", r#"{"probe": "one"}"#);
    let _integrator = bench.integrator("integrator").await;
    let _interchange = bench.interchange();
    appears(&bench.home.outbox().join("verification-1.json")).await;
    assert!(bench.home.inbox().join("empty-1.json").exists());
    assert!(bench.log_text().contains("empty-1.json cannot be moved to Interchange/rejected"));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn unfinished_files_and_folders_are_left_alone() {
    let bench = Bench::with_maps(MAPS).await;
    let _integrator = bench.integrator("integrator").await;
    let _interchange = bench.interchange();
    for name in [".verification-1.json", "verification-2.tmp", "verification-3.json.part"] {
        std::fs::write(bench.home.inbox().join(name), "{}").expect("written");
    }
    std::fs::create_dir(bench.home.inbox().join("verification-4")).expect("made");
    bench.put_in("verification-5.json", r#"{"probe": "five"}"#);
    disappears(&bench.home.inbox().join("verification-5.json")).await;
    assert_eq!(std::fs::read_dir(bench.home.inbox()).expect("listed").count(), 4);
    // A name that becomes whole by a move is taken.
    let (part, whole) = ("verification-2.tmp", "verification-2.json");
    std::fs::write(bench.home.inbox().join(part), r#"{"probe": "two"}"#).expect("written");
    std::fs::rename(bench.home.inbox().join(part), bench.home.inbox().join(whole)).expect("moved");
    appears(&bench.home.outbox().join(whole)).await;
}
