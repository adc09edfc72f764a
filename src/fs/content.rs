//! Files' content, durably: whole or as it was, whatever happens in between.

use std::fs::{File, OpenOptions, Permissions};
use std::io;
use std::os::unix::fs::{OpenOptionsExt, PermissionsExt};
use std::path::Path;

use super::disk;
use super::looks::{Looks, looks_if_there};
use super::names::remove_file;
use super::temporary::Temporary;

/// Creates a file with this content and mode; it must not exist yet. Whole or absent, whatever happens.
pub fn create(path: &Path, content: &[u8], mode: u32) -> io::Result<()> {
    let temporary = Temporary::write(path, content)?;
    temporary.file().set_permissions(Permissions::from_mode(mode))?;
    temporary.sync()?;
    temporary.link(path)?;
    disk::sync_folder_of(path)
}

/// Puts new content into a file, or makes it. An existing file keeps its mode, owner and access control list; a new one
/// gets `mode`. Never through a link.
pub fn replace(path: &Path, content: &[u8], mode: u32) -> io::Result<()> {
    let old = looks_if_there(path)?;
    put(path, content, |file| match old {
        Some(looks) => looks.put_on(file),
        None => file.set_permissions(Permissions::from_mode(mode)),
    })
}

/// Brings a file back as it was: content, owner, mode, access control list and time of last change. Never through a link.
pub fn restore(path: &Path, content: &[u8], looks: &Looks) -> io::Result<()> {
    looks_if_there(path)?;
    put(path, content, |file| looks.put_on(file).and_then(|()| looks.put_time_on(file)))
}

fn put(path: &Path, content: &[u8], dress: impl FnOnce(&File) -> io::Result<()>) -> io::Result<()> {
    let temporary = Temporary::write(path, content)?;
    dress(temporary.file())?;
    temporary.sync()?;
    temporary.rename(path)?;
    disk::sync_folder_of(path)
}

/// Adds one line to a file (made with mode 0600) and waits until it is on disk.
pub fn append_line(path: &Path, line: &str) -> io::Result<()> {
    let open = || OpenOptions::new().append(true).open(path);
    let (file, is_new) = match open() {
        Err(error) if error.kind() == io::ErrorKind::NotFound => match disk::create(path) {
            // Another process was faster.
            Err(error) if error.kind() != io::ErrorKind::AlreadyExists => return Err(error),
            _ => (open()?, true),
        },
        other => (other?, false),
    };
    disk::write(&file, path, format!("{line}\n").as_bytes())?;
    disk::sync(&file, path)?;
    if is_new { disk::sync_folder_of(path) } else { Ok(()) }
}

/// Cuts off what stands behind this many bytes of a file; one that is not there has none.
pub fn truncate(path: &Path, length: u64) -> io::Result<()> {
    let file = match OpenOptions::new().write(true).open(path) {
        Err(error) if error.kind() == io::ErrorKind::NotFound && length == 0 => return Ok(()),
        other => other?,
    };
    if file.metadata()?.len() == length {
        return Ok(());
    }
    disk::truncate(&file, path, length)?;
    disk::sync(&file, path)
}

/// Overwrites a file with zeros before it is removed, for keys and passwords. Where it cannot be overwritten (the disk is
/// full), it is removed all the same. A link is removed, not followed.
pub fn shred(path: &Path) -> io::Result<()> {
    let flags = rustix::fs::OFlags::NOFOLLOW.bits().cast_signed();
    let file = match OpenOptions::new().write(true).custom_flags(flags).open(path) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(()),
        Err(_) if std::fs::symlink_metadata(path).is_ok_and(|meta| meta.is_symlink()) => return remove_file(path),
        other => other?,
    };
    let length = usize::try_from(file.metadata()?.len()).unwrap_or(usize::MAX);
    let _ = disk::overwrite(&file, path, &vec![0; length]).and_then(|()| disk::sync(&file, path));
    remove_file(path)
}
