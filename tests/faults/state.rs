//! What an estate is at one moment, as far as it must not be half changed.

use std::collections::BTreeMap;
use std::net::TcpListener;
use std::os::unix::fs::MetadataExt;
use std::path::{Path, PathBuf};

use serde_json::Value;

use crate::estate::TestEstate;

/// A file with all that can be told of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Kept {
    pub content: Vec<u8>,
    pub mode: u32,
    pub owner: (u32, u32),
    pub modified: (i64, i64),
}

/// Files by their path.
pub type Files = BTreeMap<PathBuf, Kept>;

/// An estate that stands.
pub struct State {
    files: Files,
    /// Ids of secrets with their states, as the authority has them.
    secrets: Vec<(String, String)>,
    /// What runs.
    processes: Vec<(String, bool)>,
}

/// What a run keeps in a folder without an estate.
const KEPT: [&str; 3] = ["lock", "journal", "history.jsonl"];
/// What stays of a settled change in no folder.
const ASIDE: &str = "removed-";

/// Every regular file below a folder.
pub fn files(dir: &Path) -> Files {
    let mut found = Files::new();
    let mut folders = vec![dir.to_path_buf()];
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(&folder).into_iter().flatten().flatten() {
            let path = entry.path();
            let Ok(meta) = std::fs::symlink_metadata(&path) else { continue };
            if meta.is_dir() {
                folders.push(path);
            } else if meta.is_file() {
                let content = std::fs::read(&path).unwrap_or_default();
                let owner = (meta.uid(), meta.gid());
                found.insert(
                    path,
                    Kept { content, mode: meta.mode(), owner, modified: (meta.mtime(), meta.mtime_nsec()) },
                );
            }
        }
    }
    found
}

/// Whether a file is written by a running product whenever it likes, or by every run.
fn is_passing(path: &Path) -> bool {
    let below = |folder: &str| path.components().any(|part| part.as_os_str() == folder);
    let written = ["run", "logs", "data", "journal", "in", "out", "rejected"].iter().any(|folder| below(folder));
    written
        || path.extension().is_some_and(|extension| extension == "lock")
        || KEPT.iter().any(|name| path.as_os_str() == *name)
}

impl State {
    /// The estate as it stands; `None` when there is none, and then nothing of it may be there or run.
    pub fn of(estate: &TestEstate) -> Result<Option<Self>, Vec<String>> {
        let dir = estate.path("");
        let entries = std::fs::read_dir(&dir).into_iter().flatten().flatten();
        let names: Vec<String> = entries.map(|entry| entry.file_name().to_string_lossy().into_owned()).collect();
        if names.iter().all(|name| KEPT.contains(&name.as_str())) {
            let in_use = [estate.https_port, estate.client_auth_port].into_iter().filter(|port| !is_free(*port));
            let faults: Vec<String> = in_use.map(|port| format!("port {port} is still in use")).collect();
            return if faults.is_empty() { Ok(None) } else { Err(faults) };
        }
        let relative = |(path, kept): (PathBuf, Kept)| Some((path.strip_prefix(&dir).ok()?.to_path_buf(), kept));
        let files = files(&dir).into_iter().filter_map(relative).filter(|(path, _)| !is_passing(path)).collect();
        let (_, status) = estate.json(&["status"]);
        let (_, secrets) = estate.json(&["passport", "secret", "list"]);
        Ok(Some(Self { files, secrets: listed(&secrets), processes: processes(&status) }))
    }

    /// What is not exactly as it was; empty when all is.
    pub fn differences(&self, before: &Self) -> Vec<String> {
        let mut told = self.other_names(before);
        for (path, was) in &before.files {
            let Some(is) = self.files.get(path) else { continue };
            let parts = [
                ("content", is.content == was.content),
                ("mode", is.mode == was.mode),
                ("owner", is.owner == was.owner),
                ("time", is.modified == was.modified),
            ];
            told.extend(
                parts
                    .iter()
                    .filter(|(_, same)| !same)
                    .map(|(what, _)| format!("{} has another {what}", path.display())),
            );
        }
        if self.secrets != before.secrets {
            told.push(format!("secrets {:?}, not {:?}", self.secrets, before.secrets));
        }
        told.extend(self.other_processes(before));
        told
    }

