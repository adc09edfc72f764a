//! A power cut, modelled on the recorded steps: of a file, what was not synced is lost; of a name, what its folder was
//! not synced for has not happened. A rename is lost as long as the folder of the new name is not synced.
//!
//! What other programs wrote is left alone: they wait for their own writes. A folder that was removed with all in it and
//! comes back does so with the files that the trace knows.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use crate::state::Files;
use crate::trace::Op;

/// A file that the trace speaks of: its content as it seems to be, and as the disk has it.
#[derive(Default)]
struct Content {
    seen: Vec<u8>,
    synced: Vec<u8>,
}

/// How a change of names that was lost is taken back.
#[derive(Clone)]
enum Lost {
    /// The name was made: a file's second name or a new file has none again.
    Made { path: PathBuf },
    /// A folder was made.
    Folder { path: PathBuf },
    /// What `to` was before comes back, and the name is `path` again.
    Renamed { path: PathBuf, to: PathBuf, replaced: Option<usize> },
    /// These names come back.
    Removed { files: Vec<(PathBuf, usize)> },
    /// A folder comes back with these.
    RemovedFolder { path: PathBuf, files: Vec<(PathBuf, usize)> },
}

struct Disk<'a> {
    before: &'a Files,
    contents: Vec<Content>,
    /// Which content a path has; `None` when it has none any more.
    names: BTreeMap<PathBuf, Option<usize>>,
    /// Changes of names with the folder that must be synced for them.
    pending: Vec<(PathBuf, Lost)>,
}

/// Brings files into the state in which a power cut after these steps leaves them. `before` are the files as they were
/// before the first step.
pub fn cut_power(ops: &[Op], before: &Files) {
    let mut disk = Disk { before, contents: Vec::new(), names: BTreeMap::new(), pending: Vec::new() };
    for op in ops {
        disk.see(op);
    }
    while let Some((_, lost)) = disk.pending.pop() {
        disk.take_back(lost);
    }
    disk.write_down();
}

