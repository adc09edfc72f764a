//! What becomes of a document that comes twice, or at a bad moment.

use countersign::b2bi::documents::{Document, Name, Status};
use countersign::b2bi::exchange::Answer;
use countersign::b2bi::{Engine, sha256};

use crate::bench::Bench;

fn name(text: &str) -> Name {
    Name::parse(text).expect("a name")
}

fn accepted(version: i64, again: bool) -> Answer {
    Answer::Accepted { map: "copy".into(), version, again }
}

#[tokio::test]
async fn a_document_that_comes_twice_is_written_once_even_by_a_newer_map() {
    let bench = Bench::with_maps(&[("copy", "{first: .}")]).await;
    let delivery = bench.delivery();
    let out = bench.home.outbox().join("copy-1.json");
    assert_eq!(delivery.deliver(&name("copy-1.json"), b"1").await, accepted(1, false));
    let written = std::fs::read(&out).expect("written");
    bench.deploy("copy", "{second: .}").await;
    assert_eq!(delivery.deliver(&name("copy-1.json"), b"1").await, accepted(1, true));
    assert_eq!(std::fs::read(&out).expect("kept"), written);

    // Consumed meanwhile: still not written again. Another content is another document.
    std::fs::remove_file(&out).expect("consumed");
    assert_eq!(delivery.deliver(&name("copy-1.json"), b"1").await, accepted(1, true));
    assert!(!out.exists());
    assert_eq!(delivery.deliver(&name("copy-1.json"), b"2").await, accepted(2, false));
    assert!(out.exists());
}

#[tokio::test]
async fn a_result_whose_row_was_written_gets_its_name_after_an_interruption() {
    let bench = Bench::with_maps(&[("copy", ".")]).await;
    let interrupted = Document {
        status: Status::Mapped,
        map: Some(("copy".into(), 7)),
        output: Some(sha256(b"decided\n")),
        ..Document::received(&name("copy-1.json"), Some(&sha256(b"1")))
    };
    interrupted.store(&bench.tables, Engine::Integrator).await.expect("stored");
    std::fs::write(bench.home.outbox().join(".copy-1.json.part"), "decided\n").expect("written");

    let delivery = bench.delivery();
    assert_eq!(delivery.deliver(&name("copy-1.json"), b"1").await, accepted(7, true));
    assert_eq!(std::fs::read(bench.home.outbox().join("copy-1.json")).expect("there"), b"decided\n");

    interrupted.store(&bench.tables, Engine::Integrator).await.expect("stored");
    delivery.recover().await.expect("recovered");
    assert!(Document::with_status(&bench.tables, Engine::Integrator, Status::Mapped).await.expect("asked").is_empty());
    assert_eq!(std::fs::read_dir(bench.home.outbox()).expect("listed").count(), 1, "no hidden file is left");
}

#[tokio::test]
async fn a_rejected_document_is_judged_anew_when_its_map_was_mended() {
    let bench = Bench::with_maps(&[("copy", "error(\"not today\")")]).await;
    let delivery = bench.delivery();
    let rejected = Answer::Rejected { reason: "the map failed: not today".into() };
    assert_eq!(delivery.deliver(&name("copy-1.json"), b"1").await, rejected);
    bench.deploy("copy", ".").await;
    assert_eq!(delivery.deliver(&name("copy-1.json"), b"1").await, accepted(2, false));
}

#[tokio::test]
async fn a_result_that_nobody_collected_yet_is_not_overwritten() {
    let bench = Bench::with_maps(&[("copy", ".")]).await;
    let delivery = bench.delivery();
    for content in ["1", "2", "3"] {
        assert_eq!(delivery.deliver(&name("copy-1.json"), content.as_bytes()).await, accepted(1, false));
    }
    for (file, content) in [("copy-1.json", "1\n"), ("copy-1.2.json", "2\n"), ("copy-1.3.json", "3\n")] {
        assert_eq!(std::fs::read_to_string(bench.home.outbox().join(file)).expect(file), content);
    }
    assert!(bench.log_text().contains("the result of copy-1.json is Integrator/out/copy-1.2.json"));
}

#[tokio::test]
async fn a_full_outbox_is_no_fault_of_the_document() {
    let bench = Bench::with_maps(&[("copy", ".")]).await;
    std::fs::remove_dir(bench.home.outbox()).expect("removed");
    let answer = bench.delivery().deliver(&name("copy-1.json"), b"1").await;
    assert!(matches!(answer, Answer::Later { .. }), "{answer:?}");
    std::fs::create_dir(bench.home.outbox()).expect("made");
    assert_eq!(bench.delivery().deliver(&name("copy-1.json"), b"1").await, accepted(1, false));
}
