//! `profile list`, `show`, `validate` and `new`, as people use them.

use std::path::Path;
use std::process::Command;

use serde_json::{Value, json};

use crate::estate::{Ended, ended};

fn profile(estate: &Path, arguments: &[&str]) -> Ended {
    ended(Command::new(crate::program()).arg("--estate").arg(estate).arg("profile").args(arguments))
}

fn value(ended: &Ended) -> Value {
    serde_json::from_str(&ended.stdout).unwrap_or_else(|error| panic!("{error}: {ended:#?}"))
}

#[test]
fn a_new_profile_is_filled_in_validated_listed_and_shown() {
    let folder = tempfile::tempdir().expect("a folder");
    let estate = folder.path().join("estate");
    let file = estate.join("profiles/door.toml");
    let name = file.display().to_string();
    let written = profile(&estate, &["new", "door", "--out", &name]);
    assert_eq!((written.code, file.exists()), (0, true), "{written:#?}");
    assert_eq!(profile(&estate, &["new", "door", "--out", &name]).code, 3, "nothing is overwritten");

    let told = profile(&estate, &["validate", &name]);
    assert_eq!(told.code, 3);
    assert!(told.stdout.lines().all(|line| line.starts_with(&format!("{name}:"))), "{told:#?}");
    let problems = value(&profile(&estate, &["validate", &name, "--json"]));
    assert_eq!((&problems["ok"], &problems["fine"]), (&json!(false), &json!([])));
    assert_eq!(problems["problems"].as_array().map(Vec::len), Some(told.stdout.lines().count()));

    let text = std::fs::read_to_string(&file).expect("there");
    let filled = text.replace("[\"\"]", "[\"/bin/door\"]").replace("\"\"", "\"x\"");
    std::fs::write(&file, filled).expect("written");
    let sound = profile(&estate, &["validate", &name]);
    assert_eq!((sound.code, sound.stdout), (0, format!("{name}: fine\n")));

    let listed = value(&profile(&estate, &["list", "--json"]));
    let own = listed.as_array().and_then(|entries| entries.last()).expect("one");
    assert_eq!((&own["id"], &own["file"], &own["secret"]), (&json!("door"), &json!(name), &json!("passport")));
    let shown = value(&profile(&estate, &["show", "door", "--json"]));
    assert_eq!(shown["profile"]["lifecycle"]["start"], json!(["/bin/door"]));
    assert!(profile(&estate, &["show", "door"]).stdout.starts_with("x (door)\n"));
}

#[test]
fn shipped_profiles_are_listed_shown_and_begun_from() {
    let folder = tempfile::tempdir().expect("a folder");
    let listed = profile(folder.path(), &["list"]);
    for id in ["axway/passport", "axway/b2bi", "axway/transfer-cft-cg", "central-governance"] {
        assert!(listed.stdout.contains(id), "{listed:#?}");
    }
    let shown = profile(folder.path(), &["show", "axway/transfer-cft-am"]);
    assert!(shown.code == 0 && shown.stdout.contains("login and a password"), "{shown:#?}");
    let none = profile(folder.path(), &["show", "axway/b2b"]);
    assert_eq!(none.code, 3);
    assert!(none.stderr.contains("did you mean axway/b2bi?"), "{none:#?}");

    let out = folder.path().join("gateway.toml");
    let out = out.display().to_string();
    let other = profile(folder.path(), &["new", "door", "--base", "axway/gateway", "--out", &out]);
    assert!(other.code == 3 && other.stderr.contains("profile new gateway --base axway/gateway"), "{other:#?}");
    assert_eq!(profile(folder.path(), &["new", "gateway", "--base", "axway/gateway", "--out", &out]).code, 0);
    let told = profile(folder.path(), &["validate", &out]);
    assert!(told.code == 3 && told.stdout.contains("values.start must be one program"), "{told:#?}");
}

#[test]
fn an_estate_with_broken_profiles_says_so_with_their_places() {
    let folder = tempfile::tempdir().expect("a folder");
    std::fs::create_dir(folder.path().join("profiles")).expect("made");
    let file = folder.path().join("profiles/b2bi.toml");
    std::fs::write(&file, "format = 1\nbase = \"axway/b2b\"\n").expect("written");
    for arguments in [&["list"][..], &["show", "b2bi"]] {
        let refused = profile(folder.path(), arguments);
        assert_eq!(refused.code, 3);
        let line = format!("{}:2:8: base names no shipped profile; did you mean axway/b2bi?", file.display());
        assert!(refused.stderr.contains(&line), "{refused:#?}");
    }
    let validated = profile(folder.path(), &["validate", &file.display().to_string()]);
    assert!(validated.code == 3 && validated.stderr.is_empty(), "{validated:#?}");
}
