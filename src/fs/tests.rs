use std::os::unix::fs::{MetadataExt, PermissionsExt, chown, symlink};
use std::time::{Duration, SystemTime};

use super::*;

/// `user::rw- user:65534:r-- group::r-- mask::r-- other::---` as the kernel has it (version 2, little endian).
fn list() -> Vec<u8> {
    let entries: [(u16, u16, u32); 5] =
        [(1, 6, u32::MAX), (2, 4, 65534), (4, 4, u32::MAX), (16, 4, u32::MAX), (32, 0, u32::MAX)];
    let mut bytes = 2_u32.to_le_bytes().to_vec();
    for (tag, permissions, id) in entries {
        bytes.extend(tag.to_le_bytes().into_iter().chain(permissions.to_le_bytes()).chain(id.to_le_bytes()));
    }
    bytes
}

/// Gives a file an access control list; `false` where the file system knows none.
fn set_list(path: &std::path::Path) -> bool {
    use rustix::fs::{XattrFlags, setxattr};
    match setxattr(path, "system.posix_acl_access", &list(), XattrFlags::empty()) {
        Err(rustix::io::Errno::NOTSUP) => false,
        other => other.map(|()| true).expect("set"),
    }
}

#[test]
fn create_refuses_to_overwrite_and_leaves_no_temporary() {
    let dir = tempfile::tempdir().expect("a folder");
    let path = dir.path().join("a");
    create(&path, b"one", PRIVATE_FILE).expect("made");
    assert!(create(&path, b"two", PRIVATE_FILE).is_err());
    assert_eq!(std::fs::read(&path).expect("read"), b"one");
    assert_eq!(std::fs::read_dir(dir.path()).expect("listed").count(), 1);
}

#[test]
fn replace_keeps_mode_and_list_and_never_follows_a_link() {
    let dir = tempfile::tempdir().expect("a folder");
    let (path, link) = (dir.path().join("a"), dir.path().join("link"));
    create(&path, b"one", 0o640).expect("made");
    let has_list = set_list(&path);
    replace(&path, b"two", PRIVATE_FILE).expect("replaced");
    let now = looks(&path).expect("there");
    assert_eq!((now.mode, now.acl), (0o640, has_list.then(list)));
    symlink(&path, &link).expect("linked");
    assert!(replace(&link, b"three", PRIVATE_FILE).expect_err("refused").to_string().contains("symbolic link"));
    assert!(replace(dir.path(), b"three", PRIVATE_FILE).is_err());
    assert_eq!(std::fs::read(&path).expect("read"), b"two");
}

#[test]
fn restore_brings_everything_back_to_the_nanosecond() {
    let dir = tempfile::tempdir().expect("a folder");
    let path = dir.path().join("a");
    create(&path, b"one", 0o640).expect("made");
    if rustix::process::geteuid().is_root() {
        chown(&path, Some(65534), Some(65534)).expect("given away");
    }
    set_list(&path);
    let time = SystemTime::UNIX_EPOCH + Duration::new(1_700_000_000, 123_456_789);
    std::fs::File::open(&path).and_then(|file| file.set_modified(time)).expect("aged");
    let before = looks(&path).expect("there");
    assert_eq!((before.modified, before.nanoseconds), (1_700_000_000, 123_456_789));

    let written = serde_json::to_string(&before).expect("JSON");
    for change in [None, Some("two")] {
        std::fs::remove_file(&path).expect("removed");
        if let Some(text) = change {
            std::fs::write(&path, text).expect("written");
            std::fs::set_permissions(&path, std::fs::Permissions::from_mode(0o777)).expect("opened");
        }
        restore(&path, b"one", &serde_json::from_str(&written).expect("read back")).expect("restored");
        assert_eq!(looks(&path).expect("there"), before);
        assert_eq!(std::fs::read(&path).expect("read"), b"one");
    }

    std::fs::rename(&path, dir.path().join("b")).expect("moved");
    symlink(dir.path().join("b"), &path).expect("linked");
    assert!(restore(&path, b"three", &before).is_err());
    assert_eq!(std::fs::read(dir.path().join("b")).expect("read"), b"one");
    assert_eq!(std::fs::read_dir(dir.path()).expect("listed").count(), 2);
}

#[test]
fn a_file_before_1970_keeps_its_time() {
    let dir = tempfile::tempdir().expect("a folder");
    let path = dir.path().join("a");
    create(&path, b"one", PRIVATE_FILE).expect("made");
    let old = Looks { modified: -1, nanoseconds: 999_999_999, ..looks(&path).expect("there") };
    restore(&path, b"one", &old).expect("restored");
    let meta = std::fs::metadata(&path).expect("there");
    assert_eq!((meta.mtime(), meta.mtime_nsec()), (-1, 999_999_999));
}

#[test]
fn a_shredded_link_leaves_what_it_leads_to() {
    let dir = tempfile::tempdir().expect("a folder");
    let (path, link) = (dir.path().join("a"), dir.path().join("link"));
    create(&path, b"one", PRIVATE_FILE).expect("made");
    symlink(&path, &link).expect("linked");
    shred(&link).expect("removed");
    assert_eq!(std::fs::read(&path).expect("read"), b"one");
    shred(&path).expect("removed");
    shred(&path).expect("gone already");
    assert_eq!(std::fs::read_dir(dir.path()).expect("listed").count(), 0);
}

#[test]
fn folders_made_are_told_and_closed_to_others() {
    let dir = tempfile::tempdir().expect("a folder");
    let deep = dir.path().join("a/b");
    assert_eq!(create_folders(&deep).expect("made").len(), 2);
    assert_eq!(create_folders(&deep).expect("there already").len(), 0);
    assert_eq!(std::fs::metadata(&deep).expect("there").permissions().mode() & 0o777, 0o700);
}
