//! What a tree tells of an installation, before anything is known of the product.

use super::known::KNOWN;
use super::modules::{Module, modules};
use super::secrets::{Candidate, candidates};
use crate::installer::silent::{SilentError, Tree};

/// What a tree tells.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Adopted {
    /// The installer's own version, where the master's name tells it.
    pub installer: Option<String>,
    /// The folder of the installation.
    pub install_dir: Option<String>,
    /// The name of the installation.
    pub logical_name: Option<String>,
    /// What is installed.
    pub products: Vec<Product>,
    /// Variables that may hold a secret.
    pub secrets: Vec<Candidate>,
    /// Parts that the installer can be told to work on.
    pub modules: Vec<Module>,
}

/// An installed product.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Product {
    /// The short name by which the master includes its file.
    pub name: String,
    /// Its version, where the file's name tells it.
    pub version: Option<String>,
}

/// Looks through a tree. `plain` are variables whose value is plain though it looks encrypted.
///
/// # Errors
/// Every value that cannot be taken for what it seems.
pub fn look(tree: &Tree, plain: &[String]) -> Result<Adopted, Vec<SilentError>> {
    let named = |file: &std::path::Path| {
        let (_, version) = KNOWN.file_name.product(file.file_name()?.to_str()?)?;
        Some(version.to_owned())
    };
    let value = |name: &String| tree.get(name).filter(|value| !value.is_empty()).map(str::to_owned);
    Ok(Adopted {
        installer: named(tree.master()),
        install_dir: value(&KNOWN.install_directory),
        logical_name: KNOWN.logical_names.iter().find_map(value),
        products: tree.products().map(|(name, file)| Product { name: name.to_owned(), version: named(file) }).collect(),
        secrets: candidates(tree, plain)?,
        modules: modules(tree),
    })
}
