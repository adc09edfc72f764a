//! How a product is started, stopped and asked.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// How a product is started, stopped and asked. Each command is an argument list; `countersign` is our own binary.
#[derive(Debug, Clone, Default, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Lifecycle {
    /// Makes its home, where a product has a command for that.
    pub init: Option<Vec<String>>,
    /// The systemd unit that it is, in place of the commands `start`, `stop`, `reload` and `status`; refused where systemd
    /// does not run the host.
    #[serde(default)]
    pub unit: String,
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
    /// How a changed secret comes into use. Where an installer changes it, the product is stopped meanwhile.
    #[serde(default)]
    pub apply: Apply,
    /// Whether its commands need the secret in use: what is restarted is then stopped before anything is written, and
    /// `read` and `write` of its places get that secret on standard input, too.
    #[serde(default)]
    pub needs_old_secret: bool,
    /// What else a start, stop or reload does; people are told before they consent.
    #[serde(default)]
    pub side_effects: Vec<String>,
}

/// How a changed secret comes into use.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Apply {
    /// By `reload`, while it runs.
    Reload,
    /// Written, then stopped and started.
    #[default]
    Restart,
    /// Stopped, written, started.
    StopWriteStart,
    /// By the command of a place, while it runs; then its files are written.
    Online,
    /// By nothing: it reads the place each time.
    None,
}

impl Lifecycle {
    /// The command that starts it.
    pub fn start(&self) -> Vec<String> {
        self.by_unit("start").unwrap_or_else(|| self.start.clone())
    }

    /// The command that stops it.
    pub fn stop(&self) -> Vec<String> {
        self.by_unit("stop").unwrap_or_else(|| self.stop.clone())
    }

    /// The command that makes it read its configuration anew, where it has one.
    pub fn reload(&self) -> Option<Vec<String>> {
        self.by_unit("reload").or_else(|| self.reload.clone())
    }

    /// The command that ends well exactly while it runs.
    pub fn status(&self) -> Vec<String> {
        self.by_unit("is-active").unwrap_or_else(|| self.status.clone())
    }

    fn by_unit(&self, act: &str) -> Option<Vec<String>> {
        (!self.unit.is_empty()).then(|| ["systemctl", act, &self.unit].map(str::to_owned).to_vec())
    }
}

fn a_minute() -> u64 {
    60
}
