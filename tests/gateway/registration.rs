//! The way from key pair to keystore, as the manual describes it.

use std::process::Command;

use countersign::keystore;
use countersign::keystore::Kind;

use crate::fixture::{Bench, HOST, NAME};
use crate::shifted::{Shifted, difference};

const TEMPORARIES: [&str; 3] = ["csrid", "key", "pub"];

#[test]
fn the_documented_repository_gets_its_keystore_and_java_uses_it() {
    let bench = Bench::with_repository();
    let registered = bench.register(&[], 0);
    assert_eq!(registered["status"], "Registered");
    assert_eq!(keystore::file_name(NAME, HOST, 6666, Kind::Jks), "keystore_PassPort___local_passport_host_6666.jks");
    let name = keystore::file_name(NAME, HOST, bench.ports[1], Kind::Jks);
    assert_eq!(bench.files(), [name.clone(), format!("{name}.lock"), format!("{name}.pass")]);
    let listed = bench.json(&["list"], 0)["repositories"][0].clone();
    assert_eq!((listed["keystore"].as_str(), listed["status"].as_str()), (Some(&*name), Some("Registered")));
    assert!(listed["until"].is_string(), "{listed}");

    let (store, pass) = (bench.path(&name), bench.path(&format!("{name}.pass")));
    let mut keytool = Command::new("keytool");
    keytool.args(["-list", "-v", "-keystore"]).arg(&store).arg("-storepass:file").arg(&pass);
    let output = keytool.output().expect("keytool");
    let said = String::from_utf8_lossy(&output.stdout);
    assert!(output.status.success() && said.contains("Entry type: PrivateKeyEntry"), "{said}");

    let program = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/interop/MutualTls.java");
    let url = format!("https://127.0.0.1:{}/countersign/v1/status", bench.ports[1]);
    let output = Command::new("java").arg(program).arg(&store).arg("JKS").arg(&pass).arg(url).output().expect("java");
    let said = String::from_utf8_lossy(&[output.stdout, output.stderr].concat()).into_owned();
    assert!(output.status.success() && said.contains(" 200 ") && said.contains("passport"), "{said}");
}

#[test]
fn a_request_that_waits_is_the_same_after_a_restart_and_leaves_only_the_keystore() {
    let bench = Bench::with_repository();
    for property in ["validation", "signing"] {
        bench.passport.json(&["property", "set", &format!("am.registration.{property}"), "manual"], 0);
    }
    let name = keystore::file_name(NAME, HOST, bench.ports[1], Kind::Jks);
    let temporary = |extension: &str| bench.path(&format!("{name}.{extension}"));
    let waits = |word: &str| {
        let said = bench.said(&["register"], 6);
        let text = format!("Certificate Signing Request has not yet been {word}, please try again later.");
        assert!(said.contains(&text), "{said}");
        assert!(TEMPORARIES.iter().all(|extension| temporary(extension).exists()) && !bench.path(&name).exists());
        std::fs::read(temporary("csrid"))
            .map(|text| serde_json::from_slice::<serde_json::Value>(&text))
            .expect("read")
            .expect("JSON")
    };
    let first = waits("validated");
    let second = waits("validated");
    assert_eq!(first["request"], second["request"]);
    let id = first["request_id"].as_str().expect("an id").to_owned();
    assert_eq!(bench.requests().len(), 1);
    bench.passport.json(&["approve", &id], 0);
    assert_eq!(waits("signed")["request"], first["request"]);
    bench.passport.json(&["approve", &id], 0);
    assert_eq!(bench.register(&[], 0)["status"], "Registered");
    assert_eq!(bench.files(), [name.clone(), format!("{name}.lock"), format!("{name}.pass")]);
}

