//! Several nodes behind one PostgreSQL, and the whole of these tests on it.

use std::path::PathBuf;
use std::process::{Command, Output, Stdio};
use std::time::Duration;

use countersign::passport::Home;
use countersign::registration::admin;
use countersign::registration::prove::{Peer, Proved, prove};
use countersign::registration::state::State;
use countersign::registration::wire::{Identity, Purpose};
use serde_json::Value;
use tempfile::TempDir;

use crate::fixture::{HOST, SECRET, integrator, interchange, request, secret};
use crate::postgres::{Server, run_again};

/// The real program as a node, in a process of its own.
struct Node {
    home: PathBuf,
    https_port: u16,
    pid: u64,
}

struct Nodes {
    server: Server,
    address: PathBuf,
    folder: TempDir,
}

impl Nodes {
    async fn new() -> Self {
        let (server, folder) = (Server::start(), tempfile::tempdir().expect("a folder"));
        let address = folder.path().join("address");
        countersign::fs::replace(&address, server.database().await.as_bytes(), 0o600).expect("written");
        Self { server, address, folder }
    }

    fn make(&self, name: &str, more: &[&str]) -> Output {
        let home = self.folder.path().join(name);
        let from = format!("file:{}", self.address.display());
        let ports = ["--https-port", "0", "--client-auth-port", "0"];
        let init = ["init", "--store", "postgres", "--store-from", &from];
        run(&home, &[&init[..], &ports, more].concat(), "")
    }

    /// The first node, running, with the secret and both engines.
    fn first(&self) -> Node {
        ok(&self.make("one", &[]));
        let node = self.start("one");
        ok(&run(&node.home, &["secret", "set", "--from", "stdin"], SECRET));
        for csd in ["integrator", "interchange"] {
            let file = format!("{}/installer-assets/csd/{csd}.xml", env!("CARGO_MANIFEST_DIR"));
            ok(&run(&node.home, &["component", "import", &file], ""));
        }
        node
    }

    /// A second node, running.
    fn second(&self) -> Node {
        let key = self.folder.path().join("one/conf/node.key");
        ok(&self.make("two", &["--join", "--node-key", key.to_str().expect("text")]));
        self.start("two")
    }

    fn start(&self, name: &str) -> Node {
        let home = self.folder.path().join(name);
        ok(&run(&home, &["start"], ""));
        let status = ok(&run(&home, &["status", "--json"], ""));
        let status: Value = serde_json::from_str(&status).expect("JSON");
        let port = status["https_port"].as_u64().and_then(|port| port.try_into().ok()).expect("a port");
        Node { home, https_port: port, pid: status["pid"].as_u64().expect("a pid") }
    }
}

impl Node {
    fn verb(&self, arguments: &[&str]) -> String {
        ok(&run(&self.home, arguments, ""))
    }

    async fn enrol(&self, who: &Identity, der: &[u8]) -> Result<Proved, String> {
        enrol(self.https_port, who, der).await
    }

    fn requests(&self) -> Vec<Value> {
        serde_json::from_str(&self.verb(&["requests", "--json"])).expect("JSON")
    }

    fn kill(&self) {
        let pid = i32::try_from(self.pid).ok().and_then(rustix::process::Pid::from_raw).expect("a pid");
        rustix::process::kill_process(pid, rustix::process::Signal::KILL).expect("killed");
    }
}

impl Drop for Node {
    fn drop(&mut self) {
        let _ = run(&self.home, &["stop"], "");
    }
}

async fn enrol(port: u16, who: &Identity, der: &[u8]) -> Result<Proved, String> {
    let peer = Peer { host: HOST, address: None, port, ca: None, material: None };
    let proved = prove(&peer, who, &secret(SECRET), Purpose::Enrol, Some(der)).await;
    proved.map_err(|error| error.to_string())
}

fn run(home: &std::path::Path, arguments: &[&str], input: &str) -> Output {
    use std::io::Write;
    let mut command = Command::new(env!("CARGO_BIN_EXE_countersign"));
    command.arg("passport").args(arguments).arg("--home").arg(home);
    command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
    let mut child = command.spawn().expect("started");
    child.stdin.take().expect("a pipe").write_all(input.as_bytes()).expect("written");
    child.wait_with_output().expect("ended")
}

fn ok(output: &Output) -> String {
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8_lossy(&output.stdout).into_owned()
}

