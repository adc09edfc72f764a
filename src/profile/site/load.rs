//! An estate's own profiles are read from its folder.

use std::ffi::OsStr;
use std::fs::File;
use std::io::{self, Read};
use std::path::{Path, PathBuf};

use super::together;
use crate::profile::Profile;
use crate::profile::read::{product_id, whole};
use crate::tree::{Collector, Problems};

/// The folder of an estate that holds its own profiles.
pub const FOLDER: &str = "profiles";

/// No profile is longer than this, in bytes.
const MAX_LENGTH: u64 = 1 << 20;

/// What becomes of a variable that has no value.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Missing {
    /// The profile is refused.
    Refused,
    /// It stands in braces still: somebody will be asked for it.
    LeftOpen,
}

/// The profiles that a site wrote for its estate, each with its base and values filled in; `None` when it wrote none.
///
/// # Errors
/// Every mistake of every file, and what the files together must not be: products with different secrets, a product
/// without one, the same product or component twice.
pub fn load(estate: &Path, missing: Missing) -> Result<Option<Vec<Profile>>, Problems> {
    let read = whole_profiles(&texts(estate)?, missing)?;
    Ok((!read.is_empty()).then(|| read.into_iter().map(|(_, profile)| profile).collect()))
}

/// As [`load`], each with its file; none where the site wrote none.
pub fn load_files(estate: &Path) -> Result<Vec<(PathBuf, Profile)>, Problems> {
    whole_profiles(&texts(estate)?, Missing::Refused)
}

/// The files that a site wrote for its estate, in the order of their names; none where it wrote none.
///
/// # Errors
/// Every file that cannot be read.
pub fn texts(estate: &Path) -> Result<Vec<(PathBuf, String)>, Problems> {
    let folder = estate.join(FOLDER);
    let files = match files(&folder) {
        Ok(files) => files,
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(Vec::new()),
        Err(error) => return Err(refuse(&folder, format!("cannot be read: {error}"))),
    };
    let mut problems = Vec::new();
    let mut texts = Vec::new();
    for path in files {
        match text(&path) {
            Ok(text) => texts.push((path, text)),
            Err(Problems(found)) => problems.extend(found),
        }
    }
    if problems.is_empty() { Ok(texts) } else { Err(Problems(problems)) }
}

/// The profiles that these files of one estate stand for.
///
/// # Errors
/// As [`load`].
pub fn whole_profiles(texts: &[(PathBuf, String)], missing: Missing) -> Result<Vec<(PathBuf, Profile)>, Problems> {
    let products: Vec<String> = texts.iter().filter_map(|(_, text)| product_id(text)).collect();
    let mut problems = Vec::new();
    let mut read = Vec::new();
    for (path, text) in texts {
        match whole(text, &path.display().to_string(), &products, missing) {
            Ok(profile) => read.push((path.clone(), profile)),
            Err(Problems(found)) => problems.extend(found),
        }
    }
    problems.extend(together::check(&read));
    if problems.is_empty() { Ok(read) } else { Err(Problems(problems)) }
}

/// A profile's text.
///
/// # Errors
/// It cannot be read, is no text, or is longer than any profile.
pub fn text(path: &Path) -> Result<String, Problems> {
    let mut bytes = Vec::new();
    File::open(path)
        .and_then(|file| file.take(MAX_LENGTH + 1).read_to_end(&mut bytes))
        .map_err(|error| refuse(path, format!("cannot be read: {error}")))?;
    if bytes.len() as u64 > MAX_LENGTH {
        return Err(refuse(path, "cannot be read: it is longer than 1 MiB".into()));
    }
    String::from_utf8(bytes).map_err(|_| refuse(path, "is not UTF-8 text".into()))
}

fn files(folder: &Path) -> io::Result<Vec<PathBuf>> {
    let mut files = Vec::new();
    for entry in std::fs::read_dir(folder)? {
        let path = entry?.path();
        let hidden = path.file_name().is_some_and(|name| name.as_encoded_bytes().starts_with(b"."));
        if path.extension() == Some(OsStr::new("toml")) && !hidden {
            files.push(path);
        }
    }
    files.sort();
    Ok(files)
}

fn refuse(path: &Path, rule: String) -> Problems {
    let mut problems = Collector::new(&path.display().to_string());
    problems.note(None, "", rule);
    problems.finish()
}
