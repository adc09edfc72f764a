//! Who a component is to the authority.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// Name, version and group from a component's CSD, and the instance. All four must match on both sides.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Identity {
    /// Component name; no colon.
    pub name: String,
    /// Component version.
    pub version: String,
    /// Component group.
    pub group: String,
    /// Component instance; `default` after an import.
    pub instance: String,
}

impl Identity {
    /// The four values with their names, in the order of the documents.
    pub fn parts(&self) -> [(&'static str, &str); 4] {
        [
            ("name", self.name.as_str()),
            ("version", self.version.as_str()),
            ("group", self.group.as_str()),
            ("instance", self.instance.as_str()),
        ]
    }
}
