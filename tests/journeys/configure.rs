//! Changing an installed estate: what is named changes, what follows from it follows, and nothing else is touched.

use std::collections::BTreeMap;
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};

use serde_json::{Value, json};

use crate::estate::{Ended, TestEstate, free_ports};
use crate::keystores::{export, request};

const ENGINES: [&str; 2] = ["integrator", "interchange"];
const ALL: &str = "components=passport,integrator,interchange,b2bi,b2bi-server";

/// Every file of the products that holds what people or a change put there: logs, databases and what lives as long as a
/// process left out.
fn files(estate: &TestEstate) -> BTreeMap<String, Vec<u8>> {
    let mut found = BTreeMap::new();
    let mut folders = vec![estate.path("passport"), estate.path("b2bi")];
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(folder).into_iter().flatten().filter_map(Result::ok) {
            let path = entry.path();
            let name = path.strip_prefix(estate.path("")).expect("below").display().to_string();
            if path.is_dir() {
                if !["logs", "data", "run"].iter().any(|left_out| path.ends_with(left_out)) {
                    folders.push(path);
                }
            } else {
                found.insert(name, std::fs::read(&path).expect("read"));
            }
        }
    }
    found
}

/// The names of the files that differ, came or went.
fn differing(before: &BTreeMap<String, Vec<u8>>, after: &BTreeMap<String, Vec<u8>>) -> Vec<String> {
    let all: std::collections::BTreeSet<&String> = before.keys().chain(after.keys()).collect();
    all.into_iter().filter(|name| before.get(*name) != after.get(*name)).cloned().collect()
}

fn folder(engine: &str) -> String {
    format!("b2bi/{}{}/conf", engine[..1].to_uppercase(), &engine[1..])
}

fn keystore(engine: &str, host: &str, port: u16) -> String {
    format!("{}/keystore_{engine}_{host}_{port}.jks", folder(engine))
}

/// The three files of each engine's keystore.
fn keystores(host: &str, port: u16) -> Vec<String> {
    let of = |engine: &&str| ["", ".lock", ".pass"].map(|end| format!("{}{end}", keystore(engine, host, port)));
    ENGINES.iter().flat_map(of).collect()
}

fn sorted(lists: &[Vec<String>]) -> Vec<String> {
    let mut all = lists.concat();
    all.sort();
    all
}

/// Configures by flags alone.
fn configure(estate: &TestEstate, set: &[&str]) -> (i32, Value) {
    let flags = set.iter().flat_map(|set| ["--set", set]);
    estate.json(&["configure", "--yes"].into_iter().chain(flags).collect::<Vec<_>>())
}

/// Configures with an answer file that names only this.
fn configure_file(estate: &TestEstate, text: &str) -> Ended {
    let path = estate.folder().join("change.toml");
    std::fs::write(&path, format!("format = 1\nmode = \"configure\"\n{text}")).expect("written");
    estate.run(&["configure", "--yes", "--answers", path.to_str().expect("UTF-8")])
}

fn all_is_well(estate: &TestEstate) {
    let (code, verify) = estate.json(&["verify"]);
    assert_eq!((code, &verify["ok"]), (0, &json!(true)), "{verify:#}");
    assert_eq!(estate.json(&["check"]).1["aligned"], true);
}

fn nothing_to_do(estate: &TestEstate, set: &[&str]) {
    let before = estate.pids();
    let (code, again) = configure(estate, set);
    assert_eq!((code, &again["result"], &again["changed"]), (0, &json!("nothing to do"), &json!(false)), "{again:#}");
    assert_eq!(estate.pids(), before, "something was restarted");
}

/// The certificate of an engine's keystore with its key, as PEM.
fn certificate(estate: &TestEstate, engine: &str, name: &str) -> PathBuf {
    let path = estate.path(&keystore(engine, "localhost", estate.client_auth_port));
    let password = std::fs::read_to_string(path.with_extension("jks.pass")).expect("its password").trim().to_owned();
    let pem = estate.folder().join(name);
    export(path.to_str().expect("UTF-8"), &password, pem.to_str().expect("UTF-8"));
    pem
}

fn is_let_in(estate: &TestEstate, pem: &Path) -> bool {
    let pem = pem.to_str().expect("UTF-8");
    request(estate, &["-cert", pem, "-key", pem]).stdout.contains("HTTP/1.1 200")
}

/// A secret in a file that only we can read; its source.
fn secret_file(estate: &TestEstate, name: &str, secret: &str) -> String {
    let path = estate.folder().join(name);
    std::fs::write(&path, secret).expect("written");
    std::fs::set_permissions(&path, std::fs::Permissions::from_mode(0o600)).expect("closed");
    format!("secret.from=file:{}", path.display())
}

