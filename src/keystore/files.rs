//! A component's keystore on disk: `<name>.jks` or `<name>.p12`, and its password in the same name with `.pass`, both
//! 0600.

use std::fs::File;
use std::io::{self, Read};
use std::path::{Path, PathBuf};

use zeroize::Zeroizing;

use super::format::{kind_of, read, write_entries};
use super::{Contents, KeyEntry, KeystoreError};
use crate::fs::{self, PRIVATE_FILE};
use crate::secret::{Secret, Source, SourceError, check_private_file};

/// No keystore of ours or of a product is near this size, in bytes.
const LARGEST: u64 = 16 * 1024 * 1024;

/// Where the password of the keystore at `path` lies: the same name with `.pass` after it.
pub fn password_file(path: &Path) -> PathBuf {
    let mut name = path.as_os_str().to_owned();
    name.push(".pass");
    name.into()
}

/// Opens a keystore with the password that lies beside it; `None` when there is none.
///
/// Its kind is told by its content, as Java tells it, whatever its name is.
/// The password file must be ours or root's and closed to others.
pub fn open(path: &Path) -> Result<Option<Contents>, KeystoreError> {
    open_here(path).map_err(|error| error.at(path))
}

/// Writes one key into a new keystore, and the password beside it, and opens both again before it returns.
///
/// Its kind follows from its name: PKCS#12 for `.p12`, else JKS.
/// The password is on disk before the keystore is, so a keystore that is there can be opened. One that stands there
/// already is replaced only when it has the same password; with another password it is refused, since between the two
/// writes no password would open it. When the writing fails, what was new is removed again.
pub fn store(path: &Path, entry: &KeyEntry, password: &Secret) -> Result<(), KeystoreError> {
    store_here(path, entry, password).map_err(|error| error.at(path))
}

fn open_here(path: &Path) -> Result<Option<Contents>, KeystoreError> {
    let Some(bytes) = read_file(path)? else { return Ok(None) };
    let password = read_password(path)?;
    read(&bytes, &password).map(Some)
}

fn store_here(path: &Path, entry: &KeyEntry, password: &Secret) -> Result<(), KeystoreError> {
    let bytes = write_entries(std::slice::from_ref(entry), &[], kind_of(path), password)?;
    if std::fs::symlink_metadata(path).is_ok() {
        return replace(path, entry, password, &bytes);
    }
    let written = create(path, password, &bytes).and_then(|()| check(path, entry));
    if written.is_err() {
        let _ = fs::remove_file(path);
        let _ = fs::shred(&password_file(path));
    }
    written
}

fn create(path: &Path, password: &Secret, keystore: &[u8]) -> Result<(), KeystoreError> {
    let beside = password_file(path);
    // One left by an interrupted registration; without a keystore it opens nothing.
    fs::remove_file(&beside)?;
    let mut line = Zeroizing::new(Vec::with_capacity(password.expose().len() + 1));
    line.extend(password.expose().as_bytes());
    line.push(b'\n');
    fs::create(&beside, &line, PRIVATE_FILE).map_err(|error| KeystoreError::from(error).at(&beside))?;
    Ok(fs::create(path, keystore, PRIVATE_FILE)?)
}

fn replace(path: &Path, entry: &KeyEntry, password: &Secret, keystore: &[u8]) -> Result<(), KeystoreError> {
    if !read_password(path)?.same_as(password) {
        return Err(KeystoreError::InTheWay);
    }
    // A replaced file keeps its mode.
    check_private_file(path)?;
    fs::replace(path, keystore, PRIVATE_FILE)?;
    check(path, entry)
}

/// Whether the keystore, opened as every later run will open it, holds this entry and nothing else.
fn check(path: &Path, entry: &KeyEntry) -> Result<(), KeystoreError> {
    let contents = open_here(path)?.ok_or(KeystoreError::NotKept)?;
    let same = |found: &KeyEntry| {
        found.alias == entry.alias.to_lowercase()
            && found.created.as_millisecond() == entry.created.as_millisecond()
            && found.key == entry.key
            && found.chain == entry.chain
    };
    match contents.keys.as_slice() {
        [only] if contents.trusted.is_empty() && same(only) => Ok(()),
        _ => Err(KeystoreError::NotKept),
    }
}

fn read_password(path: &Path) -> Result<Secret, KeystoreError> {
    let beside = password_file(path);
    match Source::File(beside.clone()).read() {
        Err(SourceError::Unreadable { error, .. }) if error.kind() == io::ErrorKind::NotFound => {
            Err(KeystoreError::NoPassword(beside))
        }
        other => Ok(other?),
    }
}

