//! `document`: a document that is put in comes out, turned by the map `verification`.

use std::io;
use std::path::{Path, PathBuf};

use serde_json::{Value, json};

use super::Finding;
use crate::estate::ProductHome;
use crate::fs::watch::Watch;
use crate::fs::{PRIVATE_FILE, clear_temporary, remove_file, replace, temporary_of};
use crate::verify::target::Target;

/// How the names of our documents begin.
const PREFIX: &str = "verification-";

pub(super) async fn ask(target: &Target) -> Finding {
    let Some(folders) = Folders::of(&target.product) else {
        return Finding::cannot_tell("its profile does not say where documents pass");
    };
    pass(&folders)
        .await
        .unwrap_or_else(|error| Finding::cannot_tell(format!("the document's folders cannot be used: {error}")))
}

/// The folders through which a document passes.
struct Folders {
    taken: PathBuf,
    delivered: PathBuf,
    rejected: PathBuf,
}

impl Folders {
    fn of(product: &ProductHome) -> Option<Self> {
        let [taken, delivered, rejected] =
            product.profile.documents.as_ref()?.folders().map(|folder| product.home.join(folder));
        Some(Self { taken, delivered, rejected })
    }
}

async fn pass(folders: &Folders) -> io::Result<Finding> {
    let document = Document::new(folders);
    let mut watch = Watch::new(&[&folders.delivered, &folders.rejected])?;
    // Written under a hidden name and renamed, so that the engine never takes half a document.
    replace(&document.put_in, format!("{}\n", json!({ "probe": document.nonce })).as_bytes(), PRIVATE_FILE)?;
    loop {
        watch.next().await?;
        if let Some(finding) = document.outcome()? {
            return Ok(finding);
        }
    }
}

/// Removes what a killed verification left of a document that it did not come to put in.
pub fn clear_temporaries(product: &ProductHome) -> io::Result<()> {
    let Some(folders) = Folders::of(product) else { return Ok(()) };
    let entries = match std::fs::read_dir(folders.taken) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(()),
        other => other?,
    };
    for entry in entries {
        match temporary_of(&entry?.path()) {
            Some(path) if path.file_name().is_some_and(|name| name.to_string_lossy().starts_with(PREFIX)) => {
                clear_temporary(&path)?;
            }
            _ => {}
        }
    }
    Ok(())
}

/// One document of the verification; every trace of it is removed in the end, however that comes about.
struct Document {
    nonce: String,
    put_in: PathBuf,
    come_out: PathBuf,
    rejected: PathBuf,
    reason: PathBuf,
}

impl Document {
    fn new(folders: &Folders) -> Self {
        let nonce = format!("{:032x}", rand::random::<u128>());
        let name = format!("{PREFIX}{nonce}.json");
        Self {
            put_in: folders.taken.join(&name),
            come_out: folders.delivered.join(&name),
            rejected: folders.rejected.join(&name),
            reason: folders.rejected.join(format!("{name}.reason")),
            nonce,
        }
    }

    /// How it ended; `None` while it is on its way.
    fn outcome(&self) -> io::Result<Option<Finding>> {
        if let Some(text) = read(&self.come_out)? {
            // What cannot be parsed is still being written.
            return Ok(serde_json::from_slice(&text).ok().map(|content| self.judge(&content)));
        }
        // The reason is written before the document is moved beside it.
        if self.rejected.try_exists()? {
            let reason = read(&self.reason)?.unwrap_or_default();
            let reason = String::from_utf8_lossy(&reason);
            return Ok(Some(Finding::failed(format!("the document was rejected: {}", reason.trim()))));
        }
        Ok(None)
    }

    fn judge(&self, content: &Value) -> Finding {
        if *content == json!({ "probe": self.nonce, "passed": true }) {
            Finding::ok("a document went in and came out, turned by its map")
        } else {
            Finding::failed("a document came out with another content than its map gives")
        }
    }
}

impl Drop for Document {
    fn drop(&mut self) {
        for path in [&self.put_in, &self.come_out, &self.rejected, &self.reason] {
            let _ = remove_file(path);
        }
    }
}

fn read(path: &Path) -> io::Result<Option<Vec<u8>>> {
    match std::fs::read(path) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
        other => other.map(Some),
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;
    use std::time::Duration;

    use super::*;
    use crate::fs::{create_folders, rename};
    use crate::verify::Verdict;

    /// Sends a document and lets `engine` do with it what an engine would; returns what is left in the folders too.
    async fn sent(engine: fn(&Folders, &Path)) -> (Finding, usize) {
        let dir = tempfile::tempdir().expect("a folder");
        let [taken, delivered, rejected] = ["in", "out", "rejected"].map(|folder| dir.path().join(folder));
        for folder in [&taken, &delivered, &rejected] {
            create_folders(folder).expect("made");
        }
        let mut watch = Watch::new(&[&taken]).expect("watching");
        let folders = Arc::new(Folders { taken, delivered, rejected });
        let there = folders.clone();
        let engine = tokio::spawn(async move {
            loop {
                watch.next().await.expect("changes");
                let names = std::fs::read_dir(&there.taken).expect("read").filter_map(Result::ok);
                let whole = names.map(|entry| entry.path()).find(|path| path.extension().is_some_and(|e| e == "json"));
                if let Some(path) = whole {
                    return engine(&there, &path);
                }
            }
        });
        let finding =
            tokio::time::timeout(Duration::from_secs(10), pass(&folders)).await.expect("in time").expect("asked");
        engine.await.expect("ended");
        let left = [&folders.taken, &folders.delivered, &folders.rejected]
            .map(|folder| std::fs::read_dir(folder).expect("read").count());
        (finding, left.iter().sum())
    }

    fn name(path: &Path) -> String {
        path.file_name().expect("a name").to_string_lossy().into_owned()
    }

    #[tokio::test]
    async fn a_document_that_comes_out_as_it_should_is_good_and_leaves_nothing() {
        let (finding, left) = sent(|folders, path| {
            let mut content: Value = serde_json::from_slice(&std::fs::read(path).expect("read")).expect("json");
            content["passed"] = json!(true);
            let out = folders.delivered.join(name(path));
            replace(&out, content.to_string().as_bytes(), PRIVATE_FILE).expect("delivered");
        })
        .await;
        assert_eq!((finding.verdict, left), (Verdict::Ok, 0));
    }

    #[tokio::test]
    async fn another_content_fails() {
        let (finding, left) = sent(|folders, path| {
            let out = folders.delivered.join(name(path));
            replace(&out, b"{\"probe\":\"another\",\"passed\":true}", PRIVATE_FILE).expect("delivered");
        })
        .await;
        assert_eq!((finding.verdict, left), (Verdict::Failed, 0));
    }

    #[tokio::test]
    async fn a_rejection_is_told_with_its_reason_and_cleaned_away() {
        let (finding, left) = sent(|folders, path| {
            let folder = &folders.rejected;
            let reason = folder.join(format!("{}.reason", name(path)));
            replace(&reason, b"there is no map verification for it\n", PRIVATE_FILE).expect("written");
            rename(path, &folder.join(name(path))).expect("moved");
        })
        .await;
        assert_eq!(finding, Finding::failed("the document was rejected: there is no map verification for it"));
        assert_eq!(left, 0);
    }
}
