//! The verbs of the binary: exit codes, JSON, and a server that outlives its starter.

use std::net::TcpListener;
use std::path::{Path, PathBuf};
use std::process::Command;

use countersign::registration::admin;
use rustix::process::Signal;
use serde_json::json;

use crate::binary::Verbs;

#[test]
fn from_init_to_stop_every_verb_says_how_it_went() {
    let verbs = Verbs::new();
    assert!(verbs.refused(&["start"], 3).contains("there is no PassPort"));
    verbs.init([0, 0]);
    assert!(verbs.refused(&["init"], 3).contains("exists already"));
    assert_eq!(verbs.json(&["status"], 5)["process"], json!("stopped"));
    assert!(verbs.refused(&["approve", "r-x"], 5).contains("not running"));
    assert_eq!(verbs.json(&["start"], 0)["started"], json!(true));
    assert_eq!(verbs.json(&["start"], 0)["started"], json!(false));
    let status = verbs.json(&["status"], 0);
    assert_eq!(status["process"], json!("running"));
    assert_eq!(status["version"], json!(env!("CARGO_PKG_VERSION")));
    assert_eq!(verbs.json(&["requests"], 0), json!([]));
    let csd = Path::new(env!("CARGO_MANIFEST_DIR")).join("installer-assets/csd/integrator.xml");
    let imported = verbs.json(&["component", "import", csd.to_str().expect("text")], 0);
    assert_eq!((&imported["new"], &imported["identity"]["name"]), (&json!(true), &json!("integrator")));
    assert_eq!(verbs.json(&["property", "set", "am.registration.signing", "manual"], 0)["value"], json!("manual"));
    assert!(verbs.refused(&["property", "set", "am.registration.signing", "maybe"], 3).contains("auto or manual"));
    assert!(verbs.refused(&["serve"], 3).contains("already running with pid"));
    let lines = String::from_utf8(verbs.run(&["audit", "list"]).stdout).expect("text");
    assert!(lines.contains("component imported") && lines.contains("property set"), "{lines}");
    assert_eq!(verbs.json(&["stop"], 0)["stopped"], json!(true));
    assert_eq!(verbs.json(&["stop"], 0)["stopped"], json!(false));
    assert!(!verbs.home.join("run/admin.sock").exists());
}

#[test]
fn a_killed_authority_starts_again_and_a_terminated_one_tidies_up() {
    let verbs = Verbs::new();
    verbs.init([0, 0]);
    verbs.json(&["start"], 0);
    let first = verbs.pid();
    verbs.kill(Signal::KILL);
    assert_eq!(verbs.json(&["status"], 5)["process"], json!("stopped"));
    verbs.json(&["start"], 0);
    assert_ne!(verbs.pid(), first);
    verbs.kill(Signal::TERM);
    assert!(!verbs.home.join("run/admin.sock").exists());
    let log = std::fs::read_to_string(verbs.home.join("logs/passport.log")).expect("a log");
    assert!(log.contains("PassPort ends: SIGTERM"), "{log}");
}

#[test]
fn a_started_authority_has_a_session_of_its_own_and_nothing_of_its_starter() {
    let verbs = Verbs::new();
    verbs.init([0, 0]);
    let foreign = verbs.home.with_extension("foreign");
    std::fs::write(&foreign, "").expect("written");
    let script = "ulimit -S -n 64; exec 7<\"$1\"; exec \"$2\" passport start --home \"$3\"";
    let mut command = Command::new("sh");
    command.args(["-c", script, "sh"]).arg(&foreign).arg(env!("CARGO_BIN_EXE_countersign")).arg(&verbs.home);
    assert!(command.output().expect("run").status.success());

    let pid = verbs.pid();
    assert_eq!(rustix::process::getsid(Some(pid)).expect("asked"), pid);
    let process = Path::new("/proc").join(pid.as_raw_nonzero().to_string());
    let open = std::fs::read_dir(process.join("fd")).expect("listed");
    let open: Vec<_> = open.filter_map(|entry| std::fs::read_link(entry.expect("read").path()).ok()).collect();
    assert!(!open.contains(&foreign), "{open:?}");
    let limits = std::fs::read_to_string(process.join("limits")).expect("read");
    let files = limits.lines().find(|line| line.starts_with("Max open files")).expect("a limit");
    let numbers: Vec<_> = files.split_whitespace().skip(3).take(2).collect();
    assert_eq!(numbers[0], numbers[1], "the whole allowance is taken: {files}");
}

#[test]
fn an_authority_that_does_not_answer_can_be_stopped_and_nobody_calls_that_a_refusal() {
    let verbs = Verbs::new();
    verbs.init([0, 0]);
    verbs.json(&["start"], 0);
    std::fs::remove_file(verbs.home.join("run/admin.sock")).expect("removed");
    assert!(verbs.refused(&["secret", "list"], 5).contains("does not answer"));
    assert_eq!(verbs.json(&["stop"], 0)["stopped"], json!(true));
    let log = std::fs::read_to_string(verbs.home.join("logs/passport.log")).expect("a log");
    assert!(log.contains("PassPort ends: SIGTERM"), "{log}");
}