#[test]
fn registering_again_gives_up_what_there_was() {
    let bench = Bench::with_repository();
    bench.register(&[], 0);
    let first = bench.certificates("valid");
    // The older manual lists a temporary without a suffix.
    let bare = format!("keystore_PassPort___local_passport_host_{}", bench.ports[1]);
    std::fs::write(bench.path(&bare), "left over").expect("written");

    bench.passport.json(&["property", "set", "am.registration.signing", "manual"], 0);
    let again = bench.register(&["--again"], 6);
    assert_eq!(again["given_up"].as_array().expect("a list").len(), 1, "{again}");
    assert_eq!(bench.certificates("revoked"), first);
    assert!(!bench.path(&bare).exists());
    let backup = bench.gateway.folder().join(again["backup"].as_str().expect("a folder"));
    assert!(backup.join(format!("{bare}.jks")).exists() && backup.join(&bare).exists());

    // A request that still waits is dropped in the same way.
    let waiting = bench.requests()[0]["id"].clone();
    let output = bench.run(&["register", "--again"]);
    let said = String::from_utf8_lossy(&output.stderr);
    assert_eq!(output.status.code(), Some(6), "{said}");
    assert!(said.contains(&format!("the request {} is dropped", waiting.as_str().expect("text"))), "{said}");
    assert_eq!(bench.requests().len(), 1);

    bench.passport.json(&["property", "set", "am.registration.signing", "auto"], 0);
    assert_eq!(bench.register(&["--again"], 0)["status"], "Registered");
    assert_eq!(bench.certificates("valid").len(), 1);
}

#[test]
fn a_refused_request_says_so_and_again_makes_another() {
    let bench = Bench::with_repository();
    bench.passport.json(&["property", "set", "am.registration.validation", "manual"], 0);
    bench.register(&[], 6);
    let id = bench.requests()[0]["id"].as_str().expect("text").to_owned();
    bench.passport.json(&["refuse", &id, "--reason", "not today"], 0);
    let said = bench.said(&["register"], 7);
    assert!(said.contains("[Status:Validation Refused]") && said.contains("not today"), "{said}");
    assert_eq!(bench.register(&[], 7)["status"], "Validation Refused");
    bench.passport.json(&["property", "set", "am.registration.validation", "auto"], 0);
    assert_eq!(bench.register(&["--again"], 0)["status"], "Registered");
    assert_eq!(bench.requests().len(), 1);
}

#[test]
fn a_given_certificate_must_be_the_one_that_is_shown() {
    let bench = Bench::new();
    let exported = |name: &str, pem: bool| {
        let file = bench.passport.home.with_file_name(format!("{name}-{pem}.cer"));
        let mut arguments = vec!["certificate", "export", name, "--out", file.to_str().expect("text")];
        arguments.extend(pem.then_some("--pem"));
        bench.passport.json(&arguments, 0);
        file.to_str().expect("text").to_owned()
    };
    let (https, client_auth) = (exported("Default_HTTPS", true), exported("Default_HTTPS_Client_Auth", false));
    bench.add("wrong", &["--certificate", &client_auth]);
    let said = bench.said(&["register"], 7);
    assert!(said.contains("does not show the certificate in") && said.contains("Default_HTTPS_Client_Auth"), "{said}");
    assert!(bench.files().is_empty() && bench.requests().is_empty(), "{:?}", bench.files());
    bench.json(&["remove", "wrong"], 0);
    bench.add("right", &["--certificate", &https, "--client-auth-certificate", &client_auth]);
    bench.add("of the CA", &["--certificate", &exported("ca", false)]);
    let registered = bench.json(&["register"], 0);
    assert!(registered["repositories"].as_array().expect("a list").iter().all(|one| one["status"] == "Registered"));
}

/// Stops the bench's PassPort and starts it again with its clock moved.
fn shifted(bench: &Bench, by: &str) -> Shifted {
    bench.passport.json(&["stop"], 0);
    Shifted::start(&bench.passport.home, by)
}

#[test]
fn a_clock_that_is_too_far_off_ends_the_registration_before_anything_is_submitted() {
    let bench = Bench::with_repository();
    for (by, ahead) in [("+10m", true), ("-10m", false)] {
        let shifted = shifted(&bench, by);
        let said = bench.said(&["register"], 7);
        let seconds = difference(&said);
        assert!((595..=605).contains(&seconds.abs()) && (seconds > 0) == ahead, "{said}");
        assert!(bench.requests().is_empty(), "something was submitted");
        let left = bench.files().into_iter().find(|name| !name.to_lowercase().ends_with(".lock"));
        assert_eq!(left, None);
        bench.passport.json(&["stop"], 0);
        drop(shifted);
    }
    let _shifted = shifted(&bench, "+3m");
    let output = bench.run(&["register"]);
    let said = String::from_utf8_lossy(&output.stderr);
    assert_eq!(output.status.code(), Some(0), "{said}");
    assert!(said.contains(" s; from 300 s on nothing is submitted: synchronise the clocks"), "{said}");
    assert_eq!(bench.requests().len(), 1);
}
