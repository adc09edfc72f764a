//! Files in `Interchange/in`: which are documents, how they are read, and how exactly what was read is removed.

use std::ffi::OsStr;
use std::io::{self, Read};
use std::os::unix::fs::{MetadataExt, OpenOptionsExt};
use std::path::Path;

use rustix::fs::OFlags;

use crate::fs::remove_file;

/// What a file in the inbox is.
pub enum Found {
    /// Nothing that is for us: gone again, or a folder.
    Nothing,
    /// A document.
    Document {
        /// What it holds.
        content: Vec<u8>,
        /// By which it is known again.
        stamp: Stamp,
    },
    /// It will never be one; why not.
    AtFault(String),
}

/// Tells whether a file is still the one that was read.
#[derive(PartialEq, Eq)]
pub struct Stamp {
    inode: u64,
    size: u64,
    changed: (i64, i64),
}

/// Whether a new name is one more of a file that is whole already: then nobody will close it. Making a link changes the
/// file's status, not its content, and the first name may be gone by now.
pub fn is_linked(path: &Path) -> bool {
    std::fs::symlink_metadata(path).is_ok_and(|meta| {
        let later = (meta.ctime(), meta.ctime_nsec()) > (meta.mtime(), meta.mtime_nsec());
        meta.is_file() && (meta.nlink() > 1 || meta.len() > 0 && later)
    })
}

/// Hidden files, and those that say themselves that they are not whole.
pub fn is_passed_over(name: &OsStr) -> bool {
    let name = name.as_encoded_bytes();
    name.starts_with(b".") || name.ends_with(b".tmp") || name.ends_with(b".part")
}

/// Looks at a file, and reads it when it is a document of up to `limit` bytes.
pub fn find(path: &Path, limit: usize) -> Found {
    let unreadable = |error: io::Error| match error.kind() {
        io::ErrorKind::NotFound => Found::Nothing,
        _ => Found::AtFault(format!("it cannot be read: {error}")),
    };
    let meta = match std::fs::symlink_metadata(path) {
        Ok(meta) if meta.is_dir() => return Found::Nothing,
        Ok(meta) if meta.is_file() => meta,
        Ok(_) => return Found::AtFault("it is no regular file".to_owned()),
        Err(error) => return unreadable(error),
    };
    if meta.len() > limit as u64 {
        return Found::AtFault(format!("it is larger than {} MiB", limit / 1024 / 1024));
    }
    match read(path, limit) {
        Ok((content, _)) if content.len() > limit => {
            Found::AtFault(format!("it is larger than {} MiB", limit / 1024 / 1024))
        }
        Ok((content, stamp)) => Found::Document { content, stamp },
        Err(error) => unreadable(error),
    }
}

/// Reads a file, never through a link and never waiting for a pipe's other end.
fn read(path: &Path, limit: usize) -> io::Result<(Vec<u8>, Stamp)> {
    let flags = (OFlags::NOFOLLOW | OFlags::NONBLOCK).bits().cast_signed();
    let file = std::fs::OpenOptions::new().read(true).custom_flags(flags).open(path)?;
    let stamp = Stamp::of(&file.metadata()?);
    let mut content = Vec::new();
    file.take(limit as u64 + 1).read_to_end(&mut content)?;
    Ok((content, stamp))
}

/// Removes the file if it still is what was read.
pub fn remove(path: &Path, stamp: &Stamp) -> io::Result<bool> {
    match std::fs::symlink_metadata(path) {
        Ok(meta) if Stamp::of(&meta) == *stamp => remove_file(path).map(|()| true),
        Ok(_) => Ok(false),
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(true),
        Err(error) => Err(error),
    }
}

impl Stamp {
    fn of(meta: &std::fs::Metadata) -> Self {
        Self { inode: meta.ino(), size: meta.len(), changed: (meta.mtime(), meta.mtime_nsec()) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn unfinished_names_are_passed_over() {
        for (name, passed) in [("order-1.json", false), (".order-1.json", true), ("a.tmp", true), ("a.part", true)] {
            assert_eq!(is_passed_over(OsStr::new(name)), passed, "{name}");
        }
    }

    #[test]
    fn only_a_regular_file_of_a_fitting_size_is_a_document() {
        let dir = tempfile::tempdir().expect("a folder");
        let path = dir.path().join("order-1.json");
        assert!(matches!(find(&path, 10), Found::Nothing));
        std::fs::write(&path, "0123456789").expect("written");
        assert!(matches!(find(&path, 10), Found::Document { .. }));
        assert!(matches!(find(&path, 9), Found::AtFault(reason) if reason.contains("larger")));
        let link = dir.path().join("order-2.json");
        std::os::unix::fs::symlink(&path, &link).expect("linked");
        assert!(matches!(find(&link, 10), Found::AtFault(reason) if reason.contains("regular")));
        assert!(matches!(find(dir.path(), 10), Found::Nothing));
    }

    #[test]
    fn a_file_written_anew_after_it_was_read_stays() {
        let dir = tempfile::tempdir().expect("a folder");
        let path = dir.path().join("order-1.json");
        std::fs::write(&path, "one").expect("written");
        let (_, stamp) = read(&path, 10).expect("read");
        std::fs::write(&path, "three").expect("written");
        assert!(!remove(&path, &stamp).expect("asked"));
        let (_, stamp) = read(&path, 10).expect("read");
        assert!(remove(&path, &stamp).expect("removed"));
        assert!(remove(&path, &stamp).expect("gone already"));
    }
}