#[test]
fn the_authority_of_an_estate_changes_only_under_its_lock() {
    let verbs = Verbs::new();
    verbs.init([0, 0]);
    let folder = verbs.home.parent().expect("a folder");
    std::fs::write(folder.join("estate.toml"), "").expect("written");
    let lock = countersign::apply::Lock::take(folder, "install").expect("free");
    verbs.json(&["start"], 0);
    let secret = verbs.home.with_extension("secret");
    countersign::fs::create(&secret, b"correct horse battery staple", 0o600).expect("written");
    let from = format!("file:{}", secret.display());
    let csd = Path::new(env!("CARGO_MANIFEST_DIR")).join("installer-assets/csd/integrator.xml");
    let changes: [&[&str]; 3] = [
        &["secret", "set", "--from", &from],
        &["property", "set", "am.registration.signing", "manual"],
        &["component", "import", csd.to_str().expect("text")],
    ];
    for change in changes {
        assert!(verbs.refused(change, 9).contains("another run holds this estate: install"), "{change:?}");
    }
    lock.release().expect("released");
    for change in changes {
        verbs.json(change, 0);
    }
    assert!(verbs.refused(&["secret", "set", "--from", &from], 3).contains("has a shared secret already"));
}

#[test]
fn a_secret_is_replaced_by_hand_at_once_and_the_same_one_is_nothing_to_do() {
    let verbs = Verbs::new();
    verbs.init([0, 0]);
    verbs.json(&["start"], 0);
    let given = |name: &str, text: &str| {
        let file = verbs.home.with_file_name(name);
        countersign::fs::create(&file, text.as_bytes(), 0o600).expect("written");
        format!("file:{}", file.display())
    };
    let (old, new) = (given("old", "correct horse battery staple"), given("new", "Tr0ub4dor and three"));
    let replaced = |from: &str| verbs.json(&["secret", "replace", "--from", from], 0);

    // Nobody could tell whether it is the same, while no component is known that could ask.
    assert_eq!(replaced(&old)["changed"], json!(true));
    let csd = Path::new(env!("CARGO_MANIFEST_DIR")).join("installer-assets/csd/integrator.xml");
    verbs.json(&["component", "import", csd.to_str().expect("text")], 0);
    let same = replaced(&old);
    assert_eq!(same["changed"], json!(false));
    let other = replaced(&new);
    assert_eq!(other["changed"], json!(true));
    assert_ne!(other["id"], same["id"]);
    let listed = verbs.json(&["secret", "list"], 0);
    let states: Vec<_> = listed.as_array().expect("a list").iter().map(|one| (&one["id"], &one["state"])).collect();
    assert_eq!(states, [(&other["id"], &json!("current")), (&same["id"], &json!("retired"))]);
    assert_eq!(replaced(&new), json!({ "id": other["id"], "changed": false }));

    // As a crash leaves it between the two acts: the next one finishes what was begun.
    let (id, socket) = (other["id"].as_str().expect("an id"), verbs.home.join("run/admin.sock"));
    let third = countersign::secret::Secret::copy_of("hunter2 and hunter3");
    admin::replace_secret(&socket, &third, &format!("by-hand-{id}"), id).expect("replaced");
    assert_eq!(replaced(&given("third", "hunter2 and hunter3"))["changed"], json!(false));
    let listed = verbs.json(&["secret", "list"], 0);
    assert_eq!((&listed[1]["id"], &listed[1]["state"]), (&other["id"], &json!("retired")));
}

#[test]
fn a_user_who_can_log_in_is_told_from_one_who_cannot() {
    let verbs = Verbs::new();
    verbs.init([0, 0]);
    let password = format!("file:{}", verbs.home.join("conf/system.pass").display());
    let login = |name: &str, code| verbs.json(&["user", "login", name, "--password-from", &password], code);
    verbs.refused(&["user", "login", "system", "--password-from", &password], 5);
    verbs.json(&["start"], 0);
    let expected = json!({
        "user": "system", "domain": "Synchrony", "accepted": true, "must_change": false,
        "roles": ["System:Administration"],
    });
    assert_eq!(login("system", 0), expected);
    assert_eq!(login("somebody", 4)["accepted"], json!(false));
}

#[test]
fn a_port_in_use_is_one_line_that_says_what_to_do() {
    let taken = TcpListener::bind("127.0.0.1:0").expect("bound");
    let port = taken.local_addr().expect("an address").port();
    let verbs = Verbs::new();
    verbs.init([0, port]);
    let said = verbs.refused(&["start"], 3);
    assert!(
        said.contains(&format!(
            "port {port} on 127.0.0.1 is in use: stop what listens there or choose another client_auth_port"
        )),
        "{said}"
    );
    assert_eq!(verbs.json(&["status"], 5)["process"], json!("stopped"));
}

#[test]
fn certificates_are_exported_as_der_and_as_pem() {
    let verbs = Verbs::new();
    verbs.init([0, 0]);
    let (der, pem) = (verbs.home.with_extension("cer"), verbs.home.with_extension("pem"));
    let path = |path: &PathBuf| path.to_str().expect("text").to_owned();
    verbs.json(&["certificate", "export", "Default_HTTPS", "--out", &path(&der)], 0);
    verbs.json(&["certificate", "export", "Default_HTTPS", "--out", &path(&pem), "--pem"], 0);
    let printed =
        Command::new("openssl").args(["x509", "-in", &path(&pem), "-outform", "DER"]).output().expect("openssl").stdout;
    assert_eq!(printed, std::fs::read(&der).expect("read"));
    assert!(
        verbs
            .refused(&["certificate", "export", "nothing", "--out", &path(&der)], 3)
            .contains("there are Default_HTTPS")
    );
}