/// An estate of the authority alone.
fn authority_alone(secret: &str) -> (TestEstate, String) {
    let estate = TestEstate::new();
    let source = secret_file(&estate, "secret", secret);
    let ended =
        estate.install_with(crate::estate::QUICKSTART.as_ref(), &["--set", "components=passport", "--set", &source]);
    assert_eq!(ended.code, 0, "{ended:#?}");
    (estate, source)
}

#[test]
fn another_port_renames_the_keystores_registers_anew_and_revokes_the_old_certificates() {
    let mut estate = TestEstate::installed();
    let old = certificate(&estate, "integrator", "old.pem");
    assert!(is_let_in(&estate, &old));
    let before = files(&estate);
    let [_, port] = free_ports();
    let ended = configure_file(&estate, &format!("[authority]\nclient_auth_port = {port}\n"));
    assert_eq!(ended.code, 0, "{ended:#?}");

    let config = vec!["passport/conf/passport.toml".to_owned()];
    let expected = sorted(&[keystores("localhost", estate.client_auth_port), keystores("localhost", port), config]);
    assert_eq!(differing(&before, &files(&estate)), expected);
    estate.client_auth_port = port;
    all_is_well(&estate);
    assert!(!is_let_in(&estate, &old), "the old certificate is let in");
    assert!(is_let_in(&estate, &certificate(&estate, "integrator", "new.pem")));
    nothing_to_do(&estate, &[&format!("authority.client_auth_port={port}")]);
    let install = estate.install();
    assert!(install.code == 0 && install.stdout.contains("nothing to do"), "the record is another: {install:#?}");
}

#[test]
fn another_host_name_does_the_same() {
    let estate = TestEstate::installed();
    let before = files(&estate);
    let (code, outcome) = configure(&estate, &["authority.host=127.0.0.1"]);
    assert_eq!((code, &outcome["result"]), (0, &json!("done")), "{outcome:#}");
    let port = estate.client_auth_port;
    let config = vec!["passport/conf/passport.toml".to_owned()];
    let expected = sorted(&[keystores("localhost", port), keystores("127_0_0_1", port), config]);
    assert_eq!(differing(&before, &files(&estate)), expected);
    all_is_well(&estate);
    nothing_to_do(&estate, &["authority.host=127.0.0.1"]);
}

#[test]
fn another_domain_and_https_port_leave_the_keystores_alone_and_what_is_stopped_stays_stopped() {
    let estate = TestEstate::installed();
    let before = files(&estate);
    assert_eq!(estate.run(&["b2bi", "stop", "--engine", "integrator"]).code, 0);
    let [port, _] = free_ports();
    let port = format!("authority.https_port={port}");
    let (code, outcome) = configure(&estate, &["authority.domain=Elsewhere", &port]);
    assert_eq!((code, &outcome["result"]), (0, &json!("done")), "{outcome:#}");
    assert_eq!(differing(&before, &files(&estate)), ["passport/conf/passport.toml"]);
    let (_, status) = estate.json(&["status"]);
    let of = |id: &str| {
        let all = status["components"].as_array().expect("a list");
        all.iter().find(|one| one["id"] == id).expect("listed")["process"].clone()
    };
    assert_eq!((of("integrator"), of("interchange")), (json!("stopped"), json!("running")));
    assert_eq!(estate.run(&["start"]).code, 0);
    all_is_well(&estate);
}

#[test]
fn components_are_added_beside_the_authority_and_removed_again() {
    let (estate, source) = authority_alone("a secret that was given long ago");
    let before = (files(&estate), estate.pids());

    let (code, refused) = configure(&estate, &[ALL]);
    assert_eq!(code, 3, "{refused:#}");
    assert!(refused["problems"][0].as_str().is_some_and(|text| text.contains("give a source")), "{refused:#}");
    let wrong = secret_file(&estate, "wrong", "another secret altogether");
    let (code, refused) = configure(&estate, &[ALL, &wrong]);
    assert_eq!(code, 3, "{refused:#}");
    assert!(refused["problems"][0].as_str().is_some_and(|text| text.contains("does not accept")), "{refused:#}");
    assert!(!estate.path("b2bi").exists());

    let (code, outcome) = configure(&estate, &[ALL, &source]);
    assert_eq!((code, &outcome["result"]), (0, &json!("done")), "{outcome:#}");
    assert_eq!(outcome["restarted"], json!(["integrator", "interchange"]));
    assert_eq!(estate.pids()[0], before.1[0], "the authority was restarted");
    all_is_well(&estate);
    nothing_to_do(&estate, &[ALL]);

    let old = certificate(&estate, "interchange", "old.pem");
    let (code, outcome) = configure(&estate, &["components=passport"]);
    assert_eq!((code, &outcome["result"]), (0, &json!("done")), "{outcome:#}");
    assert!(!estate.path("b2bi").exists() && !is_let_in(&estate, &old));
    assert_eq!(differing(&before.0, &files(&estate)), [""; 0]);
    assert_eq!(estate.json(&["passport", "component", "list"]).1, json!([]));
    assert_eq!(estate.json(&["verify"]).0, 0);
    let aside = std::fs::read_dir(estate.path("journal")).expect("listed").filter_map(Result::ok);
    assert!(!aside.map(|entry| entry.file_name()).any(|name| name.to_string_lossy().starts_with("removed-")));
}