impl Disk<'_> {
    fn see(&mut self, op: &Op) {
        match op {
            Op::Create { path } => {
                self.contents.push(Content::default());
                self.names.insert(path.clone(), Some(self.contents.len() - 1));
                self.wait_for(path, Lost::Made { path: path.clone() });
            }
            Op::Write { path, content } => self.content(path).seen.extend(content),
            Op::Overwrite { path, content } => {
                let seen = &mut self.content(path).seen;
                let rest = seen.split_off(content.len().min(seen.len()));
                *seen = [content.clone(), rest].concat();
            }
            Op::Truncate { path, length } => self.content(path).seen.truncate(*length),
            Op::Sync { path } => {
                let content = self.content(path);
                content.synced = content.seen.clone();
            }
            Op::Link { path, to } => {
                let content = self.find(path);
                self.names.insert(to.clone(), content);
                self.wait_for(to, Lost::Made { path: to.clone() });
            }
            Op::Rename { path, to } => {
                let replaced = self.find(to);
                self.find(path);
                self.rename(path, to);
                self.wait_for(to, Lost::Renamed { path: path.clone(), to: to.clone(), replaced });
            }
            Op::Unlink { path } => {
                let files = self.find(path).into_iter().map(|content| (path.clone(), content)).collect();
                self.names.insert(path.clone(), None);
                self.wait_for(path, Lost::Removed { files });
            }
            Op::MakeFolder { path } => self.wait_for(path, Lost::Folder { path: path.clone() }),
            Op::RemoveFolder { path } => {
                let below: Vec<PathBuf> = self.names.keys().filter(|name| name.starts_with(path)).cloned().collect();
                let files = below
                    .into_iter()
                    .filter_map(|name| Some((name.clone(), self.names.insert(name, None).flatten()?)))
                    .collect();
                self.wait_for(path, Lost::RemovedFolder { path: path.clone(), files });
            }
            Op::SyncFolder { path } => self.pending.retain(|(folder, _)| folder != path),
        }
    }

    fn wait_for(&mut self, path: &Path, lost: Lost) {
        self.pending.push((path.parent().unwrap_or(path).to_path_buf(), lost));
    }

    /// Which content a path has; one that the trace has not spoken of yet has what it had before.
    fn find(&mut self, path: &Path) -> Option<usize> {
        if let Some(known) = self.names.get(path) {
            return *known;
        }
        let content = self.before.get(path)?.content.clone();
        self.contents.push(Content { seen: content.clone(), synced: content });
        self.names.insert(path.to_path_buf(), Some(self.contents.len() - 1));
        Some(self.contents.len() - 1)
    }

    fn content(&mut self, path: &Path) -> &mut Content {
        let at = self.find(path).expect("a file that the trace made or that was there before");
        &mut self.contents[at]
    }

    /// Moves a name, or the names below it.
    fn rename(&mut self, path: &Path, to: &Path) {
        let moved: Vec<PathBuf> = self.names.keys().filter(|name| name.starts_with(path)).cloned().collect();
        for name in moved {
            let content = self.names.insert(name.clone(), None).flatten();
            let rest = name.strip_prefix(path).unwrap_or(&name);
            let new = if rest.as_os_str().is_empty() { to.to_path_buf() } else { to.join(rest) };
            self.names.insert(new, content);
        }
    }

    fn take_back(&mut self, lost: Lost) {
        match lost {
            Lost::Made { path } => {
                self.names.insert(path, None);
            }
            Lost::Folder { path } => {
                let _ = std::fs::remove_dir_all(&path);
                self.names.retain(|name, _| !name.starts_with(&path));
            }
            Lost::Renamed { path, to, replaced } => {
                // Files are written down in the end, folders are moved here.
                if to.is_dir() {
                    std::fs::rename(&to, &path).expect("moved back");
                }
                self.rename(&to, &path);
                self.names.insert(to, replaced);
            }
            Lost::Removed { files } => {
                self.names.extend(files.into_iter().map(|(path, content)| (path, Some(content))));
            }
            Lost::RemovedFolder { path, files } => {
                std::fs::create_dir_all(&path).expect("made again");
                self.names.extend(files.into_iter().map(|(path, content)| (path, Some(content))));
            }
        }
    }

    /// Gives every file of the trace what the disk has of it.
    fn write_down(&self) {
        for (path, content) in &self.names {
            let Some(content) = content.map(|at| &self.contents[at].synced) else {
                let _ = std::fs::remove_file(path);
                continue;
            };
            if std::fs::read(path).is_ok_and(|present| present == *content) {
                continue;
            }
            let _ = std::fs::remove_file(path);
            write(path, content, self.before);
        }
    }
}

