//! What a site's folder gives and what is refused in it.

use std::path::Path;

use super::*;
use crate::profile::Profile;

const WHOLE: &str = r#"format = 1
[product]
id = "door"
name = "Door"
role = "client"
home = "{root}"
[[variable]]
id = "root"
question = "Where is it?"
kind = "path"
default = "/srv/door"
[[component]]
id = "lock"
name = "Lock"
about = "keeps it shut"
holds_secret = true
process = true
[[place]]
component = "lock"
file = "conf/lock.properties"
format = "properties"
key = "secret"
form = "plain"
mode = "0600"
alphabet = " -~"
length = [8, 64]
[lifecycle]
start = ["{root}/start", "{component}"]
stop = ["{root}/stop", "{component}"]
status = ["{root}/status", "{component}"]
apply = "restart"
"#;

fn estate(files: &[(&str, &str)]) -> tempfile::TempDir {
    let estate = tempfile::tempdir().expect("a folder");
    std::fs::create_dir(estate.path().join(FOLDER)).expect("made");
    for (name, text) in files {
        std::fs::write(estate.path().join(FOLDER).join(name), text).expect("written");
    }
    estate
}

fn loaded(files: &[(&str, &str)]) -> Vec<Profile> {
    let estate = estate(files);
    load(estate.path()).unwrap_or_else(|problems| panic!("{problems}")).expect("there are some")
}

fn refused(files: &[(&str, &str)]) -> Vec<String> {
    let estate = estate(files);
    let folder = format!("{}/", estate.path().join(FOLDER).display());
    let problems = load(estate.path()).expect_err("refused");
    problems.to_string().lines().map(|line| line.replace(&folder, "")).collect()
}

#[test]
fn without_files_there_are_none() {
    assert!(load(Path::new("/nonexistent")).is_ok_and(|profiles| profiles.is_none()));
    let estate = estate(&[("README.md", "x"), (".hidden.toml", "x")]);
    assert!(load(estate.path()).is_ok_and(|profiles| profiles.is_none()));
}

#[test]
fn a_whole_profile_is_filled_in_by_its_defaults_also_in_lists() {
    let profiles = loaded(&[("door.toml", WHOLE)]);
    assert_eq!(profiles[0].product.home, "/srv/door");
    assert_eq!(profiles[0].lifecycle.start, ["/srv/door/start", "{component}"]);
}

#[test]
fn products_of_different_secrets_are_never_mixed_and_one_without_is_refused() {
    let other = WHOLE.replace("\"door\"", "\"gate\"").replace("\"lock\"", "\"bolt\"");
    let central = other.replace("role =", "secret = \"central-governance\"\nrole =");
    assert_eq!(
        refused(&[("a.toml", WHOLE), ("b.toml", &central)]),
        [
            "b.toml: Door holds the secret central-governance, but Door in a.toml holds the secret passport: two different \
          secrets are never mixed; give each its own estate"
        ]
    );
}

#[test]
fn nothing_is_described_twice() {
    assert_eq!(
        refused(&[("a.toml", WHOLE), ("b.toml", WHOLE)]),
        ["b.toml: product.id is the same as in a.toml: a product is described once"]
    );
    assert_eq!(
        refused(&[("a.toml", WHOLE), ("b.toml", &WHOLE.replace("\"door\"", "\"gate\""))]),
        ["b.toml: Door has a component lock as a.toml has: an id stands for one component"]
    );
}