fn read_file(path: &Path) -> Result<Option<Vec<u8>>, KeystoreError> {
    let file = match File::open(path) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(None),
        other => other?,
    };
    let mut bytes = Vec::new();
    file.take(LARGEST + 1).read_to_end(&mut bytes)?;
    if bytes.len() as u64 > LARGEST { Err(KeystoreError::Damaged("it is larger than 16 MiB")) } else { Ok(Some(bytes)) }
}

#[cfg(test)]
mod tests {
    use std::fs::Permissions;
    use std::os::unix::fs::PermissionsExt;

    use super::*;
    use crate::keystore::sample::{failure, key_entry};

    fn place() -> (tempfile::TempDir, PathBuf) {
        let dir = tempfile::tempdir().expect("a folder");
        let path = dir.path().join("keystore_integrator_localhost_6666.jks");
        (dir, path)
    }

    fn password(text: &str) -> Secret {
        Secret::new(text.into())
    }

    fn mode(path: &Path) -> u32 {
        std::fs::metadata(path).expect("there").permissions().mode() & 0o777
    }

    #[test]
    fn what_is_stored_opens_again_and_is_closed_to_others() {
        let (_dir, path) = place();
        assert!(open(&path).expect("readable").is_none());
        let entry = key_entry("Integrator");
        store(&path, &entry, &password("pässwörd ")).expect("stored");
        let contents = open(&path).expect("readable").expect("there");
        assert_eq!(contents.keys[0].alias, "integrator");
        assert_eq!(contents.keys[0].key, entry.key);
        assert_eq!((mode(&path), mode(&password_file(&path))), (0o600, 0o600));
    }

    #[test]
    fn a_name_says_which_kind_is_stored_and_the_content_which_is_opened() {
        let (dir, jks) = place();
        let p12 = dir.path().join("keystore_integrator_localhost_6666.p12");
        let entry = key_entry("integrator");
        store(&p12, &entry, &password("changeit")).expect("stored");
        assert_eq!(std::fs::read(&p12).expect("there")[0], 0x30);
        assert_eq!((mode(&p12), mode(&password_file(&p12))), (0o600, 0o600));
        std::fs::rename(&p12, &jks).expect("moved");
        std::fs::rename(password_file(&p12), password_file(&jks)).expect("moved");
        assert_eq!(open(&jks).expect("readable").expect("there").keys[0].key, entry.key);
        assert!(matches!(failure(store(&p12, &entry, &password("ä"))).kind(), KeystoreError::PasswordNotAscii));
        assert!(!p12.exists() && !password_file(&p12).exists());
    }

    #[test]
    fn a_password_left_behind_is_replaced_whatever_its_mode() {
        let (_dir, path) = place();
        std::fs::write(password_file(&path), "old\n").expect("written");
        store(&path, &key_entry("a"), &password("changeit")).expect("stored");
        assert_eq!(mode(&password_file(&path)), 0o600);
    }

    #[test]
    fn a_standing_keystore_is_replaced_under_its_password_only() {
        let (_dir, path) = place();
        store(&path, &key_entry("a"), &password("changeit")).expect("stored");
        store(&path, &key_entry("b"), &password("changeit")).expect("replaced");
        let refused = store(&path, &key_entry("c"), &password("another"));
        assert!(matches!(failure(refused).kind(), KeystoreError::InTheWay));
        assert_eq!(open(&path).expect("readable").expect("there").keys[0].alias, "b");
    }

    #[test]
    fn a_password_that_cannot_stand_in_a_line_leaves_nothing_behind() {
        let (dir, path) = place();
        assert!(store(&path, &key_entry("a"), &password("two\nlines")).is_err());
        assert!(store(&path, &key_entry("a"), &password("")).is_err());
        assert_eq!(std::fs::read_dir(dir.path()).expect("listed").count(), 0);
    }

    #[test]
    fn each_failure_names_the_file_and_what_to_do() {
        let (_dir, path) = place();
        let beside = password_file(&path);
        store(&path, &key_entry("a"), &password("changeit")).expect("stored");
        std::fs::set_permissions(&beside, Permissions::from_mode(0o644)).expect("mode");
        assert!(failure(open(&path)).to_string().contains("chmod 600"));
        std::fs::set_permissions(&beside, Permissions::from_mode(0o600)).expect("mode");
        std::fs::write(&beside, "wrong\n").expect("written");
        let wrong = failure(open(&path));
        assert!(matches!(wrong.kind(), KeystoreError::WrongPassword));
        assert!(wrong.to_string().starts_with(&path.display().to_string()));
        std::fs::write(&path, b"\xFE\xED\xFE\xED").expect("written");
        assert!(matches!(failure(open(&path)).kind(), KeystoreError::Damaged(_)));
        std::fs::remove_file(&beside).expect("removed");
        assert!(matches!(failure(open(&path)).kind(), KeystoreError::NoPassword(_)));
    }
}
