//! The verbs that change an estate, and the estate that each begins with.

use std::os::unix::fs::PermissionsExt;

use crate::estate::{QUICKSTART, TestEstate, free_ports};

/// A verb that changes an estate.
#[derive(Clone, Copy)]
pub struct Verb {
    /// As the table names it.
    pub name: &'static str,
    /// Makes what it begins with.
    pub prepare: fn(&TestEstate),
    /// Its arguments.
    pub arguments: fn(&TestEstate) -> Vec<String>,
}

pub const INSTALL: Verb = Verb { name: "install", prepare: |_| (), arguments: install };
pub const UNINSTALL: Verb =
    Verb { name: "uninstall", prepare: installed, arguments: |_| words(&["uninstall", "--yes"]) };

pub const CONFIGURE: Verb = Verb { name: "configure", prepare: installed_with_news, arguments: configure };
pub const REMOVE: Verb = Verb { name: "remove", prepare: installed, arguments: |_| components("passport") };
pub const ADD: Verb = Verb { name: "add", prepare: authority_alone, arguments: add };
pub const OVERLAP: Verb = Verb { name: "overlap", prepare: installed, arguments: |_| words(&["rotate", "--yes"]) };
pub const CUTOVER: Verb = Verb {
    name: "cutover",
    prepare: installed,
    arguments: |_| words(&["rotate", "--yes", "--strategy", "cutover", "--see-refused"]),
};
pub const BACK: Verb = Verb { name: "back", prepare: rotated, arguments: |_| words(&["rotate", "--yes", "--back"]) };

const ALL: &str = "passport,integrator,interchange,b2bi,b2bi-server";

fn rotated(estate: &TestEstate) {
    installed(estate);
    let ended = estate.run(&["rotate", "--yes"]);
    assert_eq!(ended.code, 0, "{ended:#?}");
}

/// An estate, and beside it another secret and another port to give it.
fn installed_with_news(estate: &TestEstate) {
    installed(estate);
    secret_beside(estate);
    std::fs::write(estate.folder().join("port"), free_ports()[1].to_string()).expect("written");
}

/// The authority without engines, and beside it the secret that was given.
fn authority_alone(estate: &TestEstate) {
    let source = secret_beside(estate);
    let ended = estate.install_with(QUICKSTART.as_ref(), &["--set", "components=passport", "--set", &source]);
    assert_eq!(ended.code, 0, "the installation failed: {ended:#?}");
}

fn secret_beside(estate: &TestEstate) -> String {
    let path = estate.folder().join("secret");
    if !path.exists() {
        std::fs::write(&path, "a secret that was given long ago").expect("written");
        std::fs::set_permissions(&path, std::fs::Permissions::from_mode(0o600)).expect("closed");
    }
    format!("secret.from=file:{}", path.display())
}

/// Everything at once: secret, host and port; the keystores get other names.
fn configure(estate: &TestEstate) -> Vec<String> {
    let port = std::fs::read_to_string(estate.folder().join("port")).expect("a port");
    let (secret, port) = (secret_beside(estate), format!("authority.client_auth_port={port}"));
    words(&["configure", "--yes", "--set", &secret, "--set", "authority.host=127.0.0.1", "--set", &port])
}

fn components(list: &str) -> Vec<String> {
    words(&["configure", "--yes", "--set", &format!("components={list}")])
}

fn add(estate: &TestEstate) -> Vec<String> {
    [components(ALL), words(&["--set", &secret_beside(estate)])].concat()
}

fn installed(estate: &TestEstate) {
    let ended = estate.install();
    assert_eq!(ended.code, 0, "the installation failed: {ended:#?}");
}

fn install(estate: &TestEstate) -> Vec<String> {
    let (https, client_auth) = estate.port_flags();
    words(&["install", "--yes", "--answers", QUICKSTART, "--set", &https, "--set", &client_auth])
}

fn words(words: &[&str]) -> Vec<String> {
    words.iter().map(|word| (*word).to_owned()).collect()
}
