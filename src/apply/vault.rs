//! What an unfinished change needs to be finished or undone and nobody may read: sealed in its journal, under a key
//! beside it (mode 0600) that is overwritten and removed when the change is over.

use std::io;
use std::path::{Path, PathBuf};

use zeroize::Zeroizing;

use crate::fs::{PRIVATE_FILE, create, shred, temporary_of};
use crate::secret::SealingKey;

const EXTENSION: &str = "key";

/// The key of one change.
pub struct Vault {
    change: String,
    key: SealingKey,
}

impl Vault {
    /// Makes the key of a change; it is on disk before anything is sealed under it.
    pub fn create(folder: &Path, change: &str) -> io::Result<Self> {
        let key = SealingKey::generate();
        create(&file(folder, change), key.expose(), PRIVATE_FILE)?;
        Ok(Self { change: change.to_owned(), key })
    }

    /// Reads the key of an unfinished change; `None` when it was destroyed already, or overwritten and not yet removed.
    pub fn open(folder: &Path, change: &str) -> io::Result<Option<Self>> {
        let path = file(folder, change);
        let bytes = match std::fs::read(&path) {
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(None),
            other => Zeroizing::new(other?),
        };
        if bytes.iter().all(|byte| *byte == 0) {
            return Ok(None);
        }
        let key = SealingKey::from_bytes(&bytes)
            .ok_or_else(|| io::Error::new(io::ErrorKind::InvalidData, format!("{} is no key", path.display())))?;
        Ok(Some(Self { change: change.to_owned(), key }))
    }

    /// Seals a value of this change under its name.
    pub fn seal(&self, name: &str, plain: &[u8]) -> io::Result<String> {
        self.key.seal(&self.about(name), plain).ok_or_else(|| io::Error::other("a value is too long to be sealed"))
    }

    /// Opens a value of this change.
    pub fn unseal(&self, name: &str, sealed: &str) -> io::Result<Zeroizing<Vec<u8>>> {
        self.key.open(&self.about(name), sealed).ok_or_else(|| {
            io::Error::new(io::ErrorKind::InvalidData, format!("what the journal keeps of {name} cannot be unsealed"))
        })
    }

    fn about(&self, name: &str) -> String {
        format!("{}\n{name}", self.change)
    }
}

/// Overwrites and removes the key of a change that is over.
pub fn destroy(folder: &Path, change: &str) -> io::Result<()> {
    shred(&file(folder, change))
}

/// Destroys keys that a crash left without an unfinished change, whole or half written.
pub fn destroy_orphans(folder: &Path) {
    for entry in std::fs::read_dir(folder).into_iter().flatten().flatten() {
        let path = entry.path();
        let key = temporary_of(&path).unwrap_or_else(|| path.clone());
        if key.extension().is_some_and(|extension| extension == EXTENSION) {
            // One that cannot be removed now is tried again by the next run.
            let _ = shred(&path);
        }
    }
}

fn file(folder: &Path, change: &str) -> PathBuf {
    folder.join(format!("{change}.{EXTENSION}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_destroyed_key_leaves_nothing_to_open() {
        let dir = tempfile::tempdir().expect("a folder");
        let sealed = Vault::create(dir.path(), "c").expect("made").seal("secret", b"x").expect("sealed");
        let again = Vault::open(dir.path(), "c").expect("read").expect("there");
        assert_eq!(again.unseal("secret", &sealed).expect("opened").as_slice(), b"x");
        assert!(again.unseal("previous", &sealed).is_err());
        let key = std::fs::read(file(dir.path(), "c")).expect("read");
        std::fs::write(file(dir.path(), "c"), vec![0; key.len()]).expect("overwritten");
        assert!(Vault::open(dir.path(), "c").expect("read").is_none());
        destroy_orphans(dir.path());
        assert!(Vault::open(dir.path(), "c").expect("read").is_none());
        assert_eq!(std::fs::read_dir(dir.path()).expect("listed").count(), 0);
    }
}
