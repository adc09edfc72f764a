//! Words that a profile may use, and how its ids are spelt. A schema's patterns cannot explain themselves, so each comes
//! with its rule.

use crate::forms::{Form, Format};

/// What ids look like.
pub const ID: &str = "^[a-z][a-z0-9-]*$";
/// The same for people.
pub const ID_RULE: &str = "must begin with a small letter and go on with small letters, digits and dashes";

/// What the words in braces look like.
pub const VARIABLE: &str = "^[a-z][a-z0-9_-]*$";
/// The same for people.
pub const VARIABLE_RULE: &str = "must begin with a small letter and go on with small letters, digits, dashes and _";

/// What permissions look like.
pub const MODE: &str = "^0?[0-7]{3}$";
/// The same for people.
pub const MODE_RULE: &str = "must be octal, as in \"0600\"";

/// How a log may be written.
pub const ENCODINGS: [&str; 4] = ["utf-8", "utf-16", "latin-1", "windows-1252"];

/// Runs a command of the profile's.
pub const COMMAND: &str = "command";
/// Looks for patterns in a log.
pub const LOG: &str = "log";

/// What a probe may ask.
pub const PROBES: [&str; 13] = [
    "https",
    "client-auth",
    "no-certificate",
    "wrong-secret",
    "login",
    "clock",
    "keystore",
    "ready",
    "tables",
    "maps",
    "document",
    COMMAND,
    LOG,
];

/// Words that stand for the product, the component and the answers; filled in when a command is run or a file laid down.
pub const AT_RUN: [&str; 12] = [
    "home",
    "component",
    "host",
    "https_port",
    "client_auth_port",
    "domain",
    "csd",
    "listen",
    "gateway_listen",
    "authority_kind",
    "authority_label",
    "authority_certificate",
];
/// The master silent file, in the installer's commands only.
pub const SILENT: &str = "silent";
/// The name of the repository to register, in `registration.command` only.
pub const REPOSITORY: &str = "repository";
/// The component's folder, in `connection.file` and `repositories.file` only.
pub const CONF: &str = "conf";
/// What no text may hold.
pub const SECRET: &str = "secret";

/// Where each answer may stand in the file of a connection.
pub const ANSWERS: [&str; 6] = ["host", "listen", "https_port", "client_auth_port", "domain", "csd"];

/// The formats of files.
pub fn formats() -> [&'static str; Format::ALL.len()] {
    Format::ALL.map(Format::name)
}

/// The forms of secrets.
pub fn forms() -> [&'static str; Form::ALL.len()] {
    Form::ALL.map(Form::name)
}
