//! Where a product keeps its repositories.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// The file in which a product keeps several links to authorities, each with a secret, a keystore and a registration of
/// its own. A place whose key is `repositories/*/secret` is there once for each of them, and `{repository}` in
/// `registration.command` is its name.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct RepositoriesFile {
    /// The file, below the product's home; `{conf}` is the component's folder.
    #[schemars(length(min = 1))]
    pub file: String,
}
