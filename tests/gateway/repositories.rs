//! Repositories are added, shown, renamed and removed.

use countersign::forms::Format;
use countersign::registration::repository::secret_key;
use std::path::Path;

use crate::fixture::{Bench, HOST, NAME, SECRET, csd};

#[test]
fn what_cannot_work_is_refused_before_anything_is_written() {
    let bench = Bench::new();
    let (csd, secret) = (csd(), bench.passport.given("any", SECRET));
    let add = |name: &str, more: &[&str]| {
        let arguments: Vec<&str> =
            ["add", name, "--secret-from", &secret].into_iter().chain(more.iter().copied()).collect();
        bench.said(&arguments, 3)
    };
    assert!(add("first", &[]).contains("csd.xml is missing"));
    assert!(add("first", &["--csd", "/dev/null"]).contains("no well-formed XML"));
    assert!(add("first", &["--csd", &csd, "--certificate", &csd]).contains("no certificate"));
    assert!(add("", &["--csd", &csd]).contains("1 to 100 bytes"));
    assert!(!bench.gateway.repositories().exists());

    bench.add("a.b", &[]);
    assert!(add("a.b", &[]).contains("already"));
    assert!(add("a b", &["--host", HOST, "--client-auth-port", &bench.ports[1].to_string()]).contains("one keystore"));
    assert!(bench.said(&["register", "--repository", "c"], 3).contains("\"a.b\""));
}

#[test]
fn same_takes_a_secret_that_the_authority_accepts_and_no_other() {
    let bench = Bench::new();
    let [https, client_auth] = bench.ports.map(|port| port.to_string());
    let csd = csd();
    let mut arguments = vec!["add", "first", "--host", "127.0.0.1", "--https-port", &https];
    arguments.extend(["--client-auth-port", &client_auth, "--csd", &csd]);
    assert!(bench.said(&arguments, 3).contains("give a source with --secret-from"));
    bench.add(NAME, &[]);
    bench.json(&arguments, 0);
    let text = std::fs::read(bench.gateway.repositories()).expect("read");
    let held = Format::Toml.read(&text, &secret_key("first")).expect("read").expect("there");
    assert_eq!(held.expose(), SECRET);
    let listed = bench.json(&["list"], 0);
    assert_eq!(listed["repositories"][1]["repository"], "first");
    assert_eq!(listed["repositories"][1]["status"], "New");
    assert!(!String::from_utf8_lossy(&bench.run(&["list"]).stdout).contains(SECRET));
}

#[test]
fn a_renamed_repository_registers_anew_and_the_old_certificate_is_believed_no_more() {
    let bench = Bench::with_repository();
    bench.register(&[], 0);
    let old = bench.certificates("valid");
    assert_eq!(old.len(), 1);
    let renamed = bench.json(&["rename", NAME, "PassPort"], 0);
    let renamed = &renamed["repositories"][0];
    assert_eq!(renamed["given_up"].as_array().expect("a list").len(), 1, "{renamed}");
    assert_eq!(bench.certificates("revoked"), old);
    let keystore = format!("keystore_PassPort_passport_host_{}.jks", bench.ports[1]);
    let mut present = bench.files();
    present.retain(|name| Path::new(name).extension().is_none_or(|extension| extension != "lock"));
    assert_eq!(present, [keystore.clone(), format!("{keystore}.pass")]);
    let backup = bench.gateway.folder().join(renamed["backup"].as_str().expect("a folder"));
    assert!(backup.join(format!("keystore_PassPort___local_passport_host_{}.jks", bench.ports[1])).exists());

    let removed = bench.json(&["remove", "PassPort"], 0);
    assert_eq!(removed["given_up"].as_array().expect("a list").len(), 1, "{removed}");
    assert!(bench.certificates("valid").is_empty());
    assert_eq!(bench.json(&["list"], 0)["repositories"].as_array().map(Vec::len), Some(0));
}
