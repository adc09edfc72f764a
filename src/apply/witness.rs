//! What every file that a plan touches looked like when it was planned, so that a foreign change since is noticed.
//!
//! Places hold the secret, which a plain hash would let anybody guess at: each witness has a random key of its own.

use std::collections::BTreeMap;
use std::io;
use std::os::unix::ffi::OsStrExt;
use std::path::{Path, PathBuf};

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use hmac::Mac;
use rand::RngExt;
use serde::{Deserialize, Serialize};
use zeroize::Zeroizing;

use crate::installer::silent::Tree;
use crate::plan::{Plan, Step};
use crate::secret::keyed;

/// The files of a plan as they were. Holds nothing of what stands in them.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Witness {
    /// 32 random bytes, base64.
    key: String,
    /// HMAC-SHA-256 of each file under the key, base64; nothing for one that was not there.
    files: BTreeMap<PathBuf, Option<String>>,
}

impl Witness {
    /// Looks at every file that the plan touches.
    pub fn take(plan: &Plan) -> Self {
        let key = STANDARD.encode(rand::rng().random::<[u8; 32]>());
        let files = touched(plan).into_iter().map(|path| (path.clone(), seen(&key, &path))).collect();
        Self { key, files }
    }

    /// The files that are not as they were.
    pub fn changed(&self) -> Vec<&Path> {
        let differs = |path: &Path, before: &Option<String>| seen(&self.key, path) != *before;
        self.files.iter().filter(|(path, before)| differs(path, before)).map(|(path, _)| path.as_path()).collect()
    }
}

/// Every file and folder that a step makes, changes or moves. What commands write besides is their product's own.
fn touched(plan: &Plan) -> Vec<PathBuf> {
    plan.steps
        .iter()
        .flat_map(|step| match step {
            Step::MakeHome { home, .. } | Step::MakeFolders { home, .. } => vec![home.clone()],
            Step::CreateFile { path, .. }
            | Step::CreatePlace { path, .. }
            | Step::EditFile { path, .. }
            | Step::SetValues { path, .. }
            | Step::MoveAside { path, .. } => vec![path.clone()],
            Step::WriteSecret { spots, .. } => spots.iter().map(|spot| spot.path.clone()).collect(),
            Step::Register { site, .. } => site.files(),
            Step::RunInstaller(run) => silent_files(&run.silent),
            _ => Vec::new(),
        })
        .collect()
}

/// A recorded master silent file with all that it includes.
fn silent_files(master: &Path) -> Vec<PathBuf> {
    let mut files = vec![master.to_path_buf()];
    if let (Ok(tree), Some(folder)) = (Tree::read(master), master.parent()) {
        files.extend(tree.products().map(|(_, name)| folder.join(name)));
    }
    files
}

/// A file under the key: what it is and what stands in it. A link is never followed, and a folder is only there.
fn seen(key: &str, path: &Path) -> Option<String> {
    let (kind, content) = match look(path) {
        Ok(looked) => looked,
        Err(error) if error.kind() == io::ErrorKind::NotFound => return None,
        Err(error) => ("unreadable", Zeroizing::new(error.to_string().into_bytes())),
    };
    let mut mac = keyed(key.as_bytes());
    for part in [path.as_os_str().as_bytes(), kind.as_bytes(), &content] {
        mac.update(&u64::try_from(part.len()).unwrap_or(u64::MAX).to_be_bytes());
        mac.update(part);
    }
    Some(STANDARD.encode(mac.finalize().into_bytes()))
}

fn look(path: &Path) -> io::Result<(&'static str, Zeroizing<Vec<u8>>)> {
    let meta = std::fs::symlink_metadata(path)?;
    Ok(if meta.is_symlink() {
        ("link", Zeroizing::new(std::fs::read_link(path)?.into_os_string().into_encoded_bytes()))
    } else if meta.is_dir() {
        ("folder", Zeroizing::default())
    } else if meta.is_file() {
        ("file", Zeroizing::new(std::fs::read(path)?))
    } else {
        ("other", Zeroizing::default())
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_kind_of_foreign_change_is_noticed_and_nothing_else() {
        let dir = tempfile::tempdir().expect("a folder");
        let at = |name: &str| dir.path().join(name);
        for name in ["edited", "gone", "linked", "same"] {
            std::fs::write(at(name), "one").expect("written");
        }
        let edit = |path| Step::EditFile { path, before: String::new(), after: String::new() };
        let names = ["edited", "gone", "linked", "made", "same", "absent"];
        let plan = Plan { steps: names.map(|name| edit(at(name))).to_vec(), ..Plan::default() };
        let witness = Witness::take(&plan);
        assert_eq!(witness.changed(), [""; 0].map(Path::new));

        std::fs::write(at("edited"), "two").expect("written");
        std::fs::remove_file(at("gone")).expect("removed");
        std::fs::rename(at("linked"), at("elsewhere")).expect("moved");
        std::os::unix::fs::symlink(at("elsewhere"), at("linked")).expect("linked");
        std::fs::write(at("made"), "one").expect("written");
        std::fs::write(at("same"), "one").expect("written again");
        assert_eq!(witness.changed(), ["edited", "gone", "linked", "made"].map(at).each_ref().map(PathBuf::as_path));
    }

    #[test]
    fn what_is_kept_is_no_plain_hash() {
        let dir = tempfile::tempdir().expect("a folder");
        let path = dir.path().join("place");
        std::fs::write(&path, "correct horse").expect("written");
        let plan =
            Plan { steps: vec![Step::CreateFile { path: path.clone(), content: String::new() }], ..Plan::default() };
        let (one, other) = (Witness::take(&plan), Witness::take(&plan));
        assert_ne!(one.files[&path], other.files[&path]);
        let kept: Witness = serde_json::from_str(&serde_json::to_string(&one).expect("JSON")).expect("read back");
        assert!(kept == one && kept.changed().is_empty());
    }
}
