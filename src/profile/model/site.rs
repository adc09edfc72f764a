//! What a site says of a product that a shipped profile describes.

use std::collections::BTreeMap;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::profile::FORMAT;

use super::{Select, SilentSecret};

/// A site's profile: a shipped one, the values of its variables, and what was found in the site's silent files.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct SiteProfile {
    /// Version of the format; 1.
    #[schemars(extend("const" = FORMAT))]
    pub format: u32,
    /// The shipped profile, such as `axway/b2bi`.
    pub base: String,
    /// The variables' values.
    #[serde(default)]
    pub values: BTreeMap<String, String>,
    /// The installer's variables that hold the secret; they take the place of the shipped profile's.
    #[serde(default)]
    pub secret: Vec<SilentSecret>,
    /// The installer's variables that select components; they take the place of the shipped profile's.
    #[serde(default)]
    pub select: Vec<Select>,
}
