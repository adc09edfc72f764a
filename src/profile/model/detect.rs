//! How a product is found on a host.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// Signs of a product, looked for by `profile show`, `status`, on the Welcome page and before a change. Any one of them says
/// that it is there; nothing is started to find out but `commands`.
#[derive(Debug, Clone, Default, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Detect {
    /// Files or folders; `*` stands for any name.
    #[serde(default)]
    pub files: Vec<String>,
    /// Argument lists that end well where it is installed and print what `lists` finds.
    #[serde(default)]
    pub commands: Vec<Vec<String>>,
    /// Patterns of which one must fit what a command prints.
    #[serde(default)]
    pub lists: Vec<String>,
    /// Ports on which it listens.
    #[serde(default)]
    #[schemars(inner(range(min = 1)))]
    pub ports: Vec<u16>,
    /// Names of its programs, as `/proc` shows those that run.
    #[serde(default)]
    pub processes: Vec<String>,
}

impl Detect {
    /// Whether it names no sign at all.
    pub fn is_empty(&self) -> bool {
        self.files.is_empty() && self.commands.is_empty() && self.ports.is_empty() && self.processes.is_empty()
    }
}
