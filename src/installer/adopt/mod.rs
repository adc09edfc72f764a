//! What a site's silent files tell of its installation: products, directories, modules, and which variables hold a
//! secret. Values of those never leave the tree.

mod fit;
mod known;
mod look;
mod modules;
mod secrets;

pub use fit::{Fitting, bases, fit, holders, is_anothers};
pub use look::{Adopted, Product, look};
pub use modules::Module;
pub use secrets::{Candidate, named};

use std::path::{Path, PathBuf};

use super::silent::{SilentError, newest};

/// The master file that a path leads to: itself, or the one of the newest run below a folder.
pub fn master(path: &Path) -> Result<PathBuf, SilentError> {
    newest(path, &known::KNOWN.actions)
}
