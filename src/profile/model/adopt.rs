//! How a product is known in the silent files of a site's installer.

use std::collections::BTreeMap;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// How a product is known in the silent files of a site's installer: what `profile adopt` looks for. The files' own
/// grammar is the same for all products.
#[derive(Debug, Clone, Default, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Adopt {
    /// Patterns of the short names by which a master file includes the product's files. Without any it is adopted only
    /// where people name it.
    #[serde(default)]
    pub products: Vec<String>,
    /// Variables of the silent files, with the value that each must have, where several profiles are for one product.
    #[serde(default)]
    pub when: BTreeMap<String, String>,
    /// Patterns of the variables that may hold its secret; where there is none, any that calls itself a secret.
    #[serde(default)]
    pub secrets: Vec<String>,
    /// Patterns of variables that hold another authority's secret: those are never offered.
    #[serde(default)]
    pub other_secrets: Vec<String>,
    /// For components that the name of a variable, a module or a file does not spell out: a pattern of such names.
    #[serde(default)]
    pub component: BTreeMap<String, String>,
    /// For variables of this profile: the variable of the silent files that tells the value.
    #[serde(default)]
    pub values: BTreeMap<String, String>,
}
