//! Registrations that do not come to an end, and certificates that are not believed any more.

use countersign::doctor::codes::Code;
use serde_json::Value;

use crate::bench::Bench;
use crate::peers::Other;

pub const STATES: [Code; 7] = [
    Code::WaitingValidation,
    Code::WaitingSigning,
    Code::Refused,
    Code::Failed,
    Code::IdentityMismatch,
    Code::NotRegistered,
    Code::Interrupted,
];
pub const TRUST: [Code; 2] = [Code::UntrustedKeystore, Code::IdentityMismatch];

/// The number of the newest request.
fn newest(bench: &Bench, state: &str) -> String {
    let (code, requests) = bench.estate.json(&["passport", "requests", "--state", state]);
    let id = requests[0]["id"].as_str().unwrap_or_else(|| panic!("{code}: {requests:#}"));
    id.to_owned()
}

#[test]
fn a_registration_waits_is_refused_fails_or_was_never_begun() {
    let mut bench = Bench::new();
    let told = |bench: &mut Bench, code, words: &str| bench.tells("integrator", 4, code, "trouble", words);
    for (name, value) in [("validation", "manual"), ("signing", "manual"), ("cert.signature.wait.time", "0")] {
        bench.run(&["passport", "property", "set", &format!("am.registration.{name}"), value], 0);
    }
    bench.run(&["register", "integrator", "--again"], 6);
    told(&mut bench, Code::WaitingValidation, "[Status:Waiting Validation]");
    let id = newest(&bench, "waiting-validation");
    bench.run(&["passport", "approve", &id, "--validation"], 0);
    // The component has not heard of it yet; the authority of this estate is asked.
    told(&mut bench, Code::WaitingSigning, "[Status:Waiting Signing]");
    bench.run(&["register", "integrator"], 6);
    told(&mut bench, Code::WaitingSigning, "[Status:Waiting Signing]");
    bench.run(&["passport", "approve", &id], 0);
    told(&mut bench, Code::WaitingSigning, "waits to be fetched");
    bench.run(&["register", "integrator"], 0);
    bench.finds(&["integrator"], 0, &[("integrator", Code::Fine, "fine")]);

    bench.run(&["register", "integrator", "--again"], 6);
    let id = newest(&bench, "waiting-validation");
    bench.run(&["passport", "refuse", &id, "--reason", "not this month"], 0);
    told(&mut bench, Code::Refused, "Reason: not this month");
    bench.run(&["register", "integrator"], 7);
    told(&mut bench, Code::Refused, "[Status:Validation Refused]");

    bench.run(&["passport", "component", "remove", "integrator", "--revoke"], 0);
    bench.run(&["register", "integrator", "--again"], 7);
    let rows = [("integrator", Code::IdentityMismatch, "trouble"), ("integrator", Code::Failed, "trouble")];
    let found = bench.finds(&["integrator"], 4, &rows);
    assert!(found[0]["detail"].as_str().is_some_and(|text| text.contains("no component has the name \"integrator\"")));
    assert!(found[1]["detail"].as_str().is_some_and(|text| text.contains("[Status:Failed]")));

    let csd = concat!(env!("CARGO_MANIFEST_DIR"), "/installer-assets/csd/integrator.xml");
    bench.run(&["passport", "component", "import", csd], 0);
    for file in [".csrid", ".key", ".pub"] {
        std::fs::remove_file(bench.keystore(file)).expect("removed");
    }
    told(&mut bench, Code::NotRegistered, "no keystore");
    std::fs::write(bench.keystore(".key"), "").expect("written");
    told(&mut bench, Code::Interrupted, "without an answer");
    bench.run(&["passport", "property", "set", "am.registration.validation", "auto"], 0);
    bench.run(&["passport", "property", "set", "am.registration.signing", "auto"], 0);
    bench.run(&["passport", "property", "set", "am.registration.cert.signature.wait.time", "10"], 0);
    bench.run(&["register", "integrator"], 0);
    bench.ended(&STATES);
}

#[test]
fn a_certificate_is_revoked_or_of_another_ca_and_an_identity_differs_in_any_one_value() {
    let mut bench = Bench::new();
    let (_, certificates) = bench.estate.json(&["passport", "certificate", "list"]);
    let listed = certificates.as_array().expect("a list");
    let of_integrator = |one: &&Value| one.to_string().contains("integrator");
    let serial = listed.iter().find(of_integrator).and_then(|one| one["serial"].as_str()).expect("a certificate");
    bench.run(&["passport", "certificate", "revoke", serial], 0);
    bench.tells("integrator", 4, Code::UntrustedKeystore, "trouble", "it was revoked");
    bench.run(&["register", "integrator", "--again"], 0);

    // An authority made anew, with the same secret: it is the right one, and the keystore is not.
    let other = Other::with_secret_of(&bench.estate);
    let port = bench.https_port(other.https_port);
    bench.while_recorded(&[port], |bench| {
        bench.tells("integrator", 4, Code::UntrustedKeystore, "trouble", "of another CA");
    });

    let csd = concat!(env!("CARGO_MANIFEST_DIR"), "/installer-assets/csd/interchange.xml");
    let other = bench.estate.folder().join("other.xml");
    let text = std::fs::read_to_string(csd).expect("a CSD");
    let told = |bench: &mut Bench, words: &str| {
        let detail = format!("the component's {words} is known");
        bench.tells("interchange", 4, Code::IdentityMismatch, "trouble", &detail);
    };
    for (part, ours, theirs) in [("version", "2.3", "2.4"), ("group", "B2Bi", "Others")] {
        bench.run(&["passport", "component", "remove", "interchange", "--revoke"], 0);
        let (from, to) = (format!("{part}={ours:?}"), format!("{part}={theirs:?}"));
        assert!(text.contains(&from), "{text}");
        std::fs::write(&other, text.replacen(&from, &to, 1)).expect("written");
        bench.run(&["passport", "component", "import", other.to_str().expect("text")], 0);
        told(&mut bench, &format!("{part} is {ours:?} where {theirs:?}"));
    }
    bench.run(&["passport", "component", "remove", "interchange", "--revoke"], 0);
    bench.run(&["passport", "component", "import", csd], 0);
    bench.run(&["passport", "component", "instance", "add", "interchange", "second"], 0);
    bench.run(&["passport", "component", "remove", "interchange", "--revoke"], 0);
    told(&mut bench, "instance is \"default\" where \"second\"");
    bench.ended(&TRUST);
}
