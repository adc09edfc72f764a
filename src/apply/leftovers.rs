//! After an estate was removed: what was moved aside goes for good, and the folder with it when nothing else is there.

use std::path::Path;

use crate::estate::detect::KEPT;

/// Removes what a committed removal left. What is not ours stays, and so does the folder then.
pub fn remove_leftovers(dir: &Path) {
    for name in KEPT {
        let path = dir.join(name);
        // The change is committed: what cannot be removed now is only untidy.
        let _ = if path.is_dir() { crate::fs::remove_folder(&path) } else { crate::fs::remove_file(&path) };
    }
    let _ = std::fs::remove_dir(dir);
}
