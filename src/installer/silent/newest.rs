//! Finding the master file: the installer keeps one folder a run, `<date>_<action>`, below `SilentFile`.

use std::path::{Path, PathBuf};

use super::error::{At, Rule, SilentError};
use super::file::INCLUDE;

/// The master file that a path leads to: the file itself, the one of a run's folder, or the one of the newest run below a
/// folder. Only runs of these actions count.
pub fn newest(path: &Path, actions: &[String]) -> Result<PathBuf, SilentError> {
    if !path.is_dir() {
        return Ok(path.to_path_buf());
    }
    if silent_files(path)?.is_empty() {
        let run = runs(path, actions)?.into_iter().max();
        let none = || SilentError::new(At::start_of(path), Rule::NoRun(actions.join(", ")));
        return master_of(&run.ok_or_else(none)?.1);
    }
    master_of(path)
}

/// The one file of a run's folder that includes the others.
pub fn master_of(folder: &Path) -> Result<PathBuf, SilentError> {
    let mut files = silent_files(folder)?;
    if files.len() > 1 {
        files.retain(|file| includes(file));
    }
    match files.as_slice() {
        [one] => Ok(one.clone()),
        several => Err(SilentError::new(At::start_of(folder), Rule::NoMaster(several.len()))),
    }
}

/// Folders `<year>_<month>_<day>_<hour>_<minute>_<second>_<action>`, by their time.
fn runs(folder: &Path, actions: &[String]) -> Result<Vec<(Vec<u64>, PathBuf)>, SilentError> {
    Ok(entries(folder)?
        .into_iter()
        .filter_map(|path| {
            let name = path.file_name()?.to_str()?;
            let mut parts = name.splitn(7, '_');
            let time: Option<Vec<u64>> = parts.by_ref().take(6).map(|part| part.parse().ok()).collect();
            let action = parts.next()?;
            let counts = path.is_dir() && actions.iter().any(|known| known.eq_ignore_ascii_case(action));
            counts.then_some((time?, path))
        })
        .collect())
}

fn silent_files(folder: &Path) -> Result<Vec<PathBuf>, SilentError> {
    let is_silent = |path: &PathBuf| path.extension().is_some_and(|end| end == "properties") && path.is_file();
    Ok(entries(folder)?.into_iter().filter(is_silent).collect())
}

/// Whether a file has a line that includes another one. One that cannot be read is told of when it is included.
fn includes(file: &Path) -> bool {
    std::fs::read(file).is_ok_and(|text| {
        text.split(|byte| *byte == b'\n').any(|line| line.trim_ascii_start().starts_with(INCLUDE.as_bytes()))
    })
}

fn entries(folder: &Path) -> Result<Vec<PathBuf>, SilentError> {
    let unreadable = |error: std::io::Error| SilentError::new(At::start_of(folder), Rule::unreadable(&error));
    let mut found = Vec::new();
    for entry in std::fs::read_dir(folder).map_err(unreadable)? {
        found.push(entry.map_err(unreadable)?.path());
    }
    found.sort();
    Ok(found)
}
