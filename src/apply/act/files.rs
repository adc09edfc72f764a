//! Files and folders.

use std::io;
use std::path::Path;

use super::{ActError, Context};
use crate::forms::Shape;
use crate::fs::{
    PRIVATE_FILE, clear_temporary, create as create_file, create_folders, remove_empty_folder, remove_file,
    remove_folder, rename, shred,
};
use crate::plan::ASIDE;

/// As [`failed`], but a name that is taken means that the step did nothing.
fn not_made(path: &Path) -> impl FnOnce(io::Error) -> ActError {
    let path = path.to_path_buf();
    move |error| match error.kind() {
        io::ErrorKind::AlreadyExists => ActError::InTheWay(path),
        _ => ActError::File(path, error),
    }
}

fn failed(path: &Path) -> impl FnOnce(io::Error) -> ActError {
    let path = path.to_path_buf();
    move |error| ActError::File(path, error)
}

/// Makes a home that must not exist yet, and its folders.
pub fn make_folders(home: &Path, folders: &[String]) -> Result<(), ActError> {
    if home.exists() {
        return Err(ActError::InTheWay(home.to_path_buf()));
    }
    create_folders(home).map_err(failed(home))?;
    for folder in folders {
        let path = home.join(folder);
        create_folders(&path).map_err(failed(&path))?;
    }
    Ok(())
}

/// Removes a home that this change made, with all its product wrote there since.
///
/// A product that makes its own home builds it beside, under the home's name with `.new` at its end: what a killed one
/// left goes too.
pub fn remove_home(home: &Path) -> Result<(), ActError> {
    let prefix = format!("{}.", home.file_name().unwrap_or_default().to_string_lossy());
    for entry in home.parent().into_iter().filter_map(|parent| std::fs::read_dir(parent).ok()).flatten().flatten() {
        let path = entry.path();
        let beside = path.extension().is_some_and(|extension| extension == "new");
        if beside && entry.file_name().to_string_lossy().starts_with(&prefix) {
            remove_folder(&path).map_err(failed(&path))?;
        }
    }
    remove_folder(home).map_err(failed(home))
}

/// Lays down a file.
pub fn create(path: &Path, content: &str) -> Result<(), ActError> {
    create_file(path, content.as_bytes(), PRIVATE_FILE).map_err(not_made(path))
}

/// Removes a file.
pub fn remove(path: &Path) -> Result<(), ActError> {
    clear_temporary(path).map_err(failed(path))?;
    remove_file(path).map_err(failed(path))
}

/// Lays down a file with the secret under these keys.
pub fn create_place(
    path: &Path,
    template: &str,
    (format, form): (&str, &str),
    keys: &[&str],
    mode: u32,
    context: &Context,
) -> Result<(), ActError> {
    let other = |error: String| ActError::Other(format!("{}: {error}", path.display()));
    let secret = context.secret.as_ref().ok_or_else(|| other("no secret was given".into()))?;
    let shape = Shape::named(format, form).map_err(|error| other(error.to_string()))?;
    let written = shape.write_all(template.as_bytes(), keys, secret).map_err(|error| other(error.to_string()))?;
    create_file(path, &written, mode).map_err(not_made(path))
}

/// Overwrites and removes a file that held the secret.
pub fn remove_place(path: &Path) -> Result<(), ActError> {
    clear_temporary(path).map_err(failed(path))?;
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

/// Moves it back, unless it never left. The folders that were made for it go with the last that was in them.
pub fn move_back(path: &Path, to: &Path) -> Result<(), ActError> {
    if to.exists() {
        rename(to, path).map_err(failed(path))?;
    }
    let is_top = |folder: &Path| folder.file_name().is_some_and(|name| name.to_string_lossy().starts_with(ASIDE));
    let Some(top) = to.ancestors().find(|folder| is_top(folder)) else { return Ok(()) };
    for folder in to.ancestors().skip(1).take_while(|folder| folder.starts_with(top)) {
        match remove_empty_folder(folder) {
            Err(error) if error.kind() == io::ErrorKind::DirectoryNotEmpty => break,
            other => other.map_err(failed(folder))?,
        }
    }
    Ok(())
}

/// Removes what was moved aside; gone already is no failure.
pub fn remove_for_good(path: &Path) -> Result<(), ActError> {
    remove_folder(path).map_err(failed(path))
}
