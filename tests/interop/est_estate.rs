//! A whole estate whose authority is a foreign EST server: the real program, the est-ca crate's server.

use std::net::TcpListener;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::sync::Arc;

use serde_json::Value;
use tempfile::TempDir;

use crate::est_ca::{EstCa, SECRET, pem};
use crate::foreign::{Pki, Scripted, answer, issued};

/// A folder for an estate, and what its answers name.
struct Estate {
    folder: TempDir,
    client_auth_port: u16,
}

struct Ended {
    code: i32,
    json: Value,
    said: String,
}

impl Estate {
    fn new(pki: &Pki, secret: &str) -> Self {
        use std::os::unix::fs::PermissionsExt;
        let folder = tempfile::tempdir().expect("a folder");
        let file = folder.path().join("secret");
        std::fs::write(&file, secret).expect("written");
        std::fs::set_permissions(&file, std::fs::Permissions::from_mode(0o600)).expect("closed");
        std::fs::write(folder.path().join("ca.pem"), pem(pki.ca.der())).expect("written");
        let port = TcpListener::bind("127.0.0.1:0").and_then(|listener| listener.local_addr()).expect("a port").port();
        Self { folder, client_auth_port: port }
    }

    fn install(&self, port: u16) -> Ended {
        let client_auth_port = self.client_auth_port;
        let answers = format!(
            "format = 1\nmode = \"install\"\ncomponents = [\"integrator\", \"interchange\", \"b2bi\", \"b2bi-server\"]\n\
             [estate]\ndir = \"estate\"\n\
             [authority]\nkind = \"est\"\nhost = \"localhost\"\nhttps_port = {port}\n\
             client_auth_port = {client_auth_port}\ncertificate = \"ca.pem\"\n\
             [secret]\nfrom = \"file:secret\"\n"
        );
        std::fs::write(self.folder.path().join("answers.toml"), answers).expect("written");
        self.run(&["install", "--yes", "--answers", "answers.toml"])
    }

    fn run(&self, arguments: &[&str]) -> Ended {
        let output = Command::new(env!("CARGO_BIN_EXE_countersign"))
            .arg("--estate")
            .arg(self.path(""))
            .args(arguments)
            .arg("--json")
            .current_dir(self.folder.path())
            .stdin(Stdio::null())
            .output()
            .expect("run");
        let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
        Ended {
            code: output.status.code().unwrap_or(-1),
            json: serde_json::from_slice(&output.stdout).unwrap_or_default(),
            said: text(&output.stdout) + &text(&output.stderr),
        }
    }

    fn path(&self, below: &str) -> PathBuf {
        self.folder.path().join("estate").join(below)
    }
}

impl Drop for Estate {
    fn drop(&mut self) {
        self.run(&["stop"]);
    }
}

fn ends(ended: &Ended, code: i32) {
    assert_eq!(ended.code, code, "{}", ended.said);
}

fn names(folder: &Path) -> Vec<String> {
    let entries = std::fs::read_dir(folder).expect("listed");
    entries.map(|entry| entry.expect("read").file_name().to_string_lossy().into_owned()).collect()
}

#[test]
fn an_estate_is_installed_verified_and_changed_at_a_foreign_server() {
    let server = EstCa::start();
    let estate = Estate::new(&server.pki, SECRET);
    let installed = estate.install(server.port);
    ends(&installed, 0);
    assert_eq!(installed.json["result"], "done");
    let keystore = format!("keystore_integrator_localhost_{}.jks", estate.client_auth_port);
    assert!(names(&estate.path("b2bi/Integrator/conf")).contains(&keystore));

    let verified = estate.run(&["verify"]);
    ends(&verified, 0);
    assert!(verified.json["probes"].as_array().expect("a list").iter().all(|probe| probe["verdict"] == "ok"));
    let checked = estate.run(&["check"]);
    ends(&checked, 5);
    let places = checked.json["places"].as_array().expect("a list");
    // Both places hold the same, and nobody can be asked whether it is the right one.
    for place in places {
        let expected = if place["level"] == "file" { "aligned" } else { "can't tell" };
        assert_eq!(place["verdict"], expected, "{}", checked.said);
    }
    let rotated = estate.run(&["rotate", "--yes"]);
    ends(&rotated, 3);
    assert!(rotated.said.contains("foreign EST server"), "{}", rotated.said);

    ends(&estate.run(&["register", "integrator"]), 0);
    ends(&estate.run(&["register", "integrator", "--again"]), 0);
    let again = estate.install(server.port);
    ends(&again, 0);
    assert_eq!(again.json["result"], "nothing to do");

    std::fs::write(estate.folder.path().join("secret"), "the next foreign secret").expect("written");
    let configured = estate.run(&["configure", "--yes", "--set", "secret.from=file:secret"]);
    ends(&configured, 0);
    let place = std::fs::read_to_string(estate.path("b2bi/Integrator/conf/passport-access.properties")).expect("read");
    assert!(place.contains("the next foreign secret"));
    let refused = estate.run(&["register", "integrator", "--again"]);
    ends(&refused, 7);
    assert!(refused.said.contains("the secret of integrator/default does not fit"), "{}", refused.said);
    assert!(refused.said.contains("Validation Refused"), "{}", refused.said);
}

