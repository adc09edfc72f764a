//! How a product's components get their certificates.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::profile::words;

/// How a product's components get their certificates.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Registration {
    /// Who drives it.
    pub by: RegistrationBy,
    /// Drives one component's registration once, as a process of the product; empty where its start does.
    #[serde(default)]
    pub command: Vec<String>,
    /// How the secret can be changed.
    #[schemars(length(min = 1))]
    pub strategy: Vec<Strategy>,
    /// Where the product's own registration is seen, a component each.
    #[serde(default)]
    pub watch: Vec<Watch>,
}

/// Who drives a registration.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum RegistrationBy {
    /// We do.
    Countersign,
    /// The product's own process does.
    Product,
}

/// How the secret can be changed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum Strategy {
    /// The next secret is accepted beside the current one.
    Overlap,
    /// Authority first, then everything else.
    Cutover,
}

/// What a log says of a component's registration: the last line that fits any pattern counts.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Watch {
    /// The component.
    pub component: String,
    /// The log, absolute or below the product's home; `*` in its last part stands for any text, then the newest file counts.
    #[schemars(length(min = 1))]
    pub log: String,
    /// How it is written: `utf-8`, `utf-16`, `latin-1` or `windows-1252`.
    #[serde(default = "utf8")]
    #[schemars(extend("enum" = words::ENCODINGS))]
    pub encoding: String,
    /// Patterns that say that the secret was accepted.
    #[schemars(length(min = 1))]
    pub aligned: Vec<String>,
    /// Patterns that say that it was refused.
    #[schemars(length(min = 1))]
    pub differs: Vec<String>,
    /// Patterns that say that the authority holds the request.
    #[serde(default)]
    pub pending: Vec<String>,
    /// Seconds after a start in which one of them must appear.
    #[schemars(range(min = 1, max = 3600))]
    pub deadline: u64,
}

/// How most logs are written.
pub(super) fn utf8() -> String {
    "utf-8".to_owned()
}
