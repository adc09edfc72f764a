//! Waiting for changes where a log is, or will be.

use std::os::unix::fs::MetadataExt;
use std::path::{Path, PathBuf};

use super::newest;
use super::position::Id;
use crate::fs::watch::Watch;

/// The folder of a log; while it is not there, the nearest one above it that is.
pub(super) struct Folder {
    wanted: PathBuf,
    watched: Option<(Watch, PathBuf, Id)>,
}

impl Folder {
    /// For a log of this pattern; nothing is watched yet.
    pub fn new(pattern: &Path) -> Self {
        Self { wanted: newest::folder(pattern).to_owned(), watched: None }
    }

    /// Watches from now on. What happens from here on ends the next waiting, so look after this and before that.
    pub fn watch(&mut self) {
        // One that comes into being while we watch the one above it is what we want to watch.
        while let Some((folder, id)) = self.nearest() {
            if self.watched.as_ref().is_some_and(|(_, path, known)| *path == folder && *known == id) {
                return;
            }
            let above: Vec<&Path> = folder.parent().into_iter().filter(|above| !above.as_os_str().is_empty()).collect();
            self.watched = Watch::with_writes(&[&folder], &above).ok().map(|watch| (watch, folder, id));
            if self.watched.is_none() {
                return;
            }
        }
    }

    /// Waits until something happens there; for ever where nothing can be watched.
    pub async fn changed(&mut self) {
        match &mut self.watched {
            Some((watch, ..)) => {
                if watch.next().await.is_err() {
                    self.watched = None;
                }
            }
            None => std::future::pending().await,
        }
    }

    fn nearest(&self) -> Option<(PathBuf, Id)> {
        self.wanted.ancestors().find_map(|folder| {
            let folder = if folder.as_os_str().is_empty() { Path::new(".") } else { folder };
            let meta = folder.metadata().ok().filter(std::fs::Metadata::is_dir)?;
            Some((folder.to_owned(), (meta.dev(), meta.ino())))
        })
    }
}
