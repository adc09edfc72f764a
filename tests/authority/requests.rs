//! Requests as an administrator sees and decides them, over the verbs of a server that is killed again and again.

use std::net::TcpListener;
use std::process::{Command, Stdio};

use countersign::keystore::Kind;
use countersign::registration::enrol::{Registration, register};
use countersign::registration::signer::Signer;
use countersign::registration::site::Site;
use countersign::registration::state::State;
use rustix::process::Signal;
use serde_json::{Value, json};
use tempfile::TempDir;

use crate::binary::Verbs;
use crate::fixture::{SECRET, integrator, secret};

/// A running authority where both steps are an administrator's, and a component that registers there.
struct Manual {
    verbs: Verbs,
    site: Site,
    _conf: TempDir,
}

impl Manual {
    fn new() -> Self {
        let verbs = Verbs::new();
        let free = || TcpListener::bind("127.0.0.1:0").expect("bound");
        let [https_port, client_auth_port] = [free(), free()].map(|port| port.local_addr().expect("an address").port());
        verbs.init([https_port, client_auth_port]);
        for (name, value) in [("validation", "manual"), ("signing", "manual"), ("cert.signature.wait.time", "0")] {
            verbs.json(&["property", "set", &format!("am.registration.{name}"), value], 0);
        }
        verbs.json(&["start"], 0);
        verbs.json(&["secret", "set", "--from", &verbs.given("secret", SECRET)], 0);
        verbs.import("integrator");
        let conf = tempfile::tempdir().expect("a folder");
        let site = Site {
            conf: conf.path().to_path_buf(),
            repository: "integrator".into(),
            host: "localhost".into(),
            address: None,
            https_port,
            client_auth_port,
            kind: Kind::Jks,
            identity: integrator(),
        };
        Self { verbs, site, _conf: conf }
    }

    fn register(&self) -> Registration {
        let runtime = tokio::runtime::Runtime::new().expect("a runtime");
        runtime.block_on(register(&self.site, &Signer::Ours, &secret(SECRET))).expect("driven")
    }

    /// The only request there is.
    fn request(&self) -> Value {
        let listed = self.verbs.json(&["requests"], 0);
        assert_eq!(listed.as_array().map(Vec::len), Some(1), "{listed}");
        listed[0].clone()
    }

    fn die_and_start(&self) {
        self.verbs.kill(Signal::KILL);
        self.verbs.json(&["start"], 0);
    }

    /// How often a certificate was issued.
    fn issued(&self) -> usize {
        let rows = String::from_utf8(self.verbs.run(&["audit", "list"]).stdout).expect("text");
        rows.lines().filter(|row| row.contains("\"act\":\"issue\"")).count()
    }
}

#[test]
fn a_request_walks_from_validation_to_its_one_certificate_however_often_the_server_dies() {
    let manual = Manual::new();
    let mut walked = Vec::new();
    let steps: [&[&str]; 2] = [&["--validation"], &[]];
    for step in [None, Some(steps[0]), Some(steps[1])] {
        if let Some(flags) = step {
            let id = manual.request()["id"].as_str().expect("an id").to_owned();
            manual.verbs.json(&[&["approve", id.as_str()], flags].concat(), 0);
        } else {
            manual.register();
        }
        manual.die_and_start();
        walked.push(manual.request()["status"].clone());
        manual.register();
        manual.die_and_start();
    }
    assert_eq!(walked, [json!("Waiting Validation"), json!("Waiting Signing"), json!("Registered")]);
    assert_eq!(manual.site.state(), State::Registered);
    assert_eq!(manual.register().state, State::Registered);
    assert_eq!((manual.issued(), &manual.request()["status"]), (1, &json!("Registered")));
}

#[test]
fn a_server_that_dies_while_it_signs_issues_one_certificate_in_the_end() {
    for _ in 0..4 {
        let manual = Manual::new();
        manual.register();
        let id = manual.request()["id"].as_str().expect("an id").to_owned();
        let approve = || {
            let mut command = Command::new(env!("CARGO_BIN_EXE_countersign"));
            command.args(["passport", "approve", &id, "--both", "--home"]).arg(&manual.verbs.home);
            command.stdout(Stdio::null()).stderr(Stdio::null()).spawn().expect("started")
        };
        let pid = manual.verbs.pid();
        let mut decides = manual.verbs.writes();
        let mut approving = approve();
        // As soon as the decision is on its way to the disk, or the verb is through without our seeing it.
        while !decides() && approving.try_wait().expect("looked").is_none() {}
        rustix::process::kill_process(pid, Signal::KILL).expect("killed");
        approving.wait().expect("ended");
        manual.verbs.gone();
        manual.verbs.json(&["start"], 0);
        if manual.request()["status"] != json!("Registered") {
            manual.verbs.json(&["approve", &id, "--both"], 0);
        }
        assert_eq!(manual.register().state, State::Registered);
        assert_eq!(manual.issued(), 1);
    }
}

#[test]
fn a_refusal_reaches_the_component_in_the_documented_words_from_either_step() {
    for validated in [false, true] {
        let manual = Manual::new();
        manual.register();
        let id = manual.request()["id"].as_str().expect("an id").to_owned();
        if validated {
            manual.verbs.json(&["approve", &id], 0);
        }
        let refused = manual.verbs.json(&["refuse", &id[..6], "--reason", "not one of ours"], 0);
        assert_eq!(refused, json!({ "id": id, "status": "Validation Refused" }));
        manual.die_and_start();
        let ended = manual.register();
        assert_eq!(ended.reason.as_deref(), Some("not one of ours"));
        assert_eq!(
            ended.state.message().as_deref(),
            Some(
                "Registration has been refused. Please contact the PassPort Administrator for further information. \
                 [Status:Validation Refused]"
            )
        );
        for late in [&["approve", &id][..], &["refuse", &id, "--reason", "again"]] {
            let said = manual.verbs.refused(late, 3);
            assert!(said.contains(&format!("the request {id} is decided already: Validation Refused")), "{said}");
        }
        assert_eq!(manual.issued(), 0);
        assert_eq!(manual.request()["reason"], json!("not one of ours"));
    }
}

#[test]
fn an_approval_covers_what_it_names_and_requests_are_found_by_their_state() {
    let manual = Manual::new();
    manual.register();
    let id = manual.request()["id"].as_str().expect("an id").to_owned();
    let said = manual.verbs.refused(&["approve", &id, "--signing"], 3);
    assert!(said.contains("is not validated yet"), "{said}");
    assert!(manual.verbs.refused(&["approve", "r-none"], 3).contains("there is no request r-none"));
    assert!(manual.verbs.refused(&["refuse", &id, "--reason", " "], 3).contains("one line"));
    let of = |state: &str| manual.verbs.json(&["requests", "--state", state], 0).as_array().map(Vec::len);
    assert_eq!((of("waiting-validation"), of("Waiting Signing")), (Some(1), Some(0)));
    manual.verbs.json(&["approve", &id, "--validation"], 0);
    assert_eq!((of("waiting-validation"), of("Waiting Signing")), (Some(0), Some(1)));
    let said = manual.verbs.refused(&["approve", &id, "--validation"], 3);
    assert!(said.contains("is validated already: Waiting Signing"), "{said}");
    manual.verbs.json(&["approve", &id, "--both"], 0);
    assert_eq!(of("registered"), Some(1));
    let said = manual.verbs.refused(&["approve", &id], 3);
    assert!(said.contains("is decided already: Registered"), "{said}");
    assert!(manual.verbs.refused(&["requests", "--state", "lost"], 2).contains("waiting-validation, waiting-signing"));
}