#[test]
fn a_server_of_another_ca_or_with_another_secret_leaves_nothing() {
    let server = EstCa::start();
    for (pki, secret, said) in [
        (&Pki::new(), SECRET, "has no certificate of the CA that is pinned"),
        (&server.pki, "another foreign secret", "the secret of integrator/default does not fit"),
    ] {
        let estate = Estate::new(pki, secret);
        let installed = estate.install(server.port);
        ends(&installed, 1);
        assert!(installed.said.contains(said), "{}", installed.said);
        assert!(!estate.path("estate.toml").exists());
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_pending_registration_ends_the_installation_and_goes_on_later() {
    let pki = Arc::new(Pki::new());
    let signer = pki.clone();
    // Both engines wait once.
    let server = Scripted::start(&pki, move |came, before| match (came.line.starts_with("POST"), before) {
        (false, _) => String::new(),
        (true, 0..2) => answer("202 Accepted", "Retry-After: 7200\r\n", ""),
        (true, _) => issued(&[&signer.sign(&came.request(), |_| ())]),
    })
    .await;
    let port = server.port;
    let steps = move || {
        let estate = Estate::new(&pki, SECRET);
        let installed = estate.install(port);
        ends(&installed, 6);
        assert_eq!(installed.json["result"], "pending");
        let temporaries = names(&estate.path("b2bi/Integrator/conf"));
        assert!(temporaries.iter().any(|name| name.ends_with(".jks.csrid")), "{temporaries:?}");
        let log = std::fs::read_to_string(estate.path("b2bi/logs/IE.log")).expect("read");
        assert!(log.contains("asks to be asked again in 7200 s"), "{log}");
        // Whoever asks gets the answer of now; a start keeps to what the server said.
        ends(&estate.run(&["register", "integrator"]), 0);
        ends(&estate.run(&["start"]), 6);
        let log = std::fs::read_to_string(estate.path("b2bi/logs/TE.log")).expect("read");
        assert_eq!(log.matches("asks to be asked again in").count(), 2, "told, and not asked: {log}");
        ends(&estate.run(&["register", "interchange"]), 0);
        ends(&estate.run(&["start"]), 0);
        ends(&estate.run(&["verify"]), 0);
    };
    tokio::task::spawn_blocking(steps).await.expect("all steps");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_an_estate_keeps_for_good_cannot_be_configured_and_one_line_says_what_to_do() {
    let pki = Arc::new(Pki::new());
    let signer = pki.clone();
    let server = Scripted::start(&pki, move |came, _| {
        let is_request = came.line.starts_with("POST");
        if is_request { issued(&[&signer.sign(&came.request(), |_| ())]) } else { String::new() }
    })
    .await;
    let port = server.port;
    let steps = move || {
        let estate = Estate::new(&pki, SECRET);
        ends(&estate.install(port), 0);
        std::fs::copy(estate.folder.path().join("ca.pem"), estate.folder.path().join("other.pem")).expect("copied");
        let in_its_file = "change it in b2bi/common/conf/b2bi.toml and start the engines anew";
        for (field, other, same, instead) in [
            ("authority.kind", "embedded", "est", "uninstall and install anew"),
            ("authority.certificate", "other.pem", "ca.pem", in_its_file),
            ("authority.label", "b2bi", "", in_its_file),
        ] {
            let refused = estate.run(&["configure", "--yes", "--set", &format!("{field}={other}")]);
            ends(&refused, 3);
            let line = format!("countersign: {field}: an installed estate keeps it: give the same, or {instead}\n");
            assert!(refused.said.ends_with(&format!("}}\n{line}")), "{}", refused.said);
            assert_eq!(refused.json["result"], "refused");
            let told = estate.run(&["configure", "--yes", "--set", &format!("{field}={same}")]);
            ends(&told, 0);
            assert_eq!(told.json["result"], "nothing to do", "{field}");
        }
        // All at once, each with a line of its own, and of what was given none is taken.
        let sets =
            ["authority.kind=embedded", "authority.label=b2bi", "authority.domain=Other"].map(|set| ["--set", set]);
        let refused = estate.run(&[&["configure", "--yes"][..], &sets.concat()].concat());
        ends(&refused, 3);
        assert_eq!(refused.json["problems"].as_array().map(Vec::len), Some(2), "{}", refused.said);
        ends(&estate.run(&["verify"]), 0);

        // What the line says to do instead.
        let file = estate.path("b2bi/common/conf/b2bi.toml");
        let text = std::fs::read_to_string(&file).expect("read");
        std::fs::write(&file, text.replace("label = \"\"", "label = \"b2bi\"")).expect("written");
        for verb in [&["stop"][..], &["start"], &["register", "integrator", "--again"]] {
            ends(&estate.run(verb), 0);
        }
    };
    tokio::task::spawn_blocking(steps).await.expect("all steps");
    let posts = server.posts();
    assert!(posts.last().is_some_and(|post| post.line.contains("/.well-known/est/b2bi/simpleenroll ")), "{posts:?}");
}
