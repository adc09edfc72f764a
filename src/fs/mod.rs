//! The one layer through which every durable write goes: temporary file, fsync, rename, fsync of the folder.

pub mod lock;
pub mod watch;

use std::fs::{DirBuilder, File, OpenOptions, Permissions};
use std::io::{self, Write};
use std::os::unix::fs::{DirBuilderExt, OpenOptionsExt, PermissionsExt, chown};
use std::path::{Path, PathBuf};

/// Mode of a file that holds a secret or that nobody else needs.
pub const PRIVATE_FILE: u32 = 0o600;
/// Mode of a folder of the estate.
pub const PRIVATE_FOLDER: u32 = 0o700;

/// Creates a file with this content and mode; it must not exist yet. Whole or absent, whatever happens.
pub fn create(path: &Path, content: &[u8], mode: u32) -> io::Result<()> {
    let temporary = write_temporary(path, content, mode)?;
    // A hard link fails when the name is taken, where a rename would replace what stands there.
    let linked = std::fs::hard_link(&temporary, path);
    std::fs::remove_file(&temporary)?;
    linked?;
    sync_folder_of(path)
}

/// Puts new content into a file, or makes it. An existing file keeps its mode and owner; a new one gets `mode`.
pub fn replace(path: &Path, content: &[u8], mode: u32) -> io::Result<()> {
    let old = match std::fs::symlink_metadata(path) {
        Ok(meta) if meta.is_file() => Some(meta),
        Ok(_) => {
            return Err(io::Error::new(
                io::ErrorKind::InvalidInput,
                "is not a regular file: refused to write through it",
            ));
        }
        Err(error) if error.kind() == io::ErrorKind::NotFound => None,
        Err(error) => return Err(error),
    };
    let mode = old.as_ref().map_or(mode, |meta| meta.permissions().mode() & 0o7777);
    let temporary = write_temporary(path, content, mode)?;
    let renamed = keep_owner(&temporary, old.as_ref()).and_then(|()| std::fs::rename(&temporary, path));
    if renamed.is_err() {
        let _ = std::fs::remove_file(&temporary);
    }
    renamed?;
    sync_folder_of(path)
}

/// Adds one line to a file (made with mode 0600) and waits until it is on disk.
pub fn append_line(path: &Path, line: &str) -> io::Result<()> {
    let is_new = !path.exists();
    let mut file = OpenOptions::new().append(true).create(true).mode(PRIVATE_FILE).open(path)?;
    file.write_all(format!("{line}\n").as_bytes())?;
    file.sync_data()?;
    if is_new { sync_folder_of(path) } else { Ok(()) }
}

/// Makes a folder and those above it that are missing, mode 0700. Returns the ones it made, outermost first.
pub fn create_folders(path: &Path) -> io::Result<Vec<PathBuf>> {
    let mut missing: Vec<&Path> = path.ancestors().take_while(|p| !p.as_os_str().is_empty() && !p.exists()).collect();
    missing.reverse();
    let mut made = Vec::new();
    for folder in missing {
        DirBuilder::new().mode(PRIVATE_FOLDER).create(folder)?;
        sync_folder_of(folder)?;
        made.push(folder.to_path_buf());
    }
    Ok(made)
}

/// Removes a file if it is there.
pub fn remove_file(path: &Path) -> io::Result<()> {
    match std::fs::remove_file(path) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(()),
        other => other.and_then(|()| sync_folder_of(path)),
    }
}

/// Removes a folder and all in it, if it is there.
pub fn remove_folder(path: &Path) -> io::Result<()> {
    match std::fs::remove_dir_all(path) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(()),
        other => other.and_then(|()| sync_folder_of(path)),
    }
}

/// Moves a file or folder within one file system; what stands at the new name is replaced only if it is a file.
pub fn rename(from: &Path, to: &Path) -> io::Result<()> {
    std::fs::rename(from, to)?;
    sync_folder_of(from)?;
    sync_folder_of(to)
}

/// Overwrites a file with zeros before it is removed, for keys and passwords.
pub fn shred(path: &Path) -> io::Result<()> {
    let mut file = match OpenOptions::new().write(true).open(path) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(()),
        other => other?,
    };
    let length = usize::try_from(file.metadata()?.len()).unwrap_or(usize::MAX);
    file.write_all(&vec![0; length])?;
    file.sync_all()?;
    remove_file(path)
}

fn write_temporary(path: &Path, content: &[u8], mode: u32) -> io::Result<PathBuf> {
    let name =
        path.file_name().ok_or_else(|| io::Error::new(io::ErrorKind::InvalidInput, "names no file"))?.to_string_lossy();
    let temporary = path.with_file_name(format!(".{name}.{}.tmp", std::process::id()));
    remove_file(&temporary)?;
    let mut file = OpenOptions::new().write(true).create_new(true).mode(PRIVATE_FILE).open(&temporary)?;
    let written = file
        .write_all(content)
        .and_then(|()| file.set_permissions(Permissions::from_mode(mode)))
        .and_then(|()| file.sync_all());
    if written.is_err() {
        let _ = std::fs::remove_file(&temporary);
    }
    written.map(|()| temporary)
}

fn keep_owner(file: &Path, old: Option<&std::fs::Metadata>) -> io::Result<()> {
    use std::os::unix::fs::MetadataExt;
    match old {
        Some(old) => {
            let now = std::fs::metadata(file)?;
            if (now.uid(), now.gid()) == (old.uid(), old.gid()) {
                Ok(())
            } else {
                chown(file, Some(old.uid()), Some(old.gid()))
            }
        }
        None => Ok(()),
    }
}

fn sync_folder_of(path: &Path) -> io::Result<()> {
    let folder = match path.parent() {
        Some(parent) if !parent.as_os_str().is_empty() => parent,
        _ => Path::new("."),
    };
    File::open(folder)?.sync_all()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn create_refuses_to_overwrite_and_leaves_no_temporary() {
        let dir = tempfile::tempdir().expect("a folder");
        let path = dir.path().join("a");
        create(&path, b"one", PRIVATE_FILE).expect("made");
        assert!(create(&path, b"two", PRIVATE_FILE).is_err());
        assert_eq!(std::fs::read(&path).expect("read"), b"one");
        assert_eq!(std::fs::read_dir(dir.path()).expect("listed").count(), 1);
    }

    #[test]
    fn replace_keeps_the_mode_and_never_follows_a_link() {
        let dir = tempfile::tempdir().expect("a folder");
        let (path, link) = (dir.path().join("a"), dir.path().join("link"));
        create(&path, b"one", 0o640).expect("made");
        replace(&path, b"two", PRIVATE_FILE).expect("replaced");
        assert_eq!(std::fs::metadata(&path).expect("there").permissions().mode() & 0o777, 0o640);
        std::os::unix::fs::symlink(&path, &link).expect("linked");
        assert!(replace(&link, b"three", PRIVATE_FILE).is_err());
        assert_eq!(std::fs::read(&path).expect("read"), b"two");
    }

    #[test]
    fn folders_made_are_told_and_closed_to_others() {
        let dir = tempfile::tempdir().expect("a folder");
        let deep = dir.path().join("a/b");
        assert_eq!(create_folders(&deep).expect("made").len(), 2);
        assert_eq!(create_folders(&deep).expect("there already").len(), 0);
        assert_eq!(std::fs::metadata(&deep).expect("there").permissions().mode() & 0o777, 0o700);
    }
}
