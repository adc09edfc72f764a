//! The files that a log's pattern names.

use std::io;
use std::os::unix::ffi::OsStrExt;
use std::path::{Path, PathBuf};

/// The files there are, the newest last. `*` in the last part stands for any text; a name without it is that file.
///
/// # Errors
/// The folder cannot be read; one that is not there has no files.
pub(crate) fn files(pattern: &Path) -> io::Result<Vec<PathBuf>> {
    let name = pattern.file_name().unwrap_or_default().as_bytes();
    if !name.contains(&b'*') {
        return Ok(if pattern.is_file() { vec![pattern.to_owned()] } else { Vec::new() });
    }
    let entries = match std::fs::read_dir(folder(pattern)) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(Vec::new()),
        entries => entries?,
    };
    let mut files = Vec::new();
    for entry in entries {
        let path = entry?.path();
        let fits = path.file_name().is_some_and(|file| fits(name, file.as_bytes()));
        // One that goes away meanwhile is none.
        if let Some(meta) = fits.then(|| path.metadata().ok()).flatten().filter(std::fs::Metadata::is_file) {
            files.push((meta.modified()?, path));
        }
    }
    files.sort();
    Ok(files.into_iter().map(|(_, path)| path).collect())
}

/// The folder in which they are.
pub(super) fn folder(pattern: &Path) -> &Path {
    pattern.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."))
}

/// Whether a file's name fits a pattern, in which `*` stands for any text.
pub(crate) fn fits(pattern: &[u8], name: &[u8]) -> bool {
    let mut parts = pattern.split(|byte| *byte == b'*');
    let first = parts.next().unwrap_or_default();
    let Some(mut rest) = name.strip_prefix(first) else { return false };
    let mut parts: Vec<&[u8]> = parts.collect();
    let Some(last) = parts.pop() else { return rest.is_empty() };
    for part in parts {
        let Some(at) = (0..=rest.len()).find(|at| rest[*at..].starts_with(part)) else { return false };
        rest = &rest[at + part.len()..];
    }
    rest.ends_with(last)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_star_stands_for_any_text() {
        for (pattern, name, expected) in [
            ("te.log", "te.log", true),
            ("te.log", "te.log.1", false),
            ("te*.log", "te.log", true),
            ("te*.log", "te-host-1.log", true),
            ("te*.log", "ie-host-1.log", false),
            ("*", "anything", true),
            ("a*b*a", "aba", true),
            ("a*b*a", "aa", false),
            ("a*a", "a", false),
            ("*.log*", "x.log.3", true),
        ] {
            assert_eq!(fits(pattern.as_bytes(), name.as_bytes()), expected, "{pattern} {name}");
        }
    }

    #[test]
    fn the_newest_file_comes_last_and_folders_do_not_count() {
        let dir = tempfile::tempdir().expect("a folder");
        let now = std::time::SystemTime::now();
        for (name, age) in [("te-1.log", 10), ("te-2.log", 30), ("te-3.log", 20)] {
            let file = std::fs::File::create(dir.path().join(name)).expect("made");
            file.set_modified(now - std::time::Duration::from_secs(age)).expect("set");
        }
        std::fs::create_dir(dir.path().join("te-4.log")).expect("made");
        let found = files(&dir.path().join("te-*.log")).expect("listed");
        assert_eq!(found, ["te-2.log", "te-3.log", "te-1.log"].map(|name| dir.path().join(name)));
        assert!(files(&dir.path().join("none/te-*.log")).expect("listed").is_empty());
    }
}
