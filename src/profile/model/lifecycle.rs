//! How a product is started, stopped and asked.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// How a product is started, stopped and asked. Each command is an argument list; `countersign` is our own binary.
#[derive(Debug, Clone, Default, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Lifecycle {
    /// Makes its home, where a product has a command for that.
    pub init: Option<Vec<String>>,
    /// Starts one component and returns when it is ready.
    #[serde(default)]
    pub start: Vec<String>,
    /// Stops one component and returns when it is gone.
    #[serde(default)]
    pub stop: Vec<String>,
    /// Makes a running component read its configuration anew.
    pub reload: Option<Vec<String>>,
    /// Tells how it is; without `pid` it must end well exactly while the component runs.
    #[serde(default)]
    pub status: Vec<String>,
    /// The pid file whose lock the running process holds, below the product's home; for products of ours.
    #[serde(default)]
    pub pid: String,
    /// The control socket, below the product's home; for products of ours.
    #[serde(default)]
    pub control: String,
    /// Files that its output goes to, below the product's home.
    #[serde(default)]
    pub log: String,
    /// The probe that says it is ready.
    #[serde(default)]
    pub ready: String,
    /// Seconds that a command of these may take.
    #[serde(default = "a_minute")]
    #[schemars(range(min = 1, max = 3600))]
    pub deadline: u64,
    /// Rank among the products: the lowest starts first and stops last.
    #[serde(default)]
    pub order: u32,
    /// Products that must run before.
    #[serde(default)]
    pub after: Vec<String>,
    /// How a written secret is taken over.
    #[serde(default)]
    pub apply: Apply,
    /// Whether stopping it needs the secret that it was started with.
    #[serde(default)]
    pub needs_old_secret: bool,
    /// What else a start, stop or reload does, for people.
    #[serde(default)]
    pub side_effects: Vec<String>,
}

/// How a product takes a written secret over.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Apply {
    /// By `reload`, while it runs.
    #[default]
    Reload,
    /// Written, then stopped and started.
    Restart,
    /// Stopped, written, started.
    StopWriteStart,
    /// Told online, then written.
    Online,
    /// By nothing: it reads the place each time.
    None,
}

fn a_minute() -> u64 {
    60
}
