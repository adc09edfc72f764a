//! Deploying maps: what stands in the folder is compiled and put in use, each change with a new version.

use std::collections::BTreeMap;
use std::io;
use std::path::Path;

use sqlx::{Sqlite, Transaction};

use super::compile::MAX_MAP;
use super::rows::{Row, all, put_in_use, put_out_of_use, refuse};
use super::runner::{Runner, Unmapped};
use crate::b2bi::failure::Failure;
use crate::b2bi::sha256;
use crate::b2bi::tables::Tables;

/// What a deployment did with one map.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Change {
    /// It is as before.
    Unchanged,
    /// Its content was put in use.
    Deployed,
    /// Its content does not compile.
    Refused,
    /// Its file is gone; it is in use no more.
    Removed,
}

/// Compiles and deploys every `*.jq` of the folder in one transaction, and tells what happened to which name. Two
/// engines may do this at once.
pub async fn deploy(tables: &Tables, folder: &Path, runner: &Runner) -> Result<BTreeMap<String, Change>, Failure> {
    let files = read(folder)
        .map_err(|error| Failure::CannotTell(format!("the maps in {} cannot be read: {error}", folder.display())))?;
    let mut transaction = tables.write().await?;
    let mut known = all(&mut transaction).await?;
    let mut changes = BTreeMap::new();
    for (name, content) in files {
        let row = known.remove(&name);
        let change = deploy_one(&mut transaction, runner, &name, content, row).await?;
        changes.insert(name, change);
    }
    for (name, _) in known.into_iter().filter(|(_, row)| row.present) {
        put_out_of_use(&mut transaction, &name).await?;
        changes.insert(name, Change::Removed);
    }
    transaction.commit().await?;
    Ok(changes)
}

async fn deploy_one(
    transaction: &mut Transaction<'static, Sqlite>,
    runner: &Runner,
    name: &str,
    content: Result<String, String>,
    row: Option<Row>,
) -> Result<Change, Failure> {
    let checksum = content.as_ref().map_or(String::new(), sha256);
    let same = row.as_ref().is_some_and(|row| row.checksum.as_deref() == Some(&checksum));
    if same && row.as_ref().is_some_and(|row| row.present && row.refused.is_none()) {
        return Ok(Change::Unchanged);
    }
    match compiled(runner, name, content).await? {
        Ok(text) => {
            // The content in use, put back after a refused one, is no new version.
            let version = row.map_or(0, |row| row.version) + i64::from(!same);
            put_in_use(transaction, name, &text, &checksum, version).await?;
            Ok(Change::Deployed)
        }
        Err(error) => {
            refuse(transaction, name, &checksum, &error).await?;
            Ok(Change::Refused)
        }
    }
}

async fn compiled(
    runner: &Runner,
    name: &str,
    content: Result<String, String>,
) -> Result<Result<String, String>, Failure> {
    let Ok(text) = content else { return Ok(content) };
    match runner.check(&text).await {
        Ok(()) => Ok(Ok(text)),
        Err(Unmapped::Rejected(why)) => Ok(Err(why)),
        Err(Unmapped::Later(why)) => Err(Failure::CannotTell(format!("map {name} cannot be compiled: {why}"))),
    }
}

/// Name and content of every map; a content that cannot be taken is an error text instead.
fn read(folder: &Path) -> io::Result<BTreeMap<String, Result<String, String>>> {
    let mut maps = BTreeMap::new();
    for entry in std::fs::read_dir(folder)? {
        let entry = entry?;
        let file_name = entry.file_name();
        let Some(name) = file_name.to_str().and_then(|name| name.strip_suffix(".jq")) else { continue };
        if name.is_empty() || name.starts_with('.') {
            continue;
        }
        maps.insert(name.to_owned(), content(&entry.path()));
    }
    Ok(maps)
}

fn content(path: &Path) -> Result<String, String> {
    let cannot = |error: io::Error| format!("cannot be read: {error}");
    let meta = std::fs::metadata(path).map_err(cannot)?;
    if !meta.is_file() {
        return Err("is no regular file".to_owned());
    }
    if meta.len() > MAX_MAP as u64 {
        return Err(format!("is longer than {} KiB", MAX_MAP / 1024));
    }
    String::from_utf8(std::fs::read(path).map_err(cannot)?).map_err(|_| "is no UTF-8 text".to_owned())
}
