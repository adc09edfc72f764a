//! Deploying maps, and the process that works for each.

use std::collections::BTreeMap;
use std::path::Path;
use std::time::Duration;

use countersign::b2bi::maps::{Change, Runner, Unmapped, deploy, in_use, list};
use countersign::b2bi::{Tables, sha256};
use tempfile::TempDir;

use crate::bench::runner;

struct Folder {
    dir: TempDir,
    tables: Tables,
}

impl Folder {
    async fn new() -> Self {
        let dir = tempfile::tempdir().expect("a folder");
        let tables = Tables::open(&dir.path().join("b2bi.db")).await.expect("opened");
        Self { dir, tables }
    }

    fn put(&self, name: &str, content: &str) {
        std::fs::write(self.dir.path().join(name), content).expect("written");
    }

    async fn deploy(&self) -> BTreeMap<String, Change> {
        deploy(&self.tables, self.dir.path(), &runner()).await.expect("deployed")
    }

    /// Name, version and whether it is deployed.
    async fn listed(&self) -> Vec<(String, i64, bool)> {
        let maps = list(&self.tables).await.expect("listed");
        maps.into_iter().map(|map| (map.name, map.version, map.deployed)).collect()
    }
}

fn changes<const N: usize>(expected: [(&str, Change); N]) -> BTreeMap<String, Change> {
    expected.map(|(name, change)| (name.to_owned(), change)).into()
}

#[tokio::test]
async fn good_maps_are_deployed_unchanged_ones_left_alone_and_changes_get_a_new_version() {
    let folder = Folder::new().await;
    for (name, content) in [("a.jq", ".a"), ("b.jq", ".b"), ("notes.txt", "no map"), (".c.jq", ".c")] {
        folder.put(name, content);
    }
    assert_eq!(folder.deploy().await, changes([("a", Change::Deployed), ("b", Change::Deployed)]));
    folder.put("b.jq", ".b | .");
    assert_eq!(folder.deploy().await, changes([("a", Change::Unchanged), ("b", Change::Deployed)]));
    assert_eq!(in_use(&folder.tables, "b").await.expect("asked").map(|map| map.content), Some(".b | .".into()));
    folder.put("b.jq", ".b");
    folder.deploy().await;
    assert_eq!(folder.listed().await, [("a".into(), 1, true), ("b".into(), 3, true)]);
    let checksum: String = sha256(".a");
    assert_eq!(list(&folder.tables).await.expect("listed")[0].checksum, checksum);
}

#[tokio::test]
async fn a_bad_map_is_named_and_the_rest_goes_on() {
    let folder = Folder::new().await;
    folder.put("bad.jq", ".a | nosuch");
    folder.put("good.jq", ".");
    assert_eq!(folder.deploy().await, changes([("bad", Change::Refused), ("good", Change::Deployed)]));
    let bad = &list(&folder.tables).await.expect("listed")[0];
    assert!(!bad.deployed && bad.version == 0);
    assert!(bad.error.as_deref().is_some_and(|error| error.starts_with("line 1, column 6")), "{bad:?}");
    assert!(in_use(&folder.tables, "bad").await.expect("asked").is_none());
}

#[tokio::test]
async fn a_deployed_map_stays_in_use_when_its_new_content_is_bad() {
    let folder = Folder::new().await;
    folder.put("a.jq", ".a");
    folder.deploy().await;
    folder.put("a.jq", ".a |");
    assert_eq!(folder.deploy().await, changes([("a", Change::Refused)]));
    assert_eq!(folder.listed().await, [("a".into(), 1, false)]);
    let kept = in_use(&folder.tables, "a").await.expect("asked").expect("kept");
    assert_eq!((kept.content.as_str(), kept.version), (".a", 1));
    folder.put("a.jq", ".a");
    assert_eq!(folder.deploy().await, changes([("a", Change::Deployed)]));
    assert_eq!(folder.listed().await, [("a".into(), 1, true)]);
}

#[tokio::test]
async fn a_map_whose_file_is_gone_is_in_use_no_more_and_its_versions_go_on() {
    let folder = Folder::new().await;
    folder.put("a.jq", ".a");
    folder.deploy().await;
    std::fs::remove_file(folder.dir.path().join("a.jq")).expect("removed");
    assert_eq!(folder.deploy().await, changes([("a", Change::Removed)]));
    assert_eq!(folder.deploy().await, changes([]));
    assert!(in_use(&folder.tables, "a").await.expect("asked").is_none());
    folder.put("a.jq", ".a");
    folder.deploy().await;
    assert_eq!(folder.listed().await, [("a".into(), 2, true)]);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn two_engines_that_deploy_at_once_deploy_once() {
    let folder = Folder::new().await;
    folder.put("a.jq", ".a");
    let (one, two) = tokio::join!(folder.deploy(), folder.deploy());
    let mut both = [one["a"], two["a"]];
    both.sort_by_key(|change| *change == Change::Unchanged);
    assert_eq!(both, [Change::Deployed, Change::Unchanged]);
    assert_eq!(folder.listed().await, [("a".into(), 1, true)]);
}

#[tokio::test]
async fn the_shipped_maps_compile() {
    let shipped = Path::new(env!("CARGO_MANIFEST_DIR")).join("installer-assets/b2bi/common/maps");
    let folder = Folder::new().await;
    let done = deploy(&folder.tables, &shipped, &runner()).await.expect("deployed");
    let all = [("invoice", Change::Deployed), ("order", Change::Deployed), ("verification", Change::Deployed)];
    assert_eq!(done, changes(all));
}

#[tokio::test]
async fn however_deep_a_map_nests_only_its_own_process_ends() {
    for unit in ["(", "[", "{a:", "-", "1|", "if 1 then ", "def f: ", "\"\\("] {
        let map = unit.repeat(64 * 1024 / unit.len());
        assert!(matches!(runner().check(&map).await, Err(Unmapped::Rejected(_))), "{unit}");
    }
}

#[tokio::test]
async fn a_map_that_runs_wild_costs_its_document_only() {
    let rejected = async |map: &str, seconds| {
        let runner = Runner::with_program(env!("CARGO_BIN_EXE_countersign").into(), Duration::from_secs(seconds));
        match runner.turn(map, b"1").await {
            Err(Unmapped::Rejected(reason)) => reason,
            other => panic!("{map}: {other:?}"),
        }
    };
    assert_eq!(rejected("def f: f; f", 1).await, "the map took longer than 1 s");
    assert_eq!(
        rejected("reduce range(60) as $i (\"x\"; . + .)", 60).await,
        "the map needs more memory or nests deeper than it may"
    );
    assert_eq!(rejected("def f: [f]; f", 60).await, "the map needs more memory or nests deeper than it may");
    assert_eq!(rejected("halt", 60).await, "the map ended itself");
    assert_eq!(rejected("error(\"two\\nlines\")", 60).await, "the map failed: two lines");
}

#[tokio::test]
async fn a_map_sees_nothing_of_the_engine_s_environment() {
    assert_eq!(runner().turn("env | length", b"null").await, Ok(b"0\n".to_vec()));
}
