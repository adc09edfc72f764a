//! A site's own estate: its folder holds profiles of what runs there, and a process works on one estate only.

use std::path::{Path, PathBuf};
use std::sync::{Mutex, OnceLock, PoisonError};

use crate::profile;
pub use crate::profile::site::{FOLDER as PROFILES, Missing};
use crate::profile::site::{Given, give, load, texts, whole_profiles};
use crate::tree::Problems;

/// The estate whose profiles this process took up.
static TAKEN_UP: OnceLock<PathBuf> = OnceLock::new();

/// The values of variables that this process works with, besides those in the files.
static GIVEN: Mutex<Given> = Mutex::new(Given::new());

/// Takes the profiles up that stand in an estate's folder; without any, the embedded ones count.
///
/// # Errors
/// What is wrong with them: one line each, with the file and the place in it.
pub fn take_up(estate: &Path, missing: Missing) -> Result<(), Problems> {
    if TAKEN_UP.get().is_some() {
        return Ok(());
    }
    if let Some(profiles) = load(estate, missing)? {
        profile::use_site(profiles);
        let _ = TAKEN_UP.set(std::path::absolute(estate).unwrap_or_else(|_| estate.to_path_buf()));
    }
    Ok(())
}

/// Goes on with these values of the profiles' variables. Nothing is written.
///
/// # Errors
/// What is wrong with the profiles then, as [`take_up`] tells it.
pub fn use_values(values: &Given) -> Result<(), Problems> {
    let Some(estate) = TAKEN_UP.get() else { return Ok(()) };
    let mut given = GIVEN.lock().unwrap_or_else(PoisonError::into_inner);
    let read = whole_profiles(&give(&texts(estate)?, values), Missing::Refused)?;
    // Others hold the profiles for good, so the same ones are not made twice.
    if *given != *values {
        profile::use_site(read.into_iter().map(|(_, profile)| profile).collect());
        given.clone_from(values);
    }
    Ok(())
}

/// A file of a site, as it is and as it will be.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Rewritten {
    /// The file.
    pub path: PathBuf,
    /// Its text now.
    pub before: String,
    /// Its text with the values in it.
    pub after: String,
}

/// The profiles that these values change.
///
/// # Errors
/// They cannot be read.
pub fn rewritten(estate: &Path, values: &Given) -> Result<Vec<Rewritten>, Problems> {
    let before = texts(estate)?;
    let after = give(&before, values);
    let both = before.into_iter().zip(after).map(|((path, before), (_, after))| Rewritten { path, before, after });
    Ok(both.filter(|file| file.before != file.after).collect())
}

/// Why this process cannot work on the estate in this folder: its profiles are not those that were taken up.
///
/// # Errors
/// One line for people.
pub fn belongs(estate: &Path) -> Result<(), String> {
    let shown = estate.display();
    match TAKEN_UP.get() {
        Some(folder) if folder == estate => Ok(()),
        Some(folder) => Err(format!(
            "estate.dir: the profiles of {} were taken up, and {shown} is another folder: start anew with --estate {shown}",
            folder.display()
        )),
        None if holds_profiles(estate) => Err(format!(
            "estate.dir: {shown} holds profiles of its own, which were not taken up: start anew with --estate {shown}"
        )),
        None => Ok(()),
    }
}

fn holds_profiles(estate: &Path) -> bool {
    let entries = std::fs::read_dir(estate.join(PROFILES)).into_iter().flatten().flatten();
    entries.map(|entry| entry.path()).any(|path| path.extension().is_some_and(|extension| extension == "toml"))
}
