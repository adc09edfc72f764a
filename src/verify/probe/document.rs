//! `document`: a document that is put in comes out, turned by the map `verification`.

use std::io;
use std::path::{Path, PathBuf};

use serde_json::{Value, json};

use super::Finding;
use crate::fs::watch::Watch;
use crate::fs::{PRIVATE_FILE, clear_temporary, remove_file, replace, temporary_of};
use crate::verify::target::Target;

/// The folders of a B2Bi Server through which a document passes, below its home.
const IN: &str = "Interchange/in";
const OUT: &str = "Integrator/out";
const REJECTED: &str = "Interchange/rejected";
/// How the names of our documents begin.
const PREFIX: &str = "verification-";

pub(super) async fn ask(target: &Target) -> Finding {
    pass(&target.product.home)
        .await
        .unwrap_or_else(|error| Finding::cannot_tell(format!("the document's folders cannot be used: {error}")))
}

async fn pass(home: &Path) -> io::Result<Finding> {
    let document = Document::new(home);
    let mut watch = Watch::new(&[&home.join(OUT), &home.join(REJECTED)])?;
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
pub fn clear_temporaries(home: &Path) -> io::Result<()> {
    let entries = match std::fs::read_dir(home.join(IN)) {
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
    fn new(home: &Path) -> Self {
        let nonce = format!("{:032x}", rand::random::<u128>());
        let name = format!("{PREFIX}{nonce}.json");
        Self {
            put_in: home.join(IN).join(&name),
            come_out: home.join(OUT).join(&name),
            rejected: home.join(REJECTED).join(&name),
            reason: home.join(REJECTED).join(format!("{name}.reason")),
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
    use std::time::Duration;

    use super::*;
    use crate::fs::{create_folders, rename};
    use crate::verify::Verdict;

    /// Sends a document and lets `engine` do with it what an engine would; returns what is left in the folders too.
    async fn sent(engine: fn(&Path, &Path)) -> (Finding, usize) {
        let dir = tempfile::tempdir().expect("a folder");
        let home = dir.path().to_path_buf();
        for folder in [IN, OUT, REJECTED] {
            create_folders(&home.join(folder)).expect("made");
        }
        let mut watch = Watch::new(&[&home.join(IN)]).expect("watching");
        let there = home.clone();
        let engine = tokio::spawn(async move {
            loop {
                watch.next().await.expect("changes");
                let names = std::fs::read_dir(there.join(IN)).expect("read").filter_map(Result::ok);
                let whole = names.map(|entry| entry.path()).find(|path| path.extension().is_some_and(|e| e == "json"));
                if let Some(path) = whole {
                    return engine(&there, &path);
                }
            }
        });
        let finding =
            tokio::time::timeout(Duration::from_secs(10), pass(&home)).await.expect("in time").expect("asked");
        engine.await.expect("ended");
        let left = [IN, OUT, REJECTED].map(|folder| std::fs::read_dir(home.join(folder)).expect("read").count());
        (finding, left.iter().sum())
    }

    fn name(path: &Path) -> String {
        path.file_name().expect("a name").to_string_lossy().into_owned()
    }

    #[tokio::test]
    async fn a_document_that_comes_out_as_it_should_is_good_and_leaves_nothing() {
        let (finding, left) = sent(|home, path| {
            let mut content: Value = serde_json::from_slice(&std::fs::read(path).expect("read")).expect("json");
            content["passed"] = json!(true);
            let out = home.join(OUT).join(name(path));
            replace(&out, content.to_string().as_bytes(), PRIVATE_FILE).expect("delivered");
        })
        .await;
        assert_eq!((finding.verdict, left), (Verdict::Ok, 0));
    }

    #[tokio::test]
    async fn another_content_fails() {
        let (finding, left) = sent(|home, path| {
            let out = home.join(OUT).join(name(path));
            replace(&out, b"{\"probe\":\"another\",\"passed\":true}", PRIVATE_FILE).expect("delivered");
        })
        .await;
        assert_eq!((finding.verdict, left), (Verdict::Failed, 0));
    }

    #[tokio::test]
    async fn a_rejection_is_told_with_its_reason_and_cleaned_away() {
        let (finding, left) = sent(|home, path| {
            let folder = home.join(REJECTED);
            let reason = folder.join(format!("{}.reason", name(path)));
            replace(&reason, b"there is no map verification for it\n", PRIVATE_FILE).expect("written");
            rename(path, &folder.join(name(path))).expect("moved");
        })
        .await;
        assert_eq!(finding, Finding::failed("the document was rejected: there is no map verification for it"));
        assert_eq!(left, 0);
    }
}
