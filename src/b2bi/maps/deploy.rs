//! Deploying maps: what stands in the folder is compiled and put into the database, each change with a new version.

use std::collections::BTreeMap;
use std::io;
use std::path::Path;

use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};
use sqlx::{Sqlite, Transaction};

use super::compile::{MAX_MAP, compile};
use crate::b2bi::failure::Failure;
use crate::b2bi::tables::Tables;

/// One map as the status tells it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Map {
    /// The file's name without `.jq`.
    pub name: String,
    /// SHA-256 of what is deployed, in hexadecimal; of the refused content when nothing ever was.
    pub checksum: String,
    /// Grows with every deployed change; 0 when nothing was ever deployed.
    pub version: i64,
    /// Whether what stands in the folder is what is deployed.
    pub deployed: bool,
    /// Why not. An earlier version stays in use.
    pub error: Option<String>,
}

/// What a deployment did with one map.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Change {
    /// It is as before.
    Unchanged,
    /// A new version was deployed.
    Deployed,
    /// Its content does not compile.
    Refused,
    /// Its file is gone; it is in use no more.
    Removed,
}

/// What documents are turned with.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Deployed {
    /// The jq program.
    pub content: String,
    /// Its version.
    pub version: i64,
}

struct Row {
    checksum: Option<String>,
    version: i64,
    refused: Option<String>,
    present: bool,
}

/// Compiles and deploys every `*.jq` of the folder in one transaction. Two engines may do this at once.
pub async fn deploy(tables: &Tables, folder: &Path) -> Result<Vec<(Map, Change)>, Failure> {
    let files = read(folder)
        .map_err(|error| Failure::CannotTell(format!("the maps in {} cannot be read: {error}", folder.display())))?;
    let mut transaction = tables.write().await?;
    let mut known = rows(&mut transaction).await?;
    let mut changes = BTreeMap::new();
    for (name, content) in files {
        let row = known.remove(&name);
        let change = deploy_one(&mut transaction, &name, content, row).await?;
        changes.insert(name, change);
    }
    for (name, _) in known.into_iter().filter(|(_, row)| row.present) {
        sqlx::query("UPDATE maps SET present = 0, content = NULL, checksum = NULL, refused = NULL WHERE name = $1")
            .bind(&name)
            .execute(&mut *transaction)
            .await?;
        changes.insert(name, Change::Removed);
    }
    let maps = select(&mut transaction).await?;
    transaction.commit().await?;
    let removed = |name: &String| Map {
        name: name.clone(),
        checksum: String::new(),
        version: 0,
        deployed: false,
        error: None,
    };
    Ok(changes
        .into_iter()
        .map(|(name, change)| {
            let map = maps.iter().find(|map| map.name == name).cloned();
            (map.unwrap_or_else(|| removed(&name)), change)
        })
        .collect())
}

async fn deploy_one(
    transaction: &mut Transaction<'static, Sqlite>,
    name: &str,
    content: Result<String, String>,
    row: Option<Row>,
) -> Result<Change, Failure> {
    let checksum = content.as_ref().map_or(String::new(), |text| hex(&Sha256::digest(text)));
    if let Some(row) = &row
        && row.present
        && row.refused.is_none()
        && row.checksum.as_deref() == Some(&checksum)
    {
        return Ok(Change::Unchanged);
    }
    let compiled = match content {
        Ok(text) => tokio::task::spawn_blocking(move || compile(&text).map(|()| text))
            .await
            .unwrap_or_else(|error| Err(error.to_string())),
        Err(why) => Err(why),
    };
    match compiled {
        Ok(text) => {
            // The old content put back after a refused one is no change of what is deployed.
            let grows = row.as_ref().is_none_or(|row| row.checksum.as_deref() != Some(&checksum));
            let version = row.map_or(0, |row| row.version) + i64::from(grows);
            store(transaction, name, &text, &checksum, version).await?;
            Ok(Change::Deployed)
        }
        Err(error) => {
            refuse(transaction, name, &checksum, &error).await?;
            Ok(Change::Refused)
        }
    }
}

async fn store(
    transaction: &mut Transaction<'static, Sqlite>,
    name: &str,
    content: &str,
    checksum: &str,
    version: i64,
) -> Result<(), sqlx::Error> {
    let upsert = "INSERT INTO maps (name, content, checksum, version, present, deployed_at) \
                  VALUES ($1, $2, $3, $4, 1, $5) ON CONFLICT (name) DO UPDATE SET content = $2, checksum = $3, \
                  version = $4, present = 1, deployed_at = $5, refused = NULL, error = NULL";
    sqlx::query(upsert)
        .bind(name)
        .bind(content)
        .bind(checksum)
        .bind(version)
        .bind(jiff::Timestamp::now().to_string())
        .execute(&mut **transaction)
        .await
        .map(drop)
}

async fn refuse(
    transaction: &mut Transaction<'static, Sqlite>,
    name: &str,
    checksum: &str,
    error: &str,
) -> Result<(), sqlx::Error> {
    let upsert = "INSERT INTO maps (name, version, present, refused, error) VALUES ($1, 0, 1, $2, $3) \
                  ON CONFLICT (name) DO UPDATE SET present = 1, refused = $2, error = $3";
    sqlx::query(upsert).bind(name).bind(checksum).bind(error).execute(&mut **transaction).await.map(drop)
}

async fn rows(transaction: &mut Transaction<'static, Sqlite>) -> Result<BTreeMap<String, Row>, sqlx::Error> {
    let rows: Vec<(String, Option<String>, i64, Option<String>, bool)> =
        sqlx::query_as("SELECT name, checksum, version, refused, present FROM maps")
            .fetch_all(&mut **transaction)
            .await?;
    Ok(rows
        .into_iter()
        .map(|(name, checksum, version, refused, present)| (name, Row { checksum, version, refused, present }))
        .collect())
}

