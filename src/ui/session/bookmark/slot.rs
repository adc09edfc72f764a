//! The file in which a bookmark is kept: in the user's own state folder, never in the estate.

use std::io::{self, Read};
use std::os::unix::ffi::OsStrExt;
use std::path::{Path, PathBuf};

use sha2::{Digest, Sha256};

use super::Bookmark;
use crate::fs::{PRIVATE_FILE, create_folders, remove_file, replace};
use crate::secret::check_private_file;
use crate::ui::words::bookmark as word;

/// No bookmark is longer than this, in bytes.
const MAX_LENGTH: u64 = 1 << 20;

/// Where the bookmark of one estate is kept.
#[derive(Debug, Clone)]
pub struct Slot {
    file: PathBuf,
    estate: String,
}

impl Slot {
    /// The one of the estate in this folder; `None` where the user has no folder for such things, or where that is in the
    /// estate.
    pub fn of(estate: &Path) -> Option<Self> {
        Self::below(&state_folder()?, estate)
    }

    fn below(folder: &Path, estate: &Path) -> Option<Self> {
        let estate = std::path::absolute(estate).ok()?;
        let folder = folder.join("countersign");
        let name: String = Sha256::digest(estate.as_os_str().as_bytes())[..16]
            .iter()
            .map(|byte| format!("{byte:02x}"))
            .chain([".json".to_owned()])
            .collect();
        (!folder.starts_with(&estate))
            .then(|| Self { file: folder.join(name), estate: estate.to_string_lossy().into_owned() })
    }

    /// What is kept there. The error is one line for people: it is there, and cannot be used.
    pub fn look(&self) -> Result<Option<Bookmark>, String> {
        if !self.file.exists() {
            return Ok(None);
        }
        check_private_file(&self.file).map_err(|error| word::ignored(&error.to_string()))?;
        let text = self.read().map_err(|error| word::ignored(&format!("{}: {error}", self.file.display())))?;
        let read = Bookmark::read(&text, &self.estate);
        read.map(Some).map_err(|why| word::ignored(&format!("{} {why}", self.file.display())))
    }

    /// Keeps a bookmark there.
    pub fn keep(&self, bookmark: &Bookmark) -> io::Result<()> {
        let kept = Bookmark { estate: self.estate.clone(), ..bookmark.clone() };
        let text = serde_json::to_string_pretty(&kept)?;
        create_folders(self.file.parent().unwrap_or(&self.file))?;
        replace(&self.file, text.as_bytes(), PRIVATE_FILE)
    }

    /// Nobody needs it any more.
    pub fn forget(&self) {
        // One that stays is offered again, and says when it was left.
        let _ = remove_file(&self.file);
    }

    fn read(&self) -> io::Result<String> {
        let mut text = String::new();
        std::fs::File::open(&self.file)?.take(MAX_LENGTH).read_to_string(&mut text)?;
        Ok(text)
    }
}

/// `XDG_STATE_HOME`, which counts only when it is absolute, else `~/.local/state`.
fn state_folder() -> Option<PathBuf> {
    let absolute = |name: &str| std::env::var_os(name).map(PathBuf::from).filter(|path| path.is_absolute());
    absolute("XDG_STATE_HOME").or_else(|| absolute("HOME").map(|home| home.join(".local/state")))
}

#[cfg(test)]
mod tests {
    use std::os::unix::fs::PermissionsExt;

    use super::*;
    use crate::wizard::{Answers, Origin};

    fn bookmark() -> Bookmark {
        let mut answers = Answers::default();
        answers.set("authority.host", "alpha".into(), Origin::Typed).expect("a host");
        Bookmark::of(&answers, "authority", "secret").expect("something was typed")
    }

    #[test]
    fn it_is_kept_closed_to_others_one_for_each_estate_and_never_in_it() {
        let home = tempfile::tempdir().expect("a folder");
        let slot = Slot::below(home.path(), Path::new("/srv/estate")).expect("a slot");
        assert_eq!(slot.look(), Ok(None));
        slot.keep(&bookmark()).expect("kept");
        let mode = |path: &Path| std::fs::metadata(path).expect("it is there").permissions().mode() & 0o777;
        assert_eq!((mode(&slot.file), mode(&home.path().join("countersign"))), (0o600, 0o700));
        let kept = slot.look().expect("usable").expect("there");
        assert_eq!((kept.page.as_str(), kept.furthest.as_str()), ("authority", "secret"));
        let other = Slot::below(home.path(), Path::new("/srv/other")).expect("a slot");
        assert_eq!(other.look(), Ok(None));
        assert!(Slot::below(home.path(), home.path()).is_none());
        slot.forget();
        assert_eq!(slot.look(), Ok(None));
    }

    #[test]
    fn one_that_cannot_be_used_is_told_in_one_line_and_never_shown() {
        let home = tempfile::tempdir().expect("a folder");
        let slot = Slot::below(home.path(), Path::new("/srv/estate")).expect("a slot");
        slot.keep(&bookmark()).expect("kept");
        let good = std::fs::read_to_string(&slot.file).expect("read");
        for (from, to) in [
            ("{", "hunter2"),
            ("\"format\": 1", "\"format\": 2"),
            ("\"format\": 1", "\"format\": 1, \"hunter2\": 1"),
            (concat!("\"version\": \"", env!("CARGO_PKG_VERSION")), "\"version\": \"99"),
            ("/srv/estate", "/srv/hunter2"),
            ("\"page\": \"authority\"", "\"page\": \"hunter2\""),
            ("authority.host", "authority.hunter2"),
        ] {
            assert!(good.contains(from), "{from}");
            std::fs::write(&slot.file, good.replacen(from, to, 1)).expect("written");
            let told = slot.look().expect_err(to);
            assert!(told.lines().count() == 1 && !told.contains("hunter2"), "{told}");
        }
        std::fs::write(&slot.file, &good).expect("written");
        std::fs::set_permissions(&slot.file, std::fs::Permissions::from_mode(0o644)).expect("opened");
        assert!(slot.look().expect_err("open to others").contains("chmod 600"));
    }
}
