//! Single steps on the disk, each of which may fail, be the last one, or be lost with the power. Nothing here is durable
//! by itself: a file is on disk after its `sync`, a name after the `sync_folder` of its folder.

use std::fs::{DirBuilder, File, OpenOptions};
use std::io::{self, Write};
use std::os::unix::fs::{DirBuilderExt, OpenOptionsExt};
use std::path::Path;

use base64::{Engine, engine::general_purpose::STANDARD};
use serde::{Serialize, Serializer};

use super::faults::{room, step};
use super::{PRIVATE_FILE, PRIVATE_FOLDER};

/// A step, as the recorded trace of a debug build has it.
#[derive(Debug, Clone, Copy, Serialize)]
#[serde(tag = "op", rename_all = "kebab-case")]
pub enum Step<'a> {
    /// A new, empty file.
    Create { path: &'a Path },
    /// Bytes behind the end of a file.
    Write {
        path: &'a Path,
        #[serde(serialize_with = "base64")]
        content: &'a [u8],
    },
    /// Bytes over the beginning of a file.
    Overwrite {
        path: &'a Path,
        #[serde(serialize_with = "base64")]
        content: &'a [u8],
    },
    /// A file cut to this length.
    Truncate { path: &'a Path, length: u64 },
    /// A file's content and looks, waited for.
    Sync { path: &'a Path },
    /// A second name.
    Link { path: &'a Path, to: &'a Path },
    /// Another name, which may replace a file.
    Rename { path: &'a Path, to: &'a Path },
    /// A file's name removed.
    Unlink { path: &'a Path },
    /// A new folder.
    MakeFolder { path: &'a Path },
    /// A folder removed with all in it.
    RemoveFolder { path: &'a Path },
    /// The names in a folder, waited for.
    SyncFolder { path: &'a Path },
}

impl Step<'_> {
    /// Its name in labels: `fs rename`.
    #[cfg(debug_assertions)]
    pub fn label(&self) -> &'static str {
        match self {
            Self::Create { .. } => "fs create",
            Self::Write { .. } => "fs write",
            Self::Overwrite { .. } => "fs overwrite",
            Self::Truncate { .. } => "fs truncate",
            Self::Sync { .. } => "fs sync",
            Self::Link { .. } => "fs link",
            Self::Rename { .. } => "fs rename",
            Self::Unlink { .. } => "fs unlink",
            Self::MakeFolder { .. } => "fs make folder",
            Self::RemoveFolder { .. } => "fs remove folder",
            Self::SyncFolder { .. } => "fs sync folder",
        }
    }
}

fn base64<S: Serializer>(content: &[u8], serializer: S) -> Result<S::Ok, S::Error> {
    serializer.serialize_str(&STANDARD.encode(content))
}

/// Makes a file that must not exist, mode 0600.
pub fn create(path: &Path) -> io::Result<File> {
    step(Step::Create { path }, || OpenOptions::new().write(true).create_new(true).mode(PRIVATE_FILE).open(path))
}

pub fn write(file: &File, path: &Path, content: &[u8]) -> io::Result<()> {
    step(Step::Write { path, content }, || put(file, content))
}

pub fn overwrite(file: &File, path: &Path, content: &[u8]) -> io::Result<()> {
    step(Step::Overwrite { path, content }, || put(file, content))
}

fn put(mut file: &File, content: &[u8]) -> io::Result<()> {
    let room = room(content.len());
    file.write_all(&content[..room])?;
    if room < content.len() { Err(io::ErrorKind::StorageFull.into()) } else { Ok(()) }
}

pub fn truncate(file: &File, path: &Path, length: u64) -> io::Result<()> {
    step(Step::Truncate { path, length }, || file.set_len(length))
}

pub fn sync(file: &File, path: &Path) -> io::Result<()> {
    step(Step::Sync { path }, || file.sync_all())
}

pub fn link(path: &Path, to: &Path) -> io::Result<()> {
    step(Step::Link { path, to }, || std::fs::hard_link(path, to))
}

pub fn rename(path: &Path, to: &Path) -> io::Result<()> {
    step(Step::Rename { path, to }, || std::fs::rename(path, to))
}

/// As [`rename`], in one that refuses a name which is taken.
pub fn rename_to_free(path: &Path, to: &Path) -> io::Result<()> {
    use rustix::fs::{CWD, RenameFlags, renameat_with};
    step(Step::Rename { path, to }, || Ok(renameat_with(CWD, path, CWD, to, RenameFlags::NOREPLACE)?))
}

pub fn unlink(path: &Path) -> io::Result<()> {
    step(Step::Unlink { path }, || std::fs::remove_file(path))
}

/// Makes a folder that must not exist, mode 0700.
pub fn make_folder(path: &Path) -> io::Result<()> {
    step(Step::MakeFolder { path }, || DirBuilder::new().mode(PRIVATE_FOLDER).create(path))
}

pub fn remove_folder(path: &Path) -> io::Result<()> {
    step(Step::RemoveFolder { path }, || std::fs::remove_dir_all(path))
}

pub fn remove_empty_folder(path: &Path) -> io::Result<()> {
    step(Step::RemoveFolder { path }, || std::fs::remove_dir(path))
}

/// Waits until the names in the folder of a path are on disk.
pub fn sync_folder_of(path: &Path) -> io::Result<()> {
    let folder = folder_of(path);
    step(Step::SyncFolder { path: folder }, || File::open(folder)?.sync_all())
}

/// The folder in which a name stands.
pub fn folder_of(path: &Path) -> &Path {
    match path.parent() {
        Some(parent) if !parent.as_os_str().is_empty() => parent,
        _ => Path::new("."),
    }
}
