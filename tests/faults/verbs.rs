//! The verbs that change an estate, and the estate that each begins with.

use crate::estate::{QUICKSTART, TestEstate};

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
