//! Files and folders.

use std::io;
use std::path::Path;

use super::{ActError, Context};
use crate::forms::Format;
use crate::fs::{PRIVATE_FILE, create as create_file, create_folders, remove_file, remove_folder, rename, shred};

fn failed(path: &Path) -> impl FnOnce(io::Error) -> ActError {
    let path = path.to_path_buf();
    move |error| ActError::File(path, error)
}

/// Makes a home that must not exist yet, and its folders.
pub fn make_folders(home: &Path, folders: &[String]) -> Result<(), ActError> {
    if home.exists() {
        return Err(ActError::Other(format!("{} exists already", home.display())));
    }
    create_folders(home).map_err(failed(home))?;
    for folder in folders {
        let path = home.join(folder);
        create_folders(&path).map_err(failed(&path))?;
    }
    Ok(())
}

/// Removes a home that this change made, with all its product wrote there since.
pub fn remove_home(home: &Path) -> Result<(), ActError> {
    remove_folder(home).map_err(failed(home))
}

/// Lays down a file.
pub fn create(path: &Path, content: &str) -> Result<(), ActError> {
    create_file(path, content.as_bytes(), PRIVATE_FILE).map_err(failed(path))
}

/// Removes a file.
pub fn remove(path: &Path) -> Result<(), ActError> {
    remove_file(path).map_err(failed(path))
}

/// Lays down a file with the secret in its place.
pub fn create_place(
    path: &Path,
    template: &str,
    format: &str,
    key: &str,
    mode: u32,
    context: &Context,
) -> Result<(), ActError> {
    let other = |error: String| ActError::Other(format!("{}: {error}", path.display()));
    let secret = context.secret.as_ref().ok_or_else(|| other("no secret was given".into()))?;
    let format: Format = format.parse().map_err(|error: crate::forms::FormError| other(error.to_string()))?;
    let written = format.write(template.as_bytes(), key, secret).map_err(|error| other(error.to_string()))?;
    create_file(path, &written, mode).map_err(failed(path))
}

/// Overwrites and removes a file that held the secret.
pub fn remove_place(path: &Path) -> Result<(), ActError> {
    shred(path).map_err(failed(path))
}

/// Moves something away; nothing to move is no failure.
pub fn move_aside(path: &Path, to: &Path) -> Result<(), ActError> {
    if let Some(parent) = to.parent() {
        create_folders(parent).map_err(failed(parent))?;
    }
    match rename(path, to) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(()),
        other => other.map_err(failed(path)),
    }
}

/// Moves it back, unless it never left.
pub fn move_back(path: &Path, to: &Path) -> Result<(), ActError> {
    if to.exists() { rename(to, path).map_err(failed(path)) } else { Ok(()) }
}
