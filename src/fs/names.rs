//! Names of files and folders, durably: made, moved, removed.

use std::io;
use std::path::{Path, PathBuf};

use rustix::io::Errno;

use super::disk;

/// Makes a folder and those above it that are missing, mode 0700. Returns the ones it made, outermost first.
pub fn create_folders(path: &Path) -> io::Result<Vec<PathBuf>> {
    let mut missing: Vec<&Path> = path.ancestors().take_while(|p| !p.as_os_str().is_empty() && !p.exists()).collect();
    missing.reverse();
    let mut made = Vec::new();
    for folder in missing {
        disk::make_folder(folder)?;
        disk::sync_folder_of(folder)?;
        made.push(folder.to_path_buf());
    }
    Ok(made)
}

/// Removes a file if it is there.
pub fn remove_file(path: &Path) -> io::Result<()> {
    gone(disk::unlink(path), path)
}

/// Removes a folder and all in it, if it is there.
pub fn remove_folder(path: &Path) -> io::Result<()> {
    gone(disk::remove_folder(path), path)
}

/// Removes a folder that must be empty, if it is there.
pub fn remove_empty_folder(path: &Path) -> io::Result<()> {
    gone(disk::remove_empty_folder(path), path)
}

fn gone(removed: io::Result<()>, path: &Path) -> io::Result<()> {
    match removed {
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(()),
        other => other.and_then(|()| disk::sync_folder_of(path)),
    }
}

/// Moves a file or folder within one file system; what stands at the new name is replaced only if it is a file.
pub fn rename(from: &Path, to: &Path) -> io::Result<()> {
    disk::rename(from, to)?;
    sync_both(from, to)
}

/// Moves a file or folder to a name that nothing has.
///
/// # Errors
/// [`io::ErrorKind::AlreadyExists`] when something has it.
pub fn rename_to_free(from: &Path, to: &Path) -> io::Result<()> {
    match disk::rename_to_free(from, to) {
        // A file system that cannot do both in one step.
        Err(error) if cannot(&error) && is_free(to)? => rename(from, to),
        Err(error) if cannot(&error) => Err(io::ErrorKind::AlreadyExists.into()),
        other => other.and_then(|()| sync_both(from, to)),
    }
}

/// Whether nothing stands at a path.
pub fn is_free(path: &Path) -> io::Result<bool> {
    match std::fs::symlink_metadata(path) {
        Ok(_) => Ok(false),
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(true),
        Err(error) => Err(error),
    }
}

fn cannot(error: &io::Error) -> bool {
    [Errno::INVAL, Errno::NOSYS].iter().any(|errno| error.raw_os_error() == Some(errno.raw_os_error()))
}

/// The new name first: what lost its old one and has no new one yet would be gone.
fn sync_both(from: &Path, to: &Path) -> io::Result<()> {
    disk::sync_folder_of(to)?;
    if disk::folder_of(from) == disk::folder_of(to) { Ok(()) } else { disk::sync_folder_of(from) }
}