#[test]
fn another_secret_alone_moves_everybody_without_a_stop() {
    let estate = TestEstate::installed();
    let before = (files(&estate), estate.pids());
    let source = secret_file(&estate, "new", "the new secret of everybody");
    let (code, outcome) = configure(&estate, &[&source]);
    assert_eq!((code, &outcome["result"]), (0, &json!("done")), "{outcome:#}");
    assert_eq!(estate.pids(), before.1, "something was restarted");
    let places = ["integrator/conf/passport-access.properties", "interchange/conf/passport-access.xml"];
    let changed = differing(&before.0, &files(&estate));
    assert_eq!(changed.iter().map(|name| name.to_lowercase()).collect::<Vec<_>>(), places.map(|p| format!("b2bi/{p}")));
    all_is_well(&estate);
    nothing_to_do(&estate, &[&source]);
    nothing_to_do(&estate, &["secret.from=generate"]);
    assert_eq!(estate.run(&["stop"]).code, 0);
    let other = secret_file(&estate, "other", "one more secret of everybody");
    let ended = estate.run(&["configure", "--yes", "--set", &other]);
    assert!(ended.code == 3 && ended.stderr.contains("PassPort is stopped"), "{ended:#?}");
}

#[test]
fn another_secret_with_another_host_is_one_change() {
    let estate = TestEstate::installed();
    let source = secret_file(&estate, "new", "the new secret of everybody");
    let (code, outcome) = configure(&estate, &[&source, "authority.host=127.0.0.1"]);
    assert_eq!((code, &outcome["result"]), (0, &json!("done")), "{outcome:#}");
    all_is_well(&estate);
    let place = std::fs::read_to_string(estate.path("b2bi/Interchange/conf/passport-access.xml")).expect("the place");
    assert!(place.contains("the new secret of everybody"));
    let secrets = estate.json(&["passport", "secret", "list"]).1;
    let states: Vec<&Value> = secrets.as_array().expect("a list").iter().map(|secret| &secret["state"]).collect();
    assert!(states.contains(&&json!("current")) && !states.contains(&&json!("held")), "{secrets:#}");
}

#[test]
fn a_change_that_fails_in_the_middle_leaves_everything_as_it_was() {
    let estate = TestEstate::installed();
    let records = || ["estate.toml", "answers.toml"].map(|name| std::fs::read(estate.path(name)).expect("read"));
    let (before, recorded) = (files(&estate), records());
    let old = certificate(&estate, "integrator", "old.pem");
    let (code, outcome) = configure(&estate, &["authority.host=nowhere.invalid"]);
    assert_eq!((code, &outcome["result"], &outcome["changed"]), (1, &json!("put back"), &json!(false)), "{outcome:#}");
    assert!(outcome["reason"].as_str().is_some_and(|text| text.contains("nowhere.invalid")), "{outcome:#}");
    assert_eq!(differing(&before, &files(&estate)), without_locks(&before, &files(&estate)));
    assert_eq!(records(), recorded);
    all_is_well(&estate);
    assert!(is_let_in(&estate, &old), "the old certificate does not work any more");
}

/// The locks that a registration leaves where it failed: they stay, as every keystore's does.
fn without_locks(before: &BTreeMap<String, Vec<u8>>, after: &BTreeMap<String, Vec<u8>>) -> Vec<String> {
    let is_lock = |name: &String| name.strip_suffix(".lock").is_some();
    differing(before, after).into_iter().filter(is_lock).collect()
}

