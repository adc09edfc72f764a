//! Clients that take their time, a configuration that is read again, and the service's units.

use std::path::Path;
use std::process::Command;
use std::time::{Duration, Instant};

use countersign::registration::wire::{LOGIN_PATH, Purpose, START_PATH};
use rustix::process::{Signal, kill_process};
use serde_json::json;
use tokio::io::{AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt};
use tokio::net::TcpStream;

use crate::binary::Verbs;
use crate::client::Client;
use crate::fixture::{Authority, HOST, SECRET, integrator};

/// Sends a byte now and then until the other side has had enough; how long that took, and what it said.
async fn drip(mut stream: impl AsyncRead + AsyncWrite + Unpin, first: &str) -> (Duration, String) {
    let begun = Instant::now();
    stream.write_all(first.as_bytes()).await.expect("sent");
    let (mut said, mut beat) = (Vec::new(), tokio::time::interval(Duration::from_millis(500)));
    let mut buffer = [0; 1024];
    loop {
        tokio::select! {
            read = stream.read(&mut buffer) => match read {
                Ok(0) | Err(_) => break,
                Ok(length) => said.extend(&buffer[..length]),
            },
            _ = beat.tick() => if stream.write_all(b"a").await.is_err() { break },
        }
    }
    (begun.elapsed(), String::from_utf8_lossy(&said).into_owned())
}

#[tokio::test]
async fn whoever_is_slow_with_handshake_head_or_body_is_cut_off_and_nobody_else_waits() {
    let authority = Authority::ready().await;
    let port = authority.https_port;
    let handshake = async { drip(TcpStream::connect((HOST, port)).await.expect("connected"), "").await };
    let silent = async {
        let mut stream = TcpStream::connect((HOST, port)).await.expect("connected");
        let begun = Instant::now();
        let end = stream.read(&mut [0; 1]).await;
        (begun.elapsed(), end.is_err() || end.is_ok_and(|length| length == 0))
    };
    let head =
        async { drip(Client::stream(port).await, "GET /countersign/v1/status HTTP/1.1\r\nhost: a\r\nx: ").await };
    let long = format!("POST {START_PATH} HTTP/1.1\r\nhost: a\r\ncontent-length: 60000\r\n\r\n");
    let body = async { drip(Client::stream(port).await, &long).await };
    let others = async {
        let begun = Instant::now();
        for _ in 0..5 {
            authority.prove(&integrator(), SECRET, Purpose::Prove).await.expect("accepted");
        }
        begun.elapsed()
    };
    let (handshake, silent, head, body, others) = tokio::join!(handshake, silent, head, body, others);
    assert!(handshake.0 < Duration::from_secs(14) && silent.1, "{handshake:?}");
    assert!((9..14).contains(&silent.0.as_secs()), "{silent:?}");
    assert!((28..36).contains(&head.0.as_secs()), "{head:?}");
    assert!((9..14).contains(&body.0.as_secs()) && body.1.contains(" 408 "), "{body:?}");
    assert!(others < Duration::from_secs(10), "{others:?}");
}

#[test]
fn a_hang_up_reads_the_configuration_again_and_says_what_needs_a_restart() {
    let verbs = Verbs::new();
    verbs.init([0, 0]);
    verbs.json(&["start"], 0);
    let pid = verbs.pid();
    let configuration = std::fs::read_to_string(verbs.home.join("conf/passport.toml")).expect("read");
    let password = format!("file:{}", verbs.home.join("conf/system.pass").display());
    // Each is told in the log after it was done.
    let again = |text: &str, expected: &str| {
        std::fs::write(verbs.home.join("conf/passport.toml"), text).expect("written");
        kill_process(pid, Signal::HUP).expect("sent");
        let begun = Instant::now();
        while !std::fs::read_to_string(verbs.home.join("logs/passport.log")).expect("a log").contains(expected) {
            assert!(begun.elapsed() < Duration::from_secs(20), "{expected}");
            std::thread::yield_now();
        }
    };
    let certificate = || {
        let file = verbs.home.with_extension("cer");
        verbs.json(&["certificate", "export", "Default_HTTPS", "--out", file.to_str().expect("text")], 0);
        std::fs::read(file).expect("read")
    };
    let before = certificate();
    again(&configuration, "nothing is new");
    let domain = configuration.replace("Synchrony", "Symphony");
    again(&domain, "read again: the domain is Symphony");
    let told = verbs.json(&["user", "login", "system", "--password-from", &password], 0);
    assert_eq!(told["domain"], json!("Symphony"));
    let host = domain.replace("\"localhost\"", "\"passport.example\"");
    again(&host, "read again: the host is passport.example");
    assert_ne!(certificate(), before);
    again(&host.replace("https_port = 0", "https_port = 6453"), "another address, port or node: stop and start");
    again("host = ", "that was there still counts");
    std::fs::write(verbs.home.join("conf/passport.toml"), host).expect("put back");
    assert_eq!(verbs.pid(), pid, "the same process");
}

#[test]
fn the_units_are_whole_and_shut_off() {
    let folder = tempfile::tempdir().expect("a folder");
    let shipped = Path::new(env!("CARGO_MANIFEST_DIR")).join("installer-assets/systemd");
    let units = ["countersign-passport.service", "countersign-passport-init.service"].map(|name| {
        let unit = std::fs::read_to_string(shipped.join(name)).expect("read");
        let unit = unit.replace("/usr/local/bin/countersign", env!("CARGO_BIN_EXE_countersign"));
        let path = folder.path().join(name);
        std::fs::write(&path, unit).expect("written");
        path
    });
    let verified = Command::new("systemd-analyze").args(["verify", "--man=no"]).args(&units).output().expect("run");
    let said = String::from_utf8_lossy(&verified.stderr);
    assert!(verified.status.success() && !said.contains("countersign-passport"), "{said}");
    for unit in &units {
        let mut command = Command::new("systemd-analyze");
        let judged = command.args(["security", "--offline=yes", "--threshold=15", "--no-pager"]).arg(unit).output();
        let judged = judged.expect("run");
        assert!(judged.status.success(), "{}", String::from_utf8_lossy(&judged.stdout));
    }
}

#[tokio::test]
async fn a_login_that_is_too_long_or_no_json_is_refused_and_shown_nowhere() {
    let authority = Authority::ready().await;
    let material = authority.enrolled(&integrator()).await;
    let mut client = Client::connect(authority.client_auth_port, Some(&material)).await.expect("connected");
    let secret = "do not show me";
    for (body, status) in [
        (json!({ "user": secret, "password": 1, "domain": "Synchrony" }), 400),
        (json!({ "user": "u".repeat(300), "password": secret, "domain": "Synchrony" }), 400),
        (json!({ "user": "ada", "password": "x".repeat(70_000), "domain": "Synchrony" }), 413),
    ] {
        let mut client = Client::connect(authority.client_auth_port, Some(&material)).await.expect("connected");
        let (answered, line) = client.post(LOGIN_PATH, &body).await;
        assert_eq!(answered.as_u16(), status);
        assert!(!String::from_utf8_lossy(&line).contains(secret));
    }
    let good = json!({ "user": "system", "password": "system password", "domain": "Synchrony" });
    assert_eq!(client.post(LOGIN_PATH, &good).await.0.as_u16(), 200);
    assert!(!authority.audit().await.join("\n").contains(secret));
}
