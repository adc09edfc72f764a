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
    load(estate.path(), Missing::Refused).unwrap_or_else(|problems| panic!("{problems}")).expect("there are some")
}

fn refused(files: &[(&str, &str)]) -> Vec<String> {
    let estate = estate(files);
    let folder = format!("{}/", estate.path().join(FOLDER).display());
    let problems = load(estate.path(), Missing::Refused).expect_err("refused");
    problems.to_string().lines().map(|line| line.replace(&folder, "")).collect()
}

#[test]
fn without_files_there_are_none() {
    assert!(load(Path::new("/nonexistent"), Missing::Refused).is_ok_and(|profiles| profiles.is_none()));
    let estate = estate(&[("README.md", "x"), (".hidden.toml", "x")]);
    assert!(load(estate.path(), Missing::Refused).is_ok_and(|profiles| profiles.is_none()));
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

/// What is told of a site's file for the shipped B2Bi Server, and nothing else.
fn told(text: &str) -> Vec<String> {
    refused(&[("b2bi.toml", text)])
}

const SITE: &str = r#"format = 1
base = "axway/b2bi"
[values]
root = "/opt/b2bi"
configure = "/opt/b2bi/configure.sh"
uninstall = "/opt/b2bi/uninstall.sh"
silent_file = "/opt/b2bi/SilentFile/x/Install_Axway_Installer_V4.10.0.properties"
start = "/opt/b2bi/bin/start.sh"
stop = "/opt/b2bi/bin/stop.sh"
status = "/opt/b2bi/bin/status.sh"
trading_log = "{home}/logs/TE.log"
integration_log = "logs/IE (1).log"
registered = 'engine \d+ is in'
[[secret]]
component = "integrator"
variable = "Integrator.Secret"
twin = "Integrator.SecretConfirm"
[[secret]]
component = "interchange"
variable = "Interchange.Secret"
[[select]]
component = "integrator"
variable = "Integrator.Type"
value = "Installed"
"#;

#[test]
fn a_site_profile_is_its_base_with_the_sites_values_in_it() {
    let profiles = loaded(&[("b2bi.toml", SITE)]);
    let profile = &profiles[0];
    assert_eq!((profile.product.id.as_str(), profile.product.home.as_str()), ("b2bi", "/opt/b2bi"));
    assert_eq!(profile.lifecycle.start, ["/opt/b2bi/bin/start.sh"]);
    let watch = &profile.registration.as_ref().expect("one").watch;
    assert_eq!((watch[0].log.as_str(), watch[1].log.as_str()), ("logs/IE (1).log", "{home}/logs/TE.log"));
    assert_eq!(watch[0].aligned, [r"engine \d+ is in"]);
    let installer = profile.installer.as_ref().expect("one");
    assert_eq!(installer.configure, ["/opt/b2bi/configure.sh", "-s", "{silent}"]);
    assert_eq!(installer.secret[0].twin.as_deref(), Some("Integrator.SecretConfirm"));
    assert_eq!((installer.secret.len(), installer.select.len()), (2, 1));
}

#[test]
fn what_the_site_must_say_and_has_not_is_told_with_its_question() {
    let text = SITE.replace("stop = \"/opt/b2bi/bin/stop.sh\"\n", "").replace("status =", "statsu =");
    assert_eq!(
        told(&text),
        [
            "b2bi.toml:3:1: values.stop is missing: write stop = \"…\" below [values]; it answers: Which program stops \
             the B2Bi Server, and returns when both engines are gone?",
            "b2bi.toml:3:1: values.status is missing: write status = \"…\" below [values]; it answers: Which program \
             ends with 0 exactly while the B2Bi Server runs?",
            "b2bi.toml:9:1: values.statsu is no variable of the base; did you mean status?",
        ]
    );
}

#[test]
fn values_are_of_their_kind_and_what_they_make_is_judged_where_they_stand() {
    let text = SITE
        .replace("root = \"/opt/b2bi\"", "root = \"b2bi\"")
        .replace("start = \"/opt/b2bi/bin/start.sh\"", "start = \"bin/start.sh -q\"")
        .replace(r"'engine \d+ is in'", "'engine ('");
    assert_eq!(
        told(&text),
        [
            "b2bi.toml:4:8: values.root must be an absolute path, without `..`",
            "b2bi.toml:8:9: values.start must be one program, as an absolute path or a bare name; arguments stand in \
             the profile's command",
            "b2bi.toml:13:14: values.registered must be a pattern (a regular expression)",
        ]
    );
    let text = SITE.replace("{home}/logs/TE.log", "logs/*/TE.log").replace("logs/IE (1).log", "{hme}/../IE.log");
    assert_eq!(
        told(&text),
        [
            "b2bi.toml:11:15: values.trading_log may have * in its last part only",
            "b2bi.toml:12:19: values.integration_log must be absolute or below the product's home, without `..`",
            "b2bi.toml:12:19: values.integration_log holds {hme}, which is no variable; did you mean {home}?",
        ]
    );
}

#[test]
fn what_stands_in_silent_files_is_told_for_every_component_that_needs_it() {
    let text = SITE
        .replace("component = \"interchange\"", "component = \"intechange\"")
        .replace("twin = \"Integrator.SecretConfirm\"", "twin = \"Integrator.Secret\"");
    assert_eq!(
        told(&text),
        [
            "b2bi.toml:2:8: secret is missing for interchange: name the variable of the silent file that holds the \
             secret; `countersign profile adopt` finds it",
            "b2bi.toml:17:8: installer.secret[1].twin is the variable itself: a twin is the one that confirms it",
            "b2bi.toml:19:13: installer.secret[2].component names no component of this profile; did you mean \
             interchange?",
        ]
    );
}

#[test]
fn a_base_is_a_shipped_profile() {
    assert_eq!(
        told("format = 1\nbase = \"axway/b2b\"\n"),
        ["b2bi.toml:2:8: base names no shipped profile; did you mean axway/b2bi?"]
    );
    assert_eq!(
        told(
            "format = 1\nbase = \"axway/transfer-cft-am\"\n[[secret]]\ncomponent = \"transfer-cft\"\nvariable = \"x\"\n"
        ),
        ["b2bi.toml:3:3: secret is for a base with an installer, and this one has none; take it out"]
    );
    assert_eq!(
        told("format = 1\nbase = \"axway/transfer-cft-am\"\n"),
        [
            "b2bi.toml: Transfer CFT with PassPort AM holds no shared secret, so there is nothing to change here; take the \
          file out. It takes a login and a password (am.passport.login, am.passport.password) instead of the shared \
          secret, and it does not register: a change of the secret does not touch it."
        ]
    );
    assert_eq!(
        told("format = 1\nbase = 7\nsecrets = []\n"),
        ["b2bi.toml:2:8: base must be text, in quotes", "b2bi.toml:3:1: secrets is not known; did you mean secret?"]
    );
}

#[test]
fn a_variable_of_a_whole_profile_needs_a_default() {
    assert_eq!(
        refused(&[("door.toml", &WHOLE.replace("default = \"/srv/door\"\n", ""))]),
        ["door.toml:7:1: variable[1] has no value: write default = \"…\" into it"]
    );
}

#[test]
fn products_wait_for_products_of_the_same_folder_too() {
    let gate = WHOLE.replace("\"door\"", "\"gate\"").replace("\"lock\"", "\"bolt\"");
    let waits = |name: &str| WHOLE.replace("apply = ", &format!("after = [\"{name}\"]\napply = "));
    assert_eq!(loaded(&[("a.toml", &waits("gate")), ("b.toml", &gate)]).len(), 2);
    assert_eq!(
        refused(&[("a.toml", &waits("gat")), ("b.toml", &gate)]),
        ["a.toml:31:10: lifecycle.after[1] names a product that is not known; did you mean gate?"]
    );
}
