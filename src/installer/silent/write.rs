//! A tree laid down for one run of an installer, and taken away after it.

use std::io;
use std::path::{Path, PathBuf};

use super::tree::Tree;
use crate::fs::{PRIVATE_FILE, create, create_folders, is_free, remove_folder, shred};

impl Tree {
    /// Writes the whole tree into a folder that this makes (0700), each file 0600, and returns the master's absolute
    /// path. The files lie to each other as they did, so includes stay right.
    ///
    /// # Errors
    /// [`io::ErrorKind::AlreadyExists`] when something stands there: nobody else's folder gets the secret.
    pub fn write_into(&self, dir: &Path) -> io::Result<PathBuf> {
        let dir = std::path::absolute(dir)?;
        if !is_free(&dir)? {
            return Err(io::ErrorKind::AlreadyExists.into());
        }
        create_folders(&dir)?;
        for (name, text) in self.texts() {
            let path = dir.join(name);
            if let Some(folder) = path.parent() {
                create_folders(folder)?;
            }
            create(&path, &text, PRIVATE_FILE)?;
        }
        Ok(dir.join(self.master().file_name().unwrap_or_default()))
    }
}

/// Overwrites and removes what [`Tree::write_into`] wrote, and what an installer left beside it; fine if nothing is
/// there.
pub fn remove(dir: &Path) -> io::Result<()> {
    shred_all(dir)?;
    remove_folder(dir)
}

fn shred_all(dir: &Path) -> io::Result<()> {
    let entries = match std::fs::read_dir(dir) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(()),
        other => other?,
    };
    for entry in entries {
        let entry = entry?;
        let kind = entry.file_type()?;
        if kind.is_dir() {
            shred_all(&entry.path())?;
        } else if kind.is_file() {
            shred(&entry.path())?;
        }
    }
    Ok(())
}
