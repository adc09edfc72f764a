//! The previous secret during its window: sealed below `journal/`, its key with the authority, which destroys it in the
//! act that retires the secret.

use std::io;
use std::path::{Path, PathBuf};

use super::journal::folder;
use crate::fs::{PRIVATE_FILE, replace};
use crate::secret::{SealingKey, Secret};

const FILE: &str = "previous.sealed";

/// Seals the secret that the authority knows under this id. The key is not kept here.
pub fn keep(dir: &Path, id: &str, key: &SealingKey, previous: &Secret) -> io::Result<()> {
    let sealed = key.seal(id, previous.expose().as_bytes()).ok_or_else(|| io::Error::other("it is too long"))?;
    replace(&file(dir), sealed.as_bytes(), PRIVATE_FILE)
}

/// Opens the secret that was kept under this id.
///
/// # Errors
/// Nothing is kept, or it was sealed for another id or under another key.
pub fn open(dir: &Path, id: &str, key: &SealingKey) -> io::Result<Secret> {
    let path = file(dir);
    let fail = |why: String| io::Error::other(format!("{}: {why}", path.display()));
    let sealed = std::fs::read_to_string(&path).map_err(|error| fail(error.to_string()))?;
    let plain = key.open(id, &sealed).ok_or_else(|| fail("it does not hold the previous secret".into()))?;
    Secret::from_bytes(plain.to_vec()).ok_or_else(|| fail("it holds no text".into()))
}

/// Removes what is kept; nothing kept is no failure.
pub fn forget(dir: &Path) -> io::Result<()> {
    crate::fs::shred(&file(dir))
}

fn file(dir: &Path) -> PathBuf {
    folder(dir).join(FILE)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_kept_opens_for_its_own_id_until_it_is_forgotten() {
        let dir = tempfile::tempdir().expect("a folder");
        std::fs::create_dir(folder(dir.path())).expect("made");
        let (key, previous) = (SealingKey::generate(), Secret::new("correct horse".into()));
        keep(dir.path(), "s-1", &key, &previous).expect("kept");
        assert!(open(dir.path(), "s-1", &key).expect("opened").same_as(&previous));
        assert!(open(dir.path(), "s-2", &key).is_err());
        forget(dir.path()).expect("gone");
        forget(dir.path()).expect("gone already");
        assert!(open(dir.path(), "s-1", &key).is_err());
    }
}
