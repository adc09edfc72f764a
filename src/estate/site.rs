//! A site's own estate: its folder holds profiles of what runs there, and a process works on one estate only.

use std::path::{Path, PathBuf};
use std::sync::OnceLock;

use crate::profile;
pub use crate::profile::site::FOLDER as PROFILES;
use crate::profile::site::load;
use crate::tree::Problems;

/// The estate whose profiles this process took up.
static TAKEN_UP: OnceLock<PathBuf> = OnceLock::new();

/// Takes the profiles up that stand in an estate's folder; without any, the embedded ones count.
///
/// # Errors
/// What is wrong with them: one line each, with the file and the place in it.
pub fn take_up(estate: &Path) -> Result<(), Problems> {
    if TAKEN_UP.get().is_some() {
        return Ok(());
    }
    if let Some(profiles) = load(estate)? {
        profile::use_site(profiles);
        let _ = TAKEN_UP.set(std::path::absolute(estate).unwrap_or_else(|_| estate.to_path_buf()));
    }
    Ok(())
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
