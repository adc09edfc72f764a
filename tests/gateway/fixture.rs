//! A PassPort and an API Gateway beside it, both driven by the binary's verbs alone.

use std::net::{Ipv4Addr, TcpListener};
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use countersign::gateway::Home;
use serde_json::Value;

use crate::binary::Verbs;

pub const SECRET: &str = "correct horse battery staple";
pub const NAME: &str = "PassPort - local";
pub const HOST: &str = "passport-host";

pub struct Bench {
    pub passport: Verbs,
    pub gateway: Home,
    pub ports: [u16; 2],
}

impl Bench {
    /// A PassPort that runs, with [`SECRET`] and the shipped CSD; a gateway without repositories.
    pub fn new() -> Self {
        let passport = Verbs::new();
        let ports = free_ports();
        passport.init(ports);
        passport.json(&["start"], 0);
        let secret = passport.given("secret", SECRET);
        passport.json(&["secret", "set", "--from", &secret], 0);
        passport.import("api-gateway");
        let gateway = Home::new(&passport.home.with_file_name("api-gateway")).expect("a home");
        for folder in [gateway.conf(), gateway.folder().join("logs"), gateway.folder().join("run")] {
            std::fs::create_dir_all(folder).expect("made");
        }
        Self { passport, gateway, ports }
    }

    /// The same with the documented repository, added.
    pub fn with_repository() -> Self {
        let bench = Self::new();
        bench.add(NAME, &[]);
        bench
    }

    /// Adds a repository for the alias of this host, with these arguments more.
    pub fn add(&self, name: &str, more: &[&str]) -> Value {
        let [https, client_auth] = self.ports.map(|port| port.to_string());
        let (secret, csd) = (self.passport.given(&format!("secret of {name}"), SECRET), csd());
        let mut arguments = vec!["add", name, "--host", HOST, "--address", "127.0.0.1", "--secret-from", &secret];
        arguments.extend(["--https-port", &https, "--client-auth-port", &client_auth, "--csd", &csd]);
        arguments.extend(more);
        self.json(&arguments, 0)
    }

    pub fn run(&self, arguments: &[&str]) -> Output {
        let mut command = Command::new(env!("CARGO_BIN_EXE_countersign"));
        command.arg("gateway").args(arguments).arg("--home").arg(self.gateway.folder()).arg("--json");
        command.output().expect("run")
    }

    /// Runs a verb of the gateway that must end with this code; its JSON.
    pub fn json(&self, arguments: &[&str], code: i32) -> Value {
        let output = self.run(arguments);
        let said = String::from_utf8_lossy(&output.stderr);
        assert_eq!(output.status.code(), Some(code), "{arguments:?}: {said}");
        serde_json::from_slice(&output.stdout).unwrap_or_else(|error| panic!("{arguments:?}: {error}: {said}"))
    }

    /// Runs a verb of the gateway that must end with this code; what it said to people.
    pub fn said(&self, arguments: &[&str], code: i32) -> String {
        let output = self.run(arguments);
        let said = String::from_utf8_lossy(&output.stderr).into_owned();
        assert_eq!(output.status.code(), Some(code), "{arguments:?}: {said}");
        said
    }

    /// Registers all repositories; the result of the first.
    pub fn register(&self, more: &[&str], code: i32) -> Value {
        let arguments: Vec<&str> = ["register"].into_iter().chain(more.iter().copied()).collect();
        self.json(&arguments, code)["repositories"][0].clone()
    }

    /// What lies in the conf folder, but for what was there before any registration; sorted.
    pub fn files(&self) -> Vec<String> {
        let entries = std::fs::read_dir(self.gateway.conf()).expect("a folder").map(|entry| entry.expect("an entry"));
        let names = entries.map(|entry| entry.file_name().into_string().expect("text"));
        let mut names: Vec<String> = names.filter(|name| name.starts_with("keystore_")).collect();
        names.sort();
        names
    }

    /// The serials of the gateway's certificates in this state, as PassPort sees them.
    pub fn certificates(&self, state: &str) -> Vec<String> {
        let all = self.passport.json(&["certificate", "list", "--component", "api-gateway"], 0);
        let serials = all.as_array().expect("a list").iter().filter(|one| one["state"] == state);
        serials.map(|one| one["serial"].as_str().expect("text").to_owned()).collect()
    }

    /// The requests that PassPort knows.
    pub fn requests(&self) -> Vec<Value> {
        self.passport.json(&["requests"], 0).as_array().expect("a list").clone()
    }

    pub fn path(&self, name: &str) -> PathBuf {
        self.gateway.conf().join(name)
    }
}

/// The shipped CSD under the name that repositories expect.
pub fn csd() -> String {
    let shipped = Path::new(env!("CARGO_MANIFEST_DIR")).join("installer-assets/csd/api-gateway.xml");
    let folder = std::env::temp_dir().join(format!("countersign-csd-{}", std::process::id()));
    std::fs::create_dir_all(&folder).expect("made");
    let file = folder.join("csd.xml");
    std::fs::copy(shipped, &file).expect("copied");
    file.to_str().expect("text").to_owned()
}

/// Two ports that nobody uses.
pub fn free_ports() -> [u16; 2] {
    let listeners = [0, 1].map(|_| TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).expect("a port"));
    listeners.map(|listener| listener.local_addr().expect("an address").port())
}
