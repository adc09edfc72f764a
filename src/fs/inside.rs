//! Staying inside a product's home: no symbolic link may lead out of it.

use std::fs::OpenOptions;
use std::io::{self, Read};
use std::os::unix::fs::OpenOptionsExt;
use std::path::{Path, PathBuf};

use rustix::fs::OFlags;
use zeroize::Zeroizing;

use super::disk::folder_of;
use super::is_free;

/// Where a path really leads, which must be inside `home`. The file itself need not be there yet, its folder must.
///
/// # Errors
/// It leads out of the home, or to nothing.
pub fn inside(home: &Path, path: &Path) -> io::Result<PathBuf> {
    let real = match path.canonicalize() {
        // Not a link to nothing: that would be written through.
        Err(error) if error.kind() == io::ErrorKind::NotFound && is_free(path)? => {
            let name =
                path.file_name().ok_or_else(|| io::Error::new(io::ErrorKind::InvalidInput, "it names no file"))?;
            folder_of(path).canonicalize()?.join(name)
        }
        other => other?,
    };
    // A path without any link has none in its beginning either.
    let is_plain = real == path && path.starts_with(home);
    if is_plain || real.starts_with(home.canonicalize()?) {
        Ok(real)
    } else {
        Err(io::Error::other("it is a link that leads out of the product's folder"))
    }
}

/// Reads a regular file of a product's home; a link that leads out of it is not followed.
pub fn read_inside(home: &Path, path: &Path) -> io::Result<Zeroizing<Vec<u8>>> {
    // Neither a link put there since, nor the other end of a pipe.
    let flags = (OFlags::NOFOLLOW | OFlags::NONBLOCK).bits().cast_signed();
    let mut file = OpenOptions::new().read(true).custom_flags(flags).open(inside(home, path)?)?;
    let meta = file.metadata()?;
    if !meta.is_file() {
        return Err(io::Error::other("it is no regular file"));
    }
    // Room for all of it at once: what a growing buffer leaves behind is not wiped.
    let mut content = Zeroizing::new(Vec::with_capacity(usize::try_from(meta.len()).unwrap_or_default() + 1));
    file.read_to_end(&mut content)?;
    Ok(content)
}

#[cfg(test)]
mod tests {
    use std::os::unix::fs::symlink;

    use super::*;

    #[test]
    fn only_what_really_lies_inside_is_read_or_may_be_written() {
        let dir = tempfile::tempdir().expect("a folder");
        let at = |name: &str| dir.path().join(name);
        std::fs::create_dir_all(at("home/conf")).expect("made");
        std::fs::create_dir_all(at("else")).expect("made");
        std::fs::write(at("home/conf/a"), "text").expect("written");
        std::fs::write(at("else/a"), "other").expect("written");
        symlink(at("home/conf/a"), at("home/short")).expect("linked");
        symlink(at("else/a"), at("home/conf/out")).expect("linked");
        symlink(at("else"), at("home/away")).expect("linked");
        symlink(at("else/none"), at("home/conf/dangling")).expect("linked");
        for (path, wanted) in [("home/conf/a", true), ("home/short", true), ("home/conf/new", true)] {
            assert_eq!(inside(&at("home"), &at(path)).is_ok(), wanted, "{path}");
        }
        for path in ["home/conf/out", "home/away/a", "home/away/new", "home/conf/dangling", "home/none/a", "else/a"] {
            assert!(inside(&at("home"), &at(path)).is_err(), "{path}");
            assert!(read_inside(&at("home"), &at(path)).is_err(), "{path}");
        }
        assert_eq!(*read_inside(&at("home"), &at("home/short")).expect("read"), b"text");
        assert!(read_inside(&at("home"), &at("home/conf")).is_err());
    }
}