    /// In what this differs from how it should have become, given how it was. Keys and secrets differ from run to run.
    pub fn shortfalls(&self, wanted: &Self, before: Option<&Self>) -> Vec<String> {
        let mut told = self.other_names(wanted);
        for name in ["estate.toml", "answers.toml"] {
            let content = |state: &Self| state.files.get(Path::new(name)).map(|kept| kept.content.clone());
            if content(self) != content(wanted) {
                told.push(format!("{name} is not as it should become"));
            }
        }
        let states = |state: &Self| {
            let mut states: Vec<String> = state.secrets.iter().map(|(_, state)| state.clone()).collect();
            states.sort();
            states
        };
        if states(self) != states(wanted) {
            told.push(format!("secrets {:?}, not {:?}", self.secrets, states(wanted)));
        }
        if let Some(before) = before {
            let changes = |state: &Self| state.current() != before.current();
            if changes(self) != changes(wanted) {
                told.push("the current secret is not the one it should be".to_owned());
            }
        }
        told.extend(self.other_processes(wanted));
        told
    }

    fn current(&self) -> Option<&str> {
        self.secrets.iter().find(|(_, state)| state == "current").map(|(id, _)| id.as_str())
    }

    fn other_names(&self, wanted: &Self) -> Vec<String> {
        let missing = wanted.files.keys().filter(|path| !self.files.contains_key(*path));
        let more = self.files.keys().filter(|path| !wanted.files.contains_key(*path));
        missing
            .map(|path| format!("{} is missing", path.display()))
            .chain(more.map(|path| format!("{} should not be there", path.display())))
            .collect()
    }

    fn other_processes(&self, wanted: &Self) -> Option<String> {
        (self.processes != wanted.processes).then(|| format!("{:?}, not {:?}", self.processes, wanted.processes))
    }
}

/// What no settled change may leave: temporaries, keys, things moved aside.
pub fn leftovers(dir: &Path) -> Vec<String> {
    let mut found = Vec::new();
    let mut folders = vec![dir.to_path_buf()];
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(&folder).into_iter().flatten().flatten() {
            let (path, name) = (entry.path(), entry.file_name().to_string_lossy().into_owned());
            let in_journal = folder.ends_with("journal");
            let is_temporary = name.starts_with('.') && name.contains(".countersign");
            let ends = |ending: &str| path.extension().is_some_and(|extension| extension == ending);
            if is_temporary || (in_journal && ends("key")) || ends("new") || (in_journal && name.starts_with(ASIDE)) {
                found.push(format!("{} is left", path.display()));
            } else if path.is_dir() {
                folders.push(path);
            }
        }
    }
    found
}

fn is_free(port: u16) -> bool {
    TcpListener::bind(("127.0.0.1", port)).is_ok()
}

fn listed(secrets: &Value) -> Vec<(String, String)> {
    let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
    let secrets = secrets.get("secrets").unwrap_or(secrets);
    let all = secrets.as_array().into_iter().flatten().map(|one| (text(&one["id"]), text(&one["state"])));
    // One that was dropped or is over stays on record by its id alone.
    let mut listed: Vec<_> = all.filter(|(_, state)| state != "retired").collect();
    listed.sort();
    listed
}

fn processes(status: &Value) -> Vec<(String, bool)> {
    let authority = ("authority".to_owned(), status["authority"]["process"] == "running");
    let components = status["components"].as_array().into_iter().flatten();
    let rest = components
        .filter(|one| !one["process"].is_null())
        .map(|one| (one["id"].as_str().unwrap_or_default().to_owned(), one["process"] == "running"));
    std::iter::once(authority).chain(rest).collect()
}
