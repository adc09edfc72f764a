//! What the files in a group's folder tell of each repository: the vendor's keystores are judged by their names alone,
//! since only the gateway knows their passwords.

use std::collections::BTreeMap;
use std::io;
use std::path::Path;
use std::time::SystemTime;

/// How the name of every keystore begins.
const BEGINNING: &str = "keystore_";
/// A keystore's ending.
const KEYSTORE: &str = ".jks";
/// The temporaries', behind the whole name; an older manual leaves the keystore's ending out.
const TEMPORARIES: [&str; 3] = [".csrid", ".key", ".pub"];

/// The files of one repository.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct Files {
    /// When the keystore was written, if there is one.
    pub keystore: Option<SystemTime>,
    /// The names of temporaries.
    pub temporaries: Vec<String>,
    /// A file with the keystore's name and no ending.
    pub bare: Option<String>,
}

/// What they come to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Standing {
    /// A keystore alone.
    Registered,
    /// Temporaries without a keystore.
    Unfinished,
    /// Files that belong to no registration any more.
    LeftOver,
}

impl Files {
    /// What they come to.
    pub fn standing(&self) -> Standing {
        match (self.keystore, self.temporaries.is_empty(), self.bare.is_some()) {
            (Some(_), true, false) => Standing::Registered,
            (None, false, _) => Standing::Unfinished,
            _ => Standing::LeftOver,
        }
    }

    /// Every file that is no keystore.
    pub fn others(&self) -> String {
        let names: Vec<&str> = self.temporaries.iter().chain(&self.bare).map(String::as_str).collect();
        names.join(", ")
    }
}

/// The repositories that have files in a folder, by the keystore's name without its ending.
///
/// # Errors
/// The folder cannot be read.
pub fn read(conf: &Path) -> io::Result<BTreeMap<String, Files>> {
    let mut all: BTreeMap<String, Files> = BTreeMap::new();
    for entry in std::fs::read_dir(conf)?.filter_map(Result::ok) {
        let name = entry.file_name().to_string_lossy().into_owned();
        let Some((stem, ending)) = split(&name) else { continue };
        let Ok(meta) = entry.metadata() else { continue };
        if !meta.is_file() {
            continue;
        }
        let files = all.entry(stem.to_owned()).or_default();
        match ending {
            KEYSTORE => files.keystore = meta.modified().ok(),
            "" => files.bare = Some(name),
            _ => files.temporaries.push(name),
        }
    }
    for files in all.values_mut() {
        files.temporaries.sort();
    }
    Ok(all)
}

/// Whether a folder holds a CSD, whatever the repository calls it.
pub fn has_csd(conf: &Path) -> bool {
    let names = std::fs::read_dir(conf).into_iter().flatten().flatten().map(|entry| entry.file_name());
    names
        .map(|name| name.to_string_lossy().to_lowercase())
        .any(|name| name.strip_suffix(".xml").is_some_and(|stem| stem.contains("csd")))
}

/// The keystore's name without its ending, and what is behind it.
fn split(name: &str) -> Option<(&str, &str)> {
    let temporary = TEMPORARIES.iter().find_map(|ending| Some((name.strip_suffix(ending)?, *ending)));
    let (rest, ending) = temporary.unwrap_or((name, ""));
    let (stem, ending) = match (rest.strip_suffix(KEYSTORE), ending) {
        (Some(stem), "") => (stem, KEYSTORE),
        (Some(stem), ending) => (stem, ending),
        (None, ending) => (rest, ending),
    };
    let (_, port) = stem.strip_prefix(BEGINNING)?.rsplit_once('_')?;
    port.parse::<u16>().is_ok().then_some((stem, ending))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_files_of_a_repository_are_told_by_their_names() {
        let stem = "keystore_PassPort___local_passport_host_6666";
        for (name, ending) in [
            (".jks", Some(".jks")),
            (".jks.csrid", Some(".csrid")),
            (".key", Some(".key")),
            (".jks.pub", Some(".pub")),
            ("", Some("")),
            (".jks.bak", None),
            (".jks.pass", None),
        ] {
            assert_eq!(split(&format!("{stem}{name}")), ending.map(|ending| (stem, ending)), "{name}");
        }
        assert_eq!(split("csd.xml"), None);
        assert_eq!(split("keystore_of_somebody.jks"), None);
    }

    #[test]
    fn a_keystore_alone_is_registered_and_temporaries_beside_it_are_left_over() {
        let dir = tempfile::tempdir().expect("a folder");
        let standing = |names: &[&str]| {
            for entry in std::fs::read_dir(dir.path()).expect("listed") {
                std::fs::remove_file(entry.expect("a file").path()).expect("removed");
            }
            for name in names {
                std::fs::write(dir.path().join(format!("keystore_a_b_6666{name}")), "").expect("written");
            }
            read(dir.path()).expect("read").into_values().map(|files| files.standing()).next()
        };
        assert_eq!(standing(&[]), None);
        assert_eq!(standing(&[".jks"]), Some(Standing::Registered));
        assert_eq!(standing(&[".jks.csrid", ".jks.key"]), Some(Standing::Unfinished));
        assert_eq!(standing(&[".jks", ".pub"]), Some(Standing::LeftOver));
        assert_eq!(standing(&[""]), Some(Standing::LeftOver));
    }
}