#[tokio::test(flavor = "multi_thread")]
async fn what_one_node_takes_in_another_decides_and_a_killed_one_loses_nothing() {
    let nodes = Nodes::new().await;
    let (first, second) = (nodes.first(), nodes.second());
    second.verb(&["property", "set", "am.registration.signing", "manual"]);
    second.verb(&["property", "set", "am.registration.cert.signature.wait.time", "60"]);

    let (_, der) = request();
    let (port, asked) = (first.https_port, der.clone());
    let enrolling = tokio::spawn(async move { enrol(port, &integrator(), &asked).await });
    let id = loop {
        if let Some(one) = first.requests().into_iter().find(|one| one["status"] == "Waiting Signing") {
            break one["id"].as_str().expect("an id").to_owned();
        }
    };
    second.verb(&["approve", &id]);
    let enrolled =
        tokio::time::timeout(Duration::from_secs(30), enrolling).await.expect("told at once by the other node");
    let outcome = enrolled.expect("ended").expect("enrolled").outcome;
    assert_eq!(outcome.status, State::Registered);
    let certificate = outcome.certificate.expect("a certificate").0;

    // Taken in by the first, which dies; decided and given out by the second.
    second.verb(&["property", "set", "am.registration.cert.signature.wait.time", "0"]);
    let (_, other) = request();
    assert_eq!(first.enrol(&interchange(), &other).await.expect("taken in").outcome.status, State::WaitingSigning);
    first.kill();
    let waiting = second.requests().into_iter().find(|one| one["component"] == "interchange").expect("there");
    second.verb(&["approve", waiting["id"].as_str().expect("an id")]);
    assert_eq!(second.enrol(&interchange(), &other).await.expect("given out").outcome.status, State::Registered);
    let again = second.enrol(&integrator(), &der).await.expect("known").outcome;
    assert_eq!(again.certificate.expect("a certificate").0, certificate, "issued once");

    let back = nodes.start("one");
    assert_eq!(back.requests(), second.requests());
    assert_eq!(back.requests().len(), 2);

    // The database dies too: nothing is lost, and both nodes go on by themselves.
    nodes.server.restart();
    let (_, third) = request();
    assert_eq!(back.enrol(&integrator(), &third).await.expect("taken in").outcome.status, State::WaitingSigning);
    assert_eq!(second.requests().len(), 3);
    assert_eq!(second.enrol(&integrator(), &third).await.expect("known").outcome.status, State::WaitingSigning);
    assert_eq!(second.requests().len(), 3, "the same request is the same one at every node");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_join_that_cannot_be_and_a_database_in_use_are_named_and_leave_nothing() {
    let nodes = Nodes::new().await;
    let early = nodes.make("early", &["--join", "--node-key", "/nonexistent"]);
    assert_eq!(early.status.code(), Some(3), "{}", String::from_utf8_lossy(&early.stderr));
    let _first = nodes.first();
    let key = nodes.folder.path().join("other.key");
    std::fs::write(&key, "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=\n").expect("written");
    let key = key.to_str().expect("text");
    let right = nodes.folder.path().join("one/conf/node.key");
    let right = right.to_str().expect("text");
    for (name, more, expected) in [
        ("again", vec![], "holds a PassPort already"),
        ("wrong", vec!["--join", "--node-key", key], "does not open the keys"),
        ("domain", vec!["--join", "--node-key", right, "--domain", "Other"], "in the domain Other"),
    ] {
        let refused = nodes.make(name, &more);
        let said = String::from_utf8_lossy(&refused.stderr).into_owned();
        assert_eq!(refused.status.code(), Some(3), "{said}");
        assert!(said.contains(expected) && !said.contains("pw of"), "{said}");
        assert!(!nodes.folder.path().join(name).exists());
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn of_two_inits_at_once_one_makes_the_authority_and_of_two_joins_both_become_nodes() {
    let nodes = Nodes::new().await;
    let both = |more: &[&str], names: [&str; 2]| {
        let nodes = &nodes;
        std::thread::scope(|scope| names.map(|name| scope.spawn(move || nodes.make(name, more))).map(joined))
    };
    let made = both(&[], ["left", "right"]);
    let codes = made.each_ref().map(|output| output.status.code());
    let (winner, loser) = match codes {
        [Some(0), Some(3)] => ("left", &made[1]),
        [Some(3), Some(0)] => ("right", &made[0]),
        _ => panic!("{made:?}"),
    };
    let said = String::from_utf8_lossy(&loser.stderr);
    assert!(said.contains("holds a PassPort already") && said.lines().count() == 1, "{said}");
    let first = nodes.start(winner);
    ok(&run(&first.home, &["secret", "set", "--from", "stdin"], SECRET));

    let key = first.home.join("conf/node.key");
    let joined = both(&["--join", "--node-key", key.to_str().expect("text")], ["more", "most"]);
    assert!(joined.iter().all(|output| output.status.success()), "{joined:?}");
    for name in ["more", "most"] {
        let node = nodes.start(name);
        assert!(node.verb(&["secret", "list"]).contains("current"), "it opens the keys");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn the_way_back_is_at_the_node_that_rotated_and_the_others_name_it() {
    let nodes = Nodes::new().await;
    let (first, second) = (nodes.first(), nodes.second());
    let [here, there] = [&first, &second].map(|node| Home::new(&node.home));
    let socket = here.admin_socket();
    let old = admin::current(&socket).expect("told").expect("a secret");
    admin::next_secret(&socket, &secret("another good secret"), "c1", &old).expect("accepted");
    admin::promote(&socket, "c1", &old, None).expect("promoted");
    admin::settle(&socket, "c1", Some(3600), Some(&[7; 32])).expect("settled");
    assert_eq!(*admin::previous(&socket).expect("within the window").key, [7; 32]);
    let elsewhere = admin::previous(&there.admin_socket()).err().expect("not there").to_string();
    let expected = format!("the key of {old} is not at this node: the secret was rotated at node 1 on");
    assert!(elsewhere.starts_with(&expected), "{elsewhere}");

    // Retired at the other one, it is gone here too.
    second.verb(&["secret", "retire", &old]);
    let gone = async { while here.window_key().exists() {} };
    tokio::time::timeout(Duration::from_secs(20), gone).await.expect("the key is removed");
}

fn joined(thread: std::thread::ScopedJoinHandle<'_, Output>) -> Output {
    thread.join().expect("made")
}

#[test]
fn all_of_these_tests_pass_on_postgresql_too() {
    run_again(&["--skip", "nodes::"]);
}
