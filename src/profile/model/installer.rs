//! The vendor's own installer: the only tool that may change the secret where it is kept in a form of the vendor's.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// The vendor's installer and the silent files that drive it. Each command is an argument list; `{silent}` is the
/// absolute path of the master silent file that is written for this run and removed after it.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Installer {
    /// Installs the product.
    #[serde(default)]
    pub install: Vec<String>,
    /// Changes what is installed.
    #[serde(default)]
    pub configure: Vec<String>,
    /// Takes away what `install` made, when that is put back; without it people are told what to do by hand.
    #[serde(default)]
    pub uninstall: Vec<String>,
    /// The master silent file that an earlier run left (absolute, or below the product's home): what is written is this
    /// one and the files that it includes, with `set`, `select` and `secret` changed.
    #[schemars(length(min = 1))]
    pub silent: String,
    /// Variables that hold the secret.
    #[serde(default)]
    pub secret: Vec<SilentSecret>,
    /// Variables that select a component.
    #[serde(default)]
    pub select: Vec<Select>,
    /// Variables that get another value.
    #[serde(default)]
    pub set: Vec<Setting>,
    /// The installer's log, absolute or below the product's home.
    #[schemars(length(min = 1))]
    pub log: String,
    /// Patterns by which standard output or the log says that it succeeded; each must be found.
    #[schemars(length(min = 1))]
    pub success: Vec<String>,
    /// Patterns by which either says that it failed; one is enough, whatever else was said.
    pub failure: Vec<String>,
    /// Seconds that a run may take.
    #[schemars(range(min = 1, max = 86_400))]
    pub deadline: u64,
}

/// A variable of a silent file that holds the secret.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct SilentSecret {
    /// Whose place it is.
    pub component: String,
    /// The variable.
    #[schemars(length(min = 1))]
    pub variable: String,
    /// The variable that confirms it.
    pub twin: Option<String>,
}

/// A variable of a silent file that selects a component.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Select {
    /// The component.
    pub component: String,
    /// The variable.
    #[schemars(length(min = 1))]
    pub variable: String,
    /// The value that selects it.
    pub value: String,
}

/// A variable of a silent file that gets another value; words in braces are filled in.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Setting {
    /// The variable.
    #[schemars(length(min = 1))]
    pub variable: String,
    /// The value.
    pub value: String,
}