/// Every map of the folder, as it was found at the last deployment.
pub async fn list(tables: &Tables) -> Result<Vec<Map>, sqlx::Error> {
    let mut transaction = tables.pool.begin().await?;
    select(&mut transaction).await
}

async fn select(transaction: &mut Transaction<'static, Sqlite>) -> Result<Vec<Map>, sqlx::Error> {
    let rows: Vec<(String, Option<String>, i64, Option<String>, Option<String>)> =
        sqlx::query_as("SELECT name, checksum, version, refused, error FROM maps WHERE present = 1 ORDER BY name")
            .fetch_all(&mut **transaction)
            .await?;
    Ok(rows
        .into_iter()
        .map(|(name, checksum, version, refused, error)| Map {
            name,
            deployed: refused.is_none(),
            checksum: checksum.or(refused).unwrap_or_default(),
            version,
            error,
        })
        .collect())
}

/// The deployed map of this name.
pub async fn deployed(tables: &Tables, name: &str) -> Result<Option<Deployed>, sqlx::Error> {
    let row: Option<(String, i64)> = sqlx::query_as(
        "SELECT content, version FROM maps WHERE name = $1 AND present = 1 AND content IS NOT NULL",
    )
    .bind(name)
    .fetch_optional(&tables.pool)
    .await?;
    Ok(row.map(|(content, version)| Deployed { content, version }))
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

/// Bytes in hexadecimal.
pub(in crate::b2bi) fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

#[cfg(test)]
mod tests {
    use tempfile::TempDir;

    use super::*;

    struct Bench {
        dir: TempDir,
        tables: Tables,
    }

    impl Bench {
        async fn new() -> Self {
            let dir = tempfile::tempdir().expect("a folder");
            let tables = Tables::open(&dir.path().join("b2bi.db")).await.expect("opened");
            Self { dir, tables }
        }

        fn put(&self, name: &str, content: &str) {
            std::fs::write(self.dir.path().join(name), content).expect("written");
        }

        async fn deploy(&self) -> Vec<(String, Change, i64)> {
            let done = deploy(&self.tables, self.dir.path()).await.expect("deployed");
            done.into_iter().map(|(map, change)| (map.name, change, map.version)).collect()
        }
    }

    #[tokio::test]
    async fn good_maps_are_deployed_unchanged_ones_left_alone_and_changes_get_a_new_version() {
        let bench = Bench::new().await;
        bench.put("a.jq", ".a");
        bench.put("b.jq", ".b");
        bench.put("notes.txt", "no map");
        bench.put(".c.jq", ".c");
        let of = |name: &str, change, version| (name.to_owned(), change, version);
        assert_eq!(bench.deploy().await, [of("a", Change::Deployed, 1), of("b", Change::Deployed, 1)]);
        bench.put("b.jq", ".b | .");
        assert_eq!(bench.deploy().await, [of("a", Change::Unchanged, 1), of("b", Change::Deployed, 2)]);
        assert_eq!(deployed(&bench.tables, "b").await.expect("asked").map(|map| map.content), Some(".b | .".into()));
        bench.put("b.jq", ".b");
        assert_eq!(bench.deploy().await[1], of("b", Change::Deployed, 3));
        assert_eq!(list(&bench.tables).await.expect("listed")[0].checksum, hex(&Sha256::digest(".a")));
    }

    #[tokio::test]
    async fn a_bad_map_is_named_and_the_rest_goes_on() {
        let bench = Bench::new().await;
        bench.put("bad.jq", ".a | nosuch");
        bench.put("good.jq", ".");
        let done = deploy(&bench.tables, bench.dir.path()).await.expect("deployed");
        assert_eq!((done[0].1, done[1].1), (Change::Refused, Change::Deployed));
        let bad = &list(&bench.tables).await.expect("listed")[0];
        assert!(!bad.deployed && bad.version == 0);
        assert!(bad.error.as_deref().is_some_and(|error| error.starts_with("line 1, column 6")), "{bad:?}");
        assert!(deployed(&bench.tables, "bad").await.expect("asked").is_none());
    }

    #[tokio::test]
    async fn a_deployed_map_stays_in_use_when_its_new_content_is_bad() {
        let bench = Bench::new().await;
        bench.put("a.jq", ".a");
        bench.deploy().await;
        bench.put("a.jq", ".a |");
        assert_eq!(bench.deploy().await, [("a".to_owned(), Change::Refused, 1)]);
        let kept = deployed(&bench.tables, "a").await.expect("asked").expect("kept");
        assert_eq!((kept.content.as_str(), kept.version), (".a", 1));
        bench.put("a.jq", ".a");
        assert_eq!(bench.deploy().await, [("a".to_owned(), Change::Deployed, 1)]);
        assert_eq!(list(&bench.tables).await.expect("listed")[0].error, None);
    }

    #[tokio::test]
    async fn a_map_whose_file_is_gone_is_in_use_no_more_and_keeps_counting_its_versions() {
        let bench = Bench::new().await;
        bench.put("a.jq", ".a");
        bench.deploy().await;
        std::fs::remove_file(bench.dir.path().join("a.jq")).expect("removed");
        assert_eq!(bench.deploy().await[0].1, Change::Removed);
        assert!(bench.deploy().await.is_empty());
        assert!(deployed(&bench.tables, "a").await.expect("asked").is_none());
        assert!(list(&bench.tables).await.expect("listed").is_empty());
        bench.put("a.jq", ".a");
        assert_eq!(bench.deploy().await, [("a".to_owned(), Change::Deployed, 2)]);
    }
}
