//! What stands in a folder before anything is done to it.

use std::io;
use std::path::{Path, PathBuf};

use super::record::{Estate, FILE};
use super::site::PROFILES;
use crate::profile::known;

/// What a folder is to us.
#[derive(Debug)]
pub enum Finding {
    /// Absent, empty, or only with what an earlier, finished run keeps: `lock`, `journal/`, `history.jsonl`,
    /// `schedule/`; or with a site's `profiles/`.
    Empty,
    /// A whole estate.
    Whole(Estate),
    /// Parts of an estate without `estate.toml`, or `estate.toml` without its parts.
    Half(String),
    /// Something that is not ours.
    Foreign(String),
}

/// A folder and what stands in it.
#[derive(Debug)]
pub struct Detected {
    /// The estate's folder, absolute.
    pub dir: PathBuf,
    /// What it is.
    pub finding: Finding,
}

/// What a finished run leaves in a folder that counts as empty. A site's own profiles may stand there too.
pub const KEPT: [&str; 4] = ["lock", "journal", "history.jsonl", "schedule"];

/// Looks at a folder. Nothing is written.
pub fn detect(dir: &Path) -> io::Result<Detected> {
    let dir = std::path::absolute(dir)?;
    let finding = finding(&dir)?;
    Ok(Detected { dir, finding })
}

fn finding(dir: &Path) -> io::Result<Finding> {
    let names: Vec<String> = match std::fs::read_dir(dir) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(Finding::Empty),
        Err(error) if error.kind() == io::ErrorKind::NotADirectory => {
            return Ok(Finding::Foreign("it is a file, not a folder".into()));
        }
        other => other?
            .filter_map(Result::ok)
            .map(|entry| entry.file_name().to_string_lossy().into_owned())
            .filter(|name| !KEPT.contains(&name.as_str()) && name != PROFILES)
            .collect(),
    };
    let homes: Vec<&str> = known().iter().map(|profile| profile.product.home.as_str()).collect();
    let ours: Vec<&String> = names.iter().filter(|name| homes.contains(&name.as_str())).collect();
    match Estate::read(dir) {
        Err(error) if error.kind() == io::ErrorKind::PermissionDenied => Err(error),
        Err(error) => Ok(Finding::Foreign(error.to_string())),
        Ok(Some(estate)) => Ok(match missing_home(dir, &estate) {
            Some(home) => Finding::Half(format!("{FILE} is there but {home}/ is not")),
            None => Finding::Whole(estate),
        }),
        Ok(None) if !ours.is_empty() => Ok(Finding::Half(format!("{}/ is there but {FILE} is not", ours[0]))),
        Ok(None) => Ok(match names.first() {
            Some(name) => Finding::Foreign(format!("it holds {name}, which is not countersign's")),
            None => Finding::Empty,
        }),
    }
}

fn missing_home<'a>(dir: &Path, estate: &Estate) -> Option<&'a str> {
    super::home::products(dir, &estate.components)
        .into_iter()
        .find(|product| !product.home.is_dir())
        .map(|product| product.profile.product.home.as_str())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_folder_is_empty_half_or_foreign_by_what_it_holds() {
        let dir = tempfile::tempdir().expect("a folder");
        let look = || detect(dir.path()).expect("looked").finding;
        assert!(matches!(look(), Finding::Empty));
        std::fs::create_dir(dir.path().join("journal")).expect("made");
        std::fs::write(dir.path().join("history.jsonl"), "").expect("made");
        assert!(matches!(look(), Finding::Empty));
        std::fs::write(dir.path().join("letters.txt"), "").expect("made");
        assert!(matches!(look(), Finding::Foreign(_)));
        std::fs::create_dir(dir.path().join("b2bi")).expect("made");
        assert!(matches!(look(), Finding::Half(_)));
        std::fs::write(dir.path().join(FILE), "format = 7").expect("made");
        assert!(matches!(look(), Finding::Foreign(_)));
    }
}
