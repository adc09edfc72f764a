//! What a verdict may depend on, watched; and what two reports have in common.
//!
//! Nothing tells when a process begins to use another secret, so whoever watches also asks from time to time.

use std::collections::HashSet;
use std::ffi::OsString;
use std::io;
use std::path::{Path, PathBuf};

use super::{Entry, Report, Verdict};
use crate::estate::home::components;
use crate::estate::record::{Estate, FILE};
use crate::fs::watch::{Change, Watch};

/// Watches the places, the pid files and control sockets, and the estate's own record.
pub struct Watching {
    watch: Watch,
    names: Vec<HashSet<OsString>>,
}

/// One place whose verdict is another one than before.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Changed<'a> {
    /// The place; as it was where it is not asked any more.
    pub entry: &'a Entry,
    /// What was known of it; `None` when it was not asked before.
    pub before: Option<Verdict>,
    /// What is known of it now; `None` when it is not asked any more.
    pub now: Option<Verdict>,
}

impl Watching {
    /// Watches from now on. Needs a running tokio.
    pub fn begin(dir: &Path, estate: &Estate) -> io::Result<Self> {
        let mut folders: Vec<(PathBuf, HashSet<OsString>)> = Vec::new();
        for path in watched(dir, estate) {
            let (Some(folder), Some(name)) = (path.parent(), path.file_name()) else { continue };
            match folders.iter_mut().find(|(known, _)| known == folder) {
                Some((_, names)) => {
                    names.insert(name.to_owned());
                }
                None => folders.push((folder.to_owned(), HashSet::from([name.to_owned()]))),
            }
        }
        // A folder that is not there cannot be watched: its places are asked all the same.
        folders.retain(|(folder, _)| folder.is_dir());
        let paths: Vec<&Path> = folders.iter().map(|(folder, _)| folder.as_path()).collect();
        let watch = Watch::new(&paths)?;
        Ok(Self { watch, names: folders.into_iter().map(|(_, names)| names).collect() })
    }

    /// Waits until something changes.
    pub async fn changed(&mut self) -> io::Result<()> {
        loop {
            let changes = self.watch.next().await?;
            let matters = changes.iter().any(|(folder, change)| match change {
                Change::Whole(name) | Change::Begun(name) | Change::Written(name) | Change::Gone(name) => {
                    self.names[*folder].contains(name)
                }
                Change::Missed => true,
            });
            if matters {
                return Ok(());
            }
        }
    }
}

impl Report {
    /// The places whose verdict is another one than in an earlier report.
    pub fn changes<'a>(&'a self, earlier: &'a Self) -> Vec<Changed<'a>> {
        let same = |a: &Entry, b: &Entry| (&a.component, &a.place, a.level) == (&b.component, &b.place, b.level);
        let in_it = |report: &'a Self, entry: &Entry| report.places.iter().find(|other| same(other, entry));
        let of = |entry: &'a Entry| {
            let (before, now) = (in_it(earlier, entry), in_it(self, entry));
            Changed { entry, before: before.map(|entry| entry.verdict), now: now.map(|entry| entry.verdict) }
        };
        let gone = earlier.places.iter().filter(|entry| in_it(self, entry).is_none());
        self.places.iter().chain(gone).map(of).filter(|changed| changed.before != changed.now).collect()
    }
}

fn watched(dir: &Path, estate: &Estate) -> Vec<PathBuf> {
    let mut paths = vec![dir.join(FILE)];
    for component in components(dir, &estate.components) {
        for (_, path) in component.places().filter(|(place, _)| !place.file.is_empty()) {
            // Behind a link the file itself changes, not the link.
            paths.extend(path.canonicalize().ok().filter(|real| *real != path));
            paths.push(path);
        }
        if component.component.process {
            paths.extend([component.pid_file(), component.control()]);
        }
    }
    paths
}

#[cfg(test)]
mod tests {
    use super::super::Level;
    use super::*;

    fn report(verdicts: &[(&str, Verdict)]) -> Report {
        let entry = |(component, verdict): &(&str, Verdict)| Entry {
            component: (*component).to_owned(),
            place: "process".to_owned(),
            level: Level::Running,
            form: "plain".to_owned(),
            verdict: *verdict,
            detail: String::new(),
            warns: false,
        };
        Report::new(verdicts.iter().map(entry).collect(), true)
    }

    #[test]
    fn only_verdicts_that_are_others_than_before_are_changes() {
        use Verdict::{Aligned, CannotTell, Differs};
        let before = report(&[("a", Aligned), ("b", CannotTell), ("gone", Differs)]);
        let now = report(&[("a", Aligned), ("b", Differs), ("new", Aligned)]);
        let changes: Vec<_> = now
            .changes(&before)
            .into_iter()
            .map(|changed| (changed.entry.component.as_str(), changed.before, changed.now))
            .collect();
        let expected =
            [("b", Some(CannotTell), Some(Differs)), ("new", None, Some(Aligned)), ("gone", Some(Differs), None)];
        assert_eq!(changes, expected);
        assert!(now.changes(&now).is_empty());
    }
}
