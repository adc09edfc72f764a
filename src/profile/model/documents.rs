//! Where documents pass through a product.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// The folders through which a product's documents pass, below its home.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Documents {
    /// Into it they are put.
    pub taken: String,
    /// Out of it they come.
    pub delivered: String,
    /// What was not accepted is kept here, with its reason.
    pub rejected: String,
}

impl Documents {
    /// All three.
    pub fn folders(&self) -> [&str; 3] {
        [&self.taken, &self.delivered, &self.rejected]
    }
}