/// Writes a file that comes back; one that is as it was before looks as before, too.
fn write(path: &Path, content: &[u8], before: &Files) {
    use std::os::unix::fs::PermissionsExt;
    use std::time::{Duration, SystemTime};
    let kept = before.get(path).filter(|kept| kept.content == content);
    std::fs::write(path, content).expect("written");
    let mode = kept.map_or(0o600, |kept| kept.mode & 0o7777);
    std::fs::set_permissions(path, std::fs::Permissions::from_mode(mode)).expect("mode");
    if let Some(kept) = kept {
        let (seconds, nanoseconds) = kept.modified;
        let (seconds, nanoseconds) = (seconds.unsigned_abs(), u32::try_from(nanoseconds).unwrap_or_default());
        let time = SystemTime::UNIX_EPOCH + Duration::new(seconds, nanoseconds);
        std::fs::File::open(path).and_then(|file| file.set_modified(time)).expect("time");
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::state::files;

    /// Does steps on a real folder, cuts the power after them, and tells what is there.
    fn after_cut(there: &[(&str, &str)], steps: &[(&str, &str, &str)]) -> Vec<(String, String)> {
        let dir = tempfile::tempdir().expect("a folder");
        let at = |name: &str| if name.is_empty() { dir.path().to_path_buf() } else { dir.path().join(name) };
        for (name, text) in there {
            std::fs::write(at(name), text).expect("written");
        }
        let before = files(dir.path());
        let ops: Vec<Op> = steps.iter().map(|(verb, name, more)| done(verb, at(name), more, &at)).collect();
        cut_power(&ops, &before);
        let text = |(path, kept): (PathBuf, crate::state::Kept)| {
            let name = path.strip_prefix(dir.path()).expect("below").display().to_string();
            (name, String::from_utf8(kept.content).expect("text"))
        };
        files(dir.path()).into_iter().map(text).collect()
    }

    fn done(verb: &str, path: PathBuf, more: &str, at: &dyn Fn(&str) -> PathBuf) -> Op {
        use std::fs;
        let there = || fs::read(&path).unwrap_or_default();
        let content = more.as_bytes().to_vec();
        match verb {
            "create" => fs::write(&path, "").map(|()| Op::Create { path }),
            "write" => fs::write(&path, [there(), content.clone()].concat()).map(|()| Op::Write { path, content }),
            "overwrite" => fs::write(&path, &content).map(|()| Op::Overwrite { path, content }),
            "sync" => Ok(Op::Sync { path }),
            "rename" => fs::rename(&path, at(more)).map(|()| Op::Rename { path, to: at(more) }),
            "link" => fs::hard_link(&path, at(more)).map(|()| Op::Link { path, to: at(more) }),
            "unlink" => fs::remove_file(&path).map(|()| Op::Unlink { path }),
            "make" => fs::create_dir(&path).map(|()| Op::MakeFolder { path }),
            "remove" => fs::remove_dir_all(&path).map(|()| Op::RemoveFolder { path }),
            _ => Ok(Op::SyncFolder { path }),
        }
        .expect("done")
    }

    fn left(files: &[(&str, &str)]) -> Vec<(String, String)> {
        files.iter().map(|(name, text)| ((*name).to_owned(), (*text).to_owned())).collect()
    }

    #[test]
    fn a_replaced_file_is_old_until_its_folder_is_synced_and_then_new() {
        let steps = [
            ("create", ".a", ""),
            ("write", ".a", "new"),
            ("sync", ".a", ""),
            ("rename", ".a", "a"),
            ("sync folder", "", ""),
        ];
        for cut in 0..steps.len() {
            assert_eq!(after_cut(&[("a", "old")], &steps[..cut]), left(&[("a", "old")]), "after {cut} steps");
        }
        assert_eq!(after_cut(&[("a", "old")], &steps), left(&[("a", "new")]));
    }

    #[test]
    fn a_file_renamed_before_it_was_synced_is_empty() {
        let steps = [("create", ".a", ""), ("write", ".a", "new"), ("rename", ".a", "a"), ("sync folder", "", "")];
        assert_eq!(after_cut(&[("a", "old")], &steps), left(&[("a", "")]));
    }

    #[test]
    fn an_unsynced_line_is_lost_and_a_synced_one_is_not() {
        let steps = [("write", "log", "two\n"), ("sync", "log", ""), ("write", "log", "three\n")];
        assert_eq!(after_cut(&[("log", "one\n")], &steps), left(&[("log", "one\ntwo\n")]));
    }

    #[test]
    fn links_and_removals_wait_for_their_folder() {
        let create = [("create", ".a", ""), ("write", ".a", "new"), ("sync", ".a", ""), ("link", ".a", "a")];
        assert_eq!(after_cut(&[], &create), left(&[]));
        let synced = [&create[..], &[("sync folder", "", ""), ("unlink", ".a", "")]].concat();
        assert_eq!(after_cut(&[], &synced), left(&[(".a", "new"), ("a", "new")]));
        let shred = [("overwrite", "key", "000"), ("sync", "key", ""), ("unlink", "key", "")];
        assert_eq!(after_cut(&[("key", "abc")], &shred[..1]), left(&[("key", "abc")]));
        assert_eq!(after_cut(&[("key", "abc")], &shred), left(&[("key", "000")]));
    }

    #[test]
    fn folders_move_back_with_what_is_in_them() {
        let steps = [
            ("make", "home", ""),
            ("sync folder", "", ""),
            ("create", "home/a", ""),
            ("write", "home/a", "text"),
            ("sync", "home/a", ""),
            ("sync folder", "home", ""),
            ("rename", "home", "aside"),
        ];
        assert_eq!(after_cut(&[], &steps), left(&[("home/a", "text")]));
        let removed = [&steps[..], &[("sync folder", "", ""), ("remove", "aside", "")]].concat();
        assert_eq!(after_cut(&[], &removed), left(&[("aside/a", "text")]));
        assert_eq!(after_cut(&[], &[("make", "home", ""), ("create", "home/a", "")]), left(&[]));
    }
}
