//! What a file is beside its content: mode, owner, access control list, time of its last change.

use std::fs::{File, Permissions};
use std::io;
use std::os::unix::fs::{MetadataExt, PermissionsExt, fchown};
use std::path::Path;
use std::time::{Duration, SystemTime};

use rustix::fs::{XattrFlags, fremovexattr, fsetxattr, lgetxattr};
use rustix::io::Errno;
use serde::{Deserialize, Serialize};

/// Where Linux keeps a file's POSIX access control list.
const ACL: &str = "system.posix_acl_access";
/// No access control list is longer: the most that Linux keeps in one attribute, in bytes.
const LONGEST: usize = 65_536;

/// What a file is beside its content.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Looks {
    /// Permissions.
    pub mode: u32,
    /// Owner.
    pub uid: u32,
    /// Group.
    pub gid: u32,
    /// Last change of the content: seconds since 1970 …
    pub modified: i64,
    /// … and nanoseconds.
    pub nanoseconds: u32,
    /// The POSIX access control list as the kernel has it; `None` when there is none or the file system knows none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub acl: Option<Vec<u8>>,
}

/// How a regular file looks.
///
/// # Errors
/// There is none, or it is a link or anything else: that is never looked through.
pub fn looks(path: &Path) -> io::Result<Looks> {
    let meta = std::fs::symlink_metadata(path)?;
    if !meta.is_file() {
        let what = if meta.is_symlink() { "is a symbolic link" } else { "is no regular file" };
        return Err(io::Error::new(io::ErrorKind::InvalidInput, format!("{what}: refused to write through it")));
    }
    Ok(Looks {
        mode: meta.mode() & 0o7777,
        uid: meta.uid(),
        gid: meta.gid(),
        modified: meta.mtime(),
        nanoseconds: u32::try_from(meta.mtime_nsec()).unwrap_or_default(),
        acl: acl(path)?,
    })
}

/// As [`looks`]; `None` when nothing stands there.
pub(super) fn looks_if_there(path: &Path) -> io::Result<Option<Looks>> {
    match looks(path) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
        other => other.map(Some),
    }
}

impl Looks {
    /// Gives a file owner, mode and access control list.
    pub(super) fn put_on(&self, file: &File) -> io::Result<()> {
        let now = file.metadata()?;
        if (now.uid(), now.gid()) != (self.uid, self.gid) {
            fchown(file, Some(self.uid), Some(self.gid))?;
        }
        // After the owner, since a new owner takes some bits away.
        file.set_permissions(Permissions::from_mode(self.mode))?;
        match &self.acl {
            Some(acl) => fsetxattr(file, ACL, acl, XattrFlags::empty())?,
            // A new file may have got one from its folder.
            None => match fremovexattr(file, ACL) {
                Err(Errno::NODATA | Errno::NOTSUP) => {}
                other => other?,
            },
        }
        Ok(())
    }

    /// Gives a file its time of last change.
    pub(super) fn put_time_on(&self, file: &File) -> io::Result<()> {
        let whole = Duration::from_secs(self.modified.unsigned_abs());
        let since = SystemTime::UNIX_EPOCH;
        let seconds = if self.modified < 0 { since.checked_sub(whole) } else { since.checked_add(whole) };
        let time = seconds.and_then(|time| time.checked_add(Duration::from_nanos(self.nanoseconds.into())));
        file.set_modified(time.ok_or(io::ErrorKind::InvalidInput)?)
    }
}

fn acl(path: &Path) -> io::Result<Option<Vec<u8>>> {
    let mut buffer = vec![0; LONGEST];
    match lgetxattr(path, ACL, &mut buffer[..]) {
        Ok(length) => {
            buffer.truncate(length);
            Ok(Some(buffer))
        }
        Err(Errno::NODATA | Errno::NOTSUP) => Ok(None),
        Err(error) => Err(error.into()),
    }
}
