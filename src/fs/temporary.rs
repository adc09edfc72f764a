//! The file beside a file in which new content is made ready. It has one name, so that whoever cleans up after a crash
//! knows where to look; the lock on it keeps two writers of one file apart.

use std::ffi::OsString;
use std::fs::{File, OpenOptions};
use std::io;
use std::os::unix::fs::{MetadataExt, OpenOptionsExt};
use std::path::{Path, PathBuf};

use rustix::fs::OFlags;
use rustix::io::Errno;

use super::disk;

/// Content on its way to its name; removed unless it gets there.
pub(super) struct Temporary {
    file: File,
    path: PathBuf,
    placed: bool,
}

impl Temporary {
    /// Writes content beside `target`, mode 0600.
    pub fn write(target: &Path, content: &[u8]) -> io::Result<Self> {
        let temporary = Self::take(beside(target)?)?;
        disk::write(&temporary.file, &temporary.path, content)?;
        Ok(temporary)
    }

    fn take(path: PathBuf) -> io::Result<Self> {
        loop {
            match disk::create(&path) {
                Ok(file) => {
                    file.lock()?;
                    // Somebody may have taken it for a dead writer's before it was locked.
                    if is_named(&file, &path)? {
                        return Ok(Self { file, path, placed: false });
                    }
                }
                Err(error) if error.kind() == io::ErrorKind::AlreadyExists => clear(&path)?,
                Err(error) => return Err(error),
            }
        }
    }

    /// The file, to give it its looks.
    pub fn file(&self) -> &File {
        &self.file
    }

    /// Waits until content and looks are on disk.
    pub fn sync(&self) -> io::Result<()> {
        disk::sync(&self.file, &self.path)
    }

    /// Gives it its name, in place of what stands there.
    pub fn rename(mut self, target: &Path) -> io::Result<()> {
        disk::rename(&self.path, target)?;
        self.placed = true;
        Ok(())
    }

    /// Gives it its name, which nothing may have. A link fails then, where a rename would replace what stands there.
    pub fn link(mut self, target: &Path) -> io::Result<()> {
        disk::link(&self.path, target)?;
        self.placed = true;
        disk::unlink(&self.path)
    }
}

impl Drop for Temporary {
    fn drop(&mut self) {
        if !self.placed {
            let _ = disk::unlink(&self.path);
        }
    }
}

/// Removes what a writer of this file left beside it when it was killed; waits for one that lives.
pub fn clear_temporary(path: &Path) -> io::Result<()> {
    let temporary = beside(path)?;
    match std::fs::symlink_metadata(&temporary) {
        Err(error) if matches!(error.kind(), io::ErrorKind::NotFound | io::ErrorKind::NotADirectory) => Ok(()),
        _ => clear(&temporary).and_then(|()| disk::sync_folder_of(path)),
    }
}

/// The file for which this would be the temporary; `None` when its name is another.
pub fn temporary_of(path: &Path) -> Option<PathBuf> {
    let name = path.file_name()?.to_str()?.strip_prefix('.')?.strip_suffix(".countersign")?;
    Some(path.with_file_name(name))
}

/// `.NAME.countersign` in the same folder.
fn beside(path: &Path) -> io::Result<PathBuf> {
    let name = path.file_name().ok_or_else(|| io::Error::new(io::ErrorKind::InvalidInput, "names no file"))?;
    let mut temporary = OsString::from(".");
    temporary.push(name);
    temporary.push(".countersign");
    Ok(path.with_file_name(temporary))
}

fn clear(temporary: &Path) -> io::Result<()> {
    let flags = (OFlags::NOFOLLOW | OFlags::NONBLOCK).bits().cast_signed();
    let file = match OpenOptions::new().read(true).custom_flags(flags).open(temporary) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(()),
        // A link, which nobody of ours made.
        Err(error) if error.raw_os_error() == Some(Errno::LOOP.raw_os_error()) => return disk::unlink(temporary),
        other => other?,
    };
    file.lock()?;
    if is_named(&file, temporary)? { disk::unlink(temporary) } else { Ok(()) }
}

/// Whether the name still leads to this file.
fn is_named(file: &File, path: &Path) -> io::Result<bool> {
    let of = |meta: std::fs::Metadata| (meta.dev(), meta.ino());
    match std::fs::symlink_metadata(path) {
        Ok(meta) => Ok(of(meta) == of(file.metadata()?)),
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(false),
        Err(error) => Err(error),
    }
}

#[cfg(test)]
mod tests {
    use super::super::{PRIVATE_FILE, replace};
    use super::*;

    #[test]
    fn what_a_killed_writer_left_is_in_nobodys_way() {
        let dir = tempfile::tempdir().expect("a folder");
        let (path, left) = (dir.path().join("a"), dir.path().join(".a.countersign"));
        clear_temporary(&path).expect("nothing there");
        std::fs::write(&left, "half").expect("written");
        replace(&path, b"whole", PRIVATE_FILE).expect("replaced");
        assert!(!left.exists());
        std::fs::write(&left, "half").expect("written");
        clear_temporary(&path).expect("cleared");
        assert!(!left.exists());
        std::os::unix::fs::symlink(&path, &left).expect("linked");
        replace(&path, b"again", PRIVATE_FILE).expect("replaced");
        assert_eq!(std::fs::read(&path).expect("read"), b"again");
        assert!(std::fs::symlink_metadata(&left).is_err());
    }

    #[test]
    fn two_writers_of_one_file_leave_the_whole_content_of_one() {
        let dir = tempfile::tempdir().expect("a folder");
        let path = dir.path().join("a");
        let contents: Vec<Vec<u8>> = (b'a'..b'e').map(|letter| vec![letter; 100_000]).collect();
        std::thread::scope(|scope| {
            for content in &contents {
                scope.spawn(|| (0..25).for_each(|_| replace(&path, content, PRIVATE_FILE).expect("replaced")));
            }
            for _ in 0..50 {
                clear_temporary(&path).expect("cleared");
                if let Ok(found) = std::fs::read(&path) {
                    assert!(contents.contains(&found), "a mixture of {} bytes", found.len());
                }
            }
        });
        assert_eq!(std::fs::read_dir(dir.path()).expect("listed").count(), 1);
    }
}
