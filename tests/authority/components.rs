//! Components by hand: descriptions, instances, and what stands in the way of removing one.

use std::path::Path;
use std::process::Command;

use countersign::passport::csd;
use countersign::registration::wire::{Identity, Purpose};
use serde_json::json;

use crate::binary::Verbs;
use crate::fixture::{Authority, SECRET, integrator};

const CSDS: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/installer-assets/csd");

/// What xmllint says of a CSD against the shipped schema.
fn validates(csd: &Path) -> bool {
    let schema = format!("{CSDS}/csd.xsd");
    let mut command = Command::new("xmllint");
    command.args(["--noout", "--nonet", "--schema", &schema]).arg(csd).output().expect("xmllint").status.success()
}

#[test]
fn every_shipped_csd_fits_the_schema_and_the_schema_refuses_what_the_reader_refuses() {
    let all: Vec<_> = std::fs::read_dir(CSDS).expect("listed").map(|entry| entry.expect("read").path()).collect();
    let csds: Vec<_> = all.iter().filter(|path| path.extension().is_some_and(|end| end == "xml")).collect();
    assert_eq!(csds.len(), 3, "{csds:?}");
    for path in &csds {
        assert!(validates(path), "{}", path.display());
    }
    let good = std::fs::read_to_string(format!("{CSDS}/integrator.xml")).expect("read");
    let folder = tempfile::tempdir().expect("a folder");
    for (what, by) in [
        ("resource=\"maps\"", "resource=\"nothing\""),
        ("privilege name=\"ViewMaps\"", "privilege name=\"DeployMaps\""),
        ("role name=\"Monitoring\"", "role name=\"Administration\""),
        ("name=\"integrator\"", "name=\"a:b\""),
        (" group=\"B2Bi\"", ""),
        ("actions=\"view deploy\"", "actions=\"\""),
    ] {
        let bad = good.replacen(what, by, 1);
        assert_ne!(bad, good);
        let path = folder.path().join("bad.xml");
        std::fs::write(&path, &bad).expect("written");
        assert!(csd::read(&bad).is_err() && !validates(&path), "{by}");
    }
}

#[test]
fn a_csd_with_tricks_is_refused_in_one_line_and_changes_nothing() {
    let verbs = Verbs::new();
    verbs.init([0, 0]);
    let file = verbs.home.with_file_name("csd.xml");
    let import = |text: &str| {
        std::fs::write(&file, text).expect("written");
        let mut command = Command::new(env!("CARGO_BIN_EXE_countersign"));
        command.args(["passport", "component", "import"]).arg(&file).arg("--home").arg(&verbs.home);
        let output = command.output().expect("run");
        assert_eq!(output.status.code(), Some(3), "{text:.80}");
        String::from_utf8(output.stderr).expect("text")
    };
    let laughs =
        "<!ENTITY a \"ha\">".to_owned() + &(0..9).map(|at| format!("<!ENTITY b{at} \"&a;&a;\">")).collect::<String>();
    for (text, expected) in [
        (format!("<!DOCTYPE csd [{laughs}]><csd name=\"&b8;\"/>"), "line 1: the CSD has a document type"),
        (
            "<?xml version='1.0'?>\n<!DOCTYPE csd SYSTEM \"file:///etc/passwd\"><csd/>".into(),
            "line 2: the CSD has a document",
        ),
        ("<csd name='a' version='1' group='g'><x>&passwd;</x></csd>".into(), "line 1: the CSD uses an entity"),
        ("<a>".repeat(1000), "line 1: the CSD is nested deeper than 64"),
        (" ".repeat(csd::MAX_CSD + 1), "the CSD is longer than 524288 bytes"),
        (
            "<csd name='a' version='1' group='g'>\n<roles>\n<role name='boss' privileges='Everything'/></roles></csd>"
                .into(),
            "line 3: the role \"boss\" names the privilege \"Everything\"",
        ),
    ] {
        let said = import(&text);
        assert!(said.contains(expected) && said.lines().count() == 1, "{said}");
    }
    assert_eq!(verbs.json(&["component", "list"], 0), json!([]));
}

#[test]
fn instances_are_added_without_importing_again_and_told_apart() {
    let verbs = Verbs::new();
    verbs.init([0, 0]);
    let missing = verbs.refused(&["component", "instance", "add", "integrator", "two"], 3);
    assert!(missing.contains("import its CSD first"), "{missing}");
    verbs.import("integrator");
    let added = verbs.json(&["component", "instance", "add", "integrator", "two"], 0);
    let two = json!({ "name": "integrator", "version": "2.3", "group": "B2Bi", "instance": "two" });
    assert_eq!(added, json!({ "identity": two }));
    assert!(verbs.refused(&["component", "instance", "add", "integrator", "two"], 3).contains("is known already"));
    assert!(verbs.refused(&["component", "instance", "add", "integrator", "a/b"], 3).contains("without colon, slash"));
    let listed = verbs.json(&["component", "list"], 0);
    assert_eq!((&listed[0]["identity"]["instance"], &listed[1]["identity"]), (&json!("default"), &two));
    assert_eq!(listed[1]["listens"], json!(true), "as the CSD says");

    let newer = verbs.home.with_file_name("newer.xml");
    let csd = std::fs::read_to_string(format!("{CSDS}/integrator.xml")).expect("read");
    std::fs::write(&newer, csd.replace("version=\"2.3\"", "version=\"2.4\"")).expect("written");
    verbs.json(&["component", "import", newer.to_str().expect("text")], 0);
    let unclear = verbs.refused(&["component", "instance", "add", "integrator", "three"], 3);
    assert!(unclear.contains("2.3 (B2Bi), 2.4 (B2Bi)"), "{unclear}");
    verbs.json(&["component", "instance", "add", "integrator", "three", "--component-version", "2.4"], 0);
    assert_eq!(verbs.json(&["component", "list"], 0).as_array().map(Vec::len), Some(4));
    assert!(verbs.refused(&["component", "remove", "integrator/two"], 5).contains("not running"));
}

#[tokio::test]
async fn an_instance_proves_as_itself_and_is_removed_only_with_its_certificates() {
    let authority = Authority::ready().await;
    let two = Identity { instance: "two".into(), ..integrator() };
    let add = ["component", "instance", "add", "integrator", "two"];
    let unknown = authority.prove(&two, SECRET, Purpose::Prove).await.expect("proved").outcome;
    assert_eq!(unknown.reason.as_deref(), Some("the component's instance is \"two\" where \"default\" is known"));
    authority.verb(&add, 0).await;
    authority.enrolled(&two).await;
    authority.enrolled(&integrator()).await;
    let said = authority.verb(&["component", "remove", "integrator/two"], 3).await;
    assert!(said.contains("integrator/2.3/B2Bi/two has a certificate still good: revoke as well (--revoke)"), "{said}");
    let removed = authority.verb(&["component", "remove", "integrator/two", "--revoke"], 0).await;
    assert!(removed.contains("\"revoked\": 1"), "{removed}");
    assert!(authority.verb(&["component", "remove", "integrator/two"], 3).await.contains("there is no component"));
    let gone = authority.prove(&two, SECRET, Purpose::Prove).await.expect("proved").outcome;
    assert_eq!(gone.status.to_string(), "Failed");
    let other = authority.prove(&integrator(), SECRET, Purpose::Prove).await.expect("proved").outcome;
    assert_eq!(other.status.to_string(), "Registered", "its certificate is still good");
    authority.verb(&["component", "remove", "integrator", "--revoke"], 0).await;
    assert!(authority.verb(&add, 3).await.contains("import its CSD first"));
}
