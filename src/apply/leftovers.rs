//! What a removal leaves: things moved aside until it is committed, and then the folder itself.

use std::path::Path;

use super::journal::folder;
use crate::estate::detect::KEPT;
use crate::plan::ASIDE;

/// Removes what an earlier, committed removal had moved aside and did not come to delete. Only while no change is
/// unfinished: until then it is what `rollback` brings back.
pub fn clear_aside(dir: &Path) {
    for entry in std::fs::read_dir(folder(dir)).into_iter().flatten().flatten() {
        if entry.file_name().to_string_lossy().starts_with(ASIDE) {
            // It is in nobody's way: every removal has a folder of its own.
            let _ = crate::fs::remove_folder(&entry.path());
        }
    }
}

/// Destroys keys of changes that were killed before they began. Only while no change is unfinished.
pub fn clear_keys(dir: &Path) {
    super::vault::destroy_orphans(&folder(dir));
}

/// Removes what a committed removal left. What is not ours stays, and so does the folder then.
pub fn remove_leftovers(dir: &Path) {
    for name in KEPT {
        let path = dir.join(name);
        // The change is committed: what cannot be removed now is only untidy.
        let _ = if path.is_dir() { crate::fs::remove_folder(&path) } else { crate::fs::remove_file(&path) };
    }
    let _ = crate::fs::remove_empty_folder(dir);
}
