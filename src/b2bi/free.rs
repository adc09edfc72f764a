//! Names that nothing has yet: a file that came earlier is never overwritten.

use std::io;
use std::path::{Path, PathBuf};

use crate::fs::{is_free, rename, rename_to_free};

/// The names to try for a file, the wanted one first: `order-1.json`, `order-1.2.json`, `order-1.3.json` and so on.
pub fn names(name: &str) -> impl Iterator<Item = String> {
    let (stem, ending) = match name.rfind('.') {
        Some(dot) if dot > 0 => name.split_at(dot),
        _ => (name, ""),
    };
    std::iter::once(name.to_owned()).chain((2_u64..).map(move |number| format!("{stem}.{number}{ending}")))
}

/// Moves a file into a folder under the first free of its names, or onto one for which `same` holds; the path it got.
pub fn keep(from: &Path, folder: &Path, name: &str, same: impl Fn(&Path) -> bool) -> io::Result<PathBuf> {
    for name in names(name) {
        let to = folder.join(name);
        if !is_free(&to)? {
            if same(&to) {
                return rename(from, &to).map(|()| to);
            }
            continue;
        }
        match rename_to_free(from, &to) {
            Err(error) if error.kind() == io::ErrorKind::AlreadyExists => {}
            moved => return moved.map(|()| to),
        }
    }
    Err(io::ErrorKind::AlreadyExists.into())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_number_goes_before_the_last_ending() {
        for (name, second) in [("order-1.json", "order-1.2.json"), ("a.b.c", "a.b.2.c"), ("plain", "plain.2")] {
            assert_eq!(names(name).take(2).collect::<Vec<_>>(), [name, second]);
        }
    }

    #[test]
    fn nothing_that_stands_there_is_replaced() {
        let dir = tempfile::tempdir().expect("a folder");
        let (from, to) = (dir.path().join("from"), dir.path().join("to"));
        std::fs::write(&from, "new").expect("written");
        std::fs::write(&to, "old").expect("written");
        assert_eq!(rename_to_free(&from, &to).expect_err("taken").kind(), io::ErrorKind::AlreadyExists);
        let kept = keep(&from, dir.path(), "to", |_| false).expect("moved");
        assert_eq!(kept, dir.path().join("to.2"));
        assert_eq!(std::fs::read_to_string(&to).expect("read"), "old");
        std::fs::write(&from, "new").expect("written");
        assert_eq!(keep(&from, dir.path(), "to", |_| true).expect("moved"), to);
    }
}
