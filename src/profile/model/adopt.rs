//! How a product is known in the silent files of a site's installer.

use std::collections::BTreeMap;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// How a product is known in the silent files of a site's installer: what `profile adopt` looks for.
#[derive(Debug, Clone, Default, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Adopt {
    /// Patterns of the short names by which a master file includes the product's files. Without any, the product is not
    /// adopted.
    #[serde(default)]
    pub products: Vec<String>,
    /// Pattern of the variables that may hold its secret; where it is missing, any that calls itself a secret.
    #[serde(default)]
    pub secret: String,
    /// Patterns of variables beside them that hold another authority's secret: those are never offered.
    #[serde(default)]
    pub others_secret: Vec<String>,
    /// For components that a variable's, a module's or a product's name does not spell out: a pattern of such names.
    #[serde(default)]
    pub component: BTreeMap<String, String>,
}
