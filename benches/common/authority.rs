//! The real authority, in a process of its own, in a temporary folder and on free ports.

use std::io::{BufRead, BufReader};
use std::path::Path;
use std::process::{Child, ChildStderr, Command, Stdio};
use std::time::{Duration, Instant};

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use countersign::daemon::control;
use countersign::passport::Home;
use countersign::registration::admin;
use countersign::secret::Secret;
use serde_json::{Value, json};

pub const SECRET: &str = "correct horse battery staple";
/// The component that enrols, of which a CSD is imported.
pub const CSD: &str = include_str!("../../installer-assets/csd/integrator.xml");

/// A running one.
pub struct Authority {
    pub home: Home,
    process: Child,
    _output: BufReader<ChildStderr>,
}

impl Authority {
    /// Makes a new one, runs it, and sets it up.
    pub fn new(path: &Path) -> Self {
        Self::init(path);
        let authority = Self::run(path).0;
        authority.set_up();
        authority
    }

    /// A component, the secret, EST with it.
    pub fn set_up(&self) {
        self.act(&json!({ "do": "component-import", "csd": CSD }));
        self.act(&json!({ "do": "property-set", "name": "am.registration.est.basic", "value": "on" }));
        admin::set_secret(&self.home.admin_socket(), &Secret::new(SECRET.into())).expect("set");
    }

    /// Makes a new one, which does not run yet.
    pub fn init(path: &Path) {
        let init = verb(path, &["init", "--https-port", "0", "--client-auth-port", "0"]).status();
        assert!(init.expect("init runs").success(), "init failed");
    }

    /// Runs the one that is there; how long it took until it said that it is ready.
    pub fn run(path: &Path) -> (Self, Duration) {
        let begun = Instant::now();
        let mut process = verb(path, &["serve"]).stderr(Stdio::piped()).spawn().expect("serve runs");
        let mut line = String::new();
        let mut output = BufReader::new(process.stderr.take().expect("its output"));
        output.read_line(&mut line).expect("a line");
        let time = begun.elapsed();
        assert!(line.contains("ready"), "it does not start: {line}");
        (Self { home: Home::new(path), process, _output: output }, time)
    }

    /// One act of an administrator.
    pub fn act(&self, act: &Value) -> Value {
        control::ask(&self.home.admin_socket(), act, Duration::from_secs(5)).expect("answered")
    }

    /// Its HTTPS port.
    pub fn port(&self) -> u16 {
        let status = self.act(&json!({ "do": "status" }));
        status["https_port"].as_u64().and_then(|port| u16::try_from(port).ok()).expect("a port")
    }

    pub fn pid(&self) -> u32 {
        self.process.id()
    }
}

impl Drop for Authority {
    fn drop(&mut self) {
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

/// The header by which an instance of the component gives the secret to EST.
pub fn credentials(instance: &str, secret: &str) -> String {
    format!("authorization: Basic {}\r\n", STANDARD.encode(format!("integrator/{instance}:{secret}")))
}

fn verb(path: &Path, verb: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_countersign"));
    command.arg("passport").args(verb).arg("--home").arg(path).stdout(Stdio::null()).stderr(Stdio::null());
    command
}