#[test]
fn what_cannot_be_done_is_refused_before_anything_is_touched() {
    let empty = TestEstate::new();
    let ended = configure_file(&empty, "");
    assert!(ended.code == 3 && ended.stderr.contains("nothing to configure: install"), "{ended:#?}");

    let estate = TestEstate::installed();
    let before = (files(&estate), estate.pids());
    let held = std::net::TcpListener::bind("127.0.0.1:0").expect("a port");
    let taken = format!("authority.https_port={}", held.local_addr().expect("an address").port());
    for (set, said) in [
        (taken.as_str(), "in use"),
        ("components=integrator,interchange,b2bi,b2bi-server", "passport is the authority"),
        ("authority.system_password_from=env:OTHER", "authority.system_password_from"),
        ("components=passport,integrator", "must also name"),
    ] {
        let ended = estate.run(&["configure", "--yes", "--set", set]);
        assert!(ended.code == 3 && ended.stderr.contains(said), "{set}: {ended:#?}");
    }
    let ended = configure_file(&estate, "[authority]\nhttps_port = 70000\n");
    assert!(ended.code == 3 && ended.stderr.contains("change.toml:4:14: authority.https_port"), "{ended:#?}");
    let other = estate.install_with(crate::estate::QUICKSTART.as_ref(), &["--set", "authority.domain=Elsewhere"]);
    assert!(other.code == 3 && other.stderr.contains("countersign configure"), "{other:#?}");
    let mode = estate.run(&["configure", "--yes", "--answers", crate::estate::QUICKSTART]);
    assert!(mode.code == 3 && mode.stderr.contains("countersign install"), "{mode:#?}");
    assert_eq!(before, (files(&estate), estate.pids()));

    assert_eq!(estate.run(&["passport", "stop"]).code, 0);
    let ended = estate.run(&["configure", "--yes", "--set", "authority.domain=Elsewhere"]);
    assert!(ended.code == 3 && ended.stderr.contains("PassPort is stopped: start it first"), "{ended:#?}");
}

#[test]
fn a_saved_plan_is_carried_out_unless_something_has_changed_since() {
    let estate = TestEstate::installed();
    let file = estate.folder().join("plan.json");
    let file = file.to_str().expect("UTF-8");
    let save = || estate.run(&["configure", "--set", "authority.domain=Elsewhere", "--plan", "--plan-out", file]);
    let planned = save();
    assert_eq!(planned.code, 4, "{planned:#?}");
    assert_eq!(std::fs::metadata(file).expect("there").permissions().mode() & 0o777, 0o600);
    let again = save();
    assert!(again.code == 3 && again.stderr.contains("exists already"), "{again:#?}");

    let config = estate.path("passport/conf/passport.toml");
    let text = std::fs::read_to_string(&config).expect("read");
    std::fs::write(&config, format!("{text}# somebody was here\n")).expect("written");
    let apply = || estate.run(&["configure", "--yes", "--apply-plan", file]);
    let refused = apply();
    assert!(refused.code == 3 && refused.stderr.contains("passport.toml has changed"), "{refused:#?}");
    std::fs::write(&config, text).expect("written");
    assert_eq!(estate.run(&["b2bi", "stop", "--engine", "integrator"]).code, 0);
    let refused = apply();
    assert!(refused.code == 3 && refused.stderr.contains("another one now"), "{refused:#?}");
    assert_eq!(estate.run(&["start"]).code, 0);

    std::fs::set_permissions(file, std::fs::Permissions::from_mode(0o644)).expect("opened");
    let refused = apply();
    assert!(refused.code == 3 && refused.stderr.contains("chmod 600"), "{refused:#?}");
    std::fs::set_permissions(file, std::fs::Permissions::from_mode(0o600)).expect("closed");
    let done = apply();
    assert_eq!(done.code, 0, "{done:#?}");
    all_is_well(&estate);
    assert_eq!(apply().code, 3, "it was carried out already");
}

#[test]
fn engines_without_an_authority_here_register_with_the_one_on_another_host() {
    let (authority, source) = authority_alone("a secret that was given long ago");
    for engine in ENGINES {
        let csd = format!("{}/installer-assets/csd/{engine}.xml", env!("CARGO_MANIFEST_DIR"));
        assert_eq!(authority.run(&["passport", "component", "import", &csd]).code, 0);
    }
    let mut estate = TestEstate::new();
    (estate.https_port, estate.client_auth_port) = (authority.https_port, authority.client_auth_port);
    let engines = "components=integrator,interchange,b2bi,b2bi-server";
    let install =
        |source: &str| estate.install_with(crate::estate::QUICKSTART.as_ref(), &["--set", engines, "--set", source]);
    let wrong = secret_file(&estate, "wrong", "another secret altogether");
    let refused = install(&wrong);
    assert!(refused.code == 3 && refused.stderr.contains("does not accept"), "{refused:#?}");
    let refused = install("secret.from=generate");
    assert!(refused.code == 3 && refused.stderr.contains("another host"), "{refused:#?}");
    let installed = install(&source);
    assert_eq!(installed.code, 0, "{installed:#?}");
    all_is_well(&estate);

    let (code, refused) = configure(&estate, &[ALL]);
    assert!(code == 3 && refused["problems"][0].as_str().is_some_and(|text| text.contains("cannot be added")));
    let (code, outcome) = configure(&estate, &["authority.host=127.0.0.1"]);
    assert_eq!((code, &outcome["result"]), (0, &json!("done")), "{outcome:#}");
    all_is_well(&estate);
    assert!(estate.path(&keystore("integrator", "127_0_0_1", estate.client_auth_port)).exists());
}
