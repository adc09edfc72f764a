//! The binary's verbs on an authority of their own.

use std::path::{Path, PathBuf};
use std::process::{Command, Output};
use std::time::Duration;

use countersign::daemon::pidfile::wait_until_free;
use rustix::process::{Pid, Signal, kill_process};
use serde_json::Value;
use tempfile::TempDir;

use crate::postgres;

/// A file beside the home with the address of the database, where that is a server's.
const DATABASE: &str = "database";

/// An authority that only the verbs of the binary touch.
pub struct Verbs {
    pub home: PathBuf,
    _folder: TempDir,
}

impl Verbs {
    pub fn new() -> Self {
        let folder = tempfile::tempdir().expect("a folder");
        Self { home: folder.path().join("passport"), _folder: folder }
    }

    pub fn run(&self, arguments: &[&str]) -> Output {
        let mut command = Command::new(env!("CARGO_BIN_EXE_countersign"));
        command.arg("passport").args(arguments).arg("--home").arg(&self.home).arg("--json");
        command.output().expect("run")
    }

    /// Runs a verb that must end with this code; its JSON.
    pub fn json(&self, arguments: &[&str], code: i32) -> Value {
        let output = self.run(arguments);
        let said = String::from_utf8_lossy(&output.stderr);
        assert_eq!(output.status.code(), Some(code), "{arguments:?}: {said}");
        serde_json::from_slice(&output.stdout).unwrap_or_else(|error| panic!("{arguments:?}: {error}"))
    }

    /// Runs a verb that must end with this code; what it said to people and programs alike.
    pub fn refused(&self, arguments: &[&str], code: i32) -> String {
        let output = self.run(arguments);
        assert_eq!(output.status.code(), Some(code), "{arguments:?}");
        String::from_utf8_lossy(&[output.stdout, output.stderr].concat()).into_owned()
    }

    pub fn init(&self, ports: [u16; 2]) {
        let [https, client_auth] = ports.map(|port| port.to_string());
        let ports = ["init", "--https-port", &https, "--client-auth-port", &client_auth];
        let from = postgres::told_at_once().map(|address| self.given(DATABASE, &address));
        let store = from.as_ref().map(|from| ["--store", "postgres", "--store-from", from]);
        self.json(&[&ports[..], store.as_ref().map_or(&[], |store| &store[..])].concat(), 0);
    }

    /// Tells, as often as it is asked, whether something is on its way to the disk since this moment.
    pub fn writes(&self) -> Box<dyn FnMut() -> bool> {
        if let Ok(address) = std::fs::read_to_string(self.home.with_file_name(DATABASE)) {
            return Box::new(postgres::writes(&address));
        }
        let log = self.home.join("data/passport.db-wal");
        let length = move || std::fs::metadata(&log).map_or(0, |log| log.len());
        let before = length();
        Box::new(move || length() != before)
    }

    pub fn pid(&self) -> Pid {
        let pid = self.json(&["status"], 0)["pid"].as_i64().expect("a number");
        Pid::from_raw(i32::try_from(pid).expect("a process id")).expect("a process id")
    }

    /// Sends the server a signal that ends it, and waits until it is gone.
    pub fn kill(&self, signal: Signal) {
        kill_process(self.pid(), signal).expect("sent");
        self.gone();
    }

    /// Waits until the server is gone.
    pub fn gone(&self) {
        assert!(wait_until_free(&self.home.join("run/passport.pid"), Duration::from_secs(10)).expect("looked"));
    }

    /// What an administrator would write into a file of their own; how to name it as a source.
    pub fn given(&self, name: &str, text: &str) -> String {
        let file = self.home.with_file_name(name);
        countersign::fs::create(&file, text.as_bytes(), 0o600).expect("written");
        format!("file:{}", file.display())
    }

    /// Takes a shipped CSD in.
    pub fn import(&self, component: &str) {
        let csd = Path::new(env!("CARGO_MANIFEST_DIR")).join(format!("installer-assets/csd/{component}.xml"));
        self.json(&["component", "import", csd.to_str().expect("text")], 0);
    }
}

impl Drop for Verbs {
    fn drop(&mut self) {
        self.run(&["stop"]);
    }
}
