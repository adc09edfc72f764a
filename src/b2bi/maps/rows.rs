//! The table `maps`: what is deployed, and what stands in the folder but is not.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use sqlx::{Sqlite, Transaction};

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

/// What documents are turned with.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Deployed {
    /// The jq program.
    pub content: String,
    /// Its version.
    pub version: i64,
}

/// One row, without the content.
pub(super) struct Row {
    pub checksum: Option<String>,
    pub version: i64,
    pub refused: Option<String>,
    pub error: Option<String>,
    pub present: bool,
}

type Write = Transaction<'static, Sqlite>;
type Columns = (String, Option<String>, i64, Option<String>, Option<String>, bool);

impl Row {
    fn into_map(self, name: String) -> Map {
        let deployed = self.refused.is_none();
        let checksum = self.checksum.or(self.refused).unwrap_or_default();
        Map { name, checksum, version: self.version, deployed, error: self.error }
    }
}

/// Every map that was ever seen, by name.
pub(super) async fn all(transaction: &mut Write) -> Result<BTreeMap<String, Row>, sqlx::Error> {
    let select = "SELECT name, checksum, version, refused, error, present FROM maps";
    let rows: Vec<Columns> = sqlx::query_as(select).fetch_all(&mut **transaction).await?;
    let row =
        |(name, checksum, version, refused, error, present)| (name, Row { checksum, version, refused, error, present });
    Ok(rows.into_iter().map(row).collect())
}

/// Puts a content that compiles in use.
pub(super) async fn put_in_use(
    transaction: &mut Write,
    name: &str,
    content: &str,
    checksum: &str,
    version: i64,
) -> Result<(), sqlx::Error> {
    let upsert = "INSERT INTO maps (name, content, checksum, version, present, deployed_at) \
                  VALUES ($1, $2, $3, $4, 1, $5) ON CONFLICT (name) DO UPDATE SET content = $2, checksum = $3, \
                  version = $4, present = 1, deployed_at = $5, refused = NULL, error = NULL";
    let now = jiff::Timestamp::now().to_string();
    let query = sqlx::query(upsert).bind(name).bind(content).bind(checksum).bind(version).bind(now);
    query.execute(&mut **transaction).await.map(drop)
}

/// Notes a content that does not compile; what is in use stays.
pub(super) async fn refuse(
    transaction: &mut Write,
    name: &str,
    checksum: &str,
    error: &str,
) -> Result<(), sqlx::Error> {
    let upsert = "INSERT INTO maps (name, version, present, refused, error) VALUES ($1, 0, 1, $2, $3) \
                  ON CONFLICT (name) DO UPDATE SET present = 1, refused = $2, error = $3";
    sqlx::query(upsert).bind(name).bind(checksum).bind(error).execute(&mut **transaction).await.map(drop)
}

/// Takes a map out of use whose file is gone. Its row goes on counting versions.
pub(super) async fn put_out_of_use(transaction: &mut Write, name: &str) -> Result<(), sqlx::Error> {
    let update = "UPDATE maps SET present = 0, content = NULL, checksum = NULL, refused = NULL, error = NULL \
                  WHERE name = $1";
    sqlx::query(update).bind(name).execute(&mut **transaction).await.map(drop)
}

/// Every map of the folder, as it was found at the last deployment.
pub async fn list(tables: &Tables) -> Result<Vec<Map>, sqlx::Error> {
    let mut transaction = tables.pool.begin().await?;
    let rows = all(&mut transaction).await?;
    Ok(rows.into_iter().filter(|(_, row)| row.present).map(|(name, row)| row.into_map(name)).collect())
}

/// The map of this name that is in use.
pub async fn in_use(tables: &Tables, name: &str) -> Result<Option<Deployed>, sqlx::Error> {
    let select = "SELECT content, version FROM maps WHERE name = $1 AND present = 1 AND content IS NOT NULL";
    let row: Option<(String, i64)> = sqlx::query_as(select).bind(name).fetch_optional(&tables.pool).await?;
    Ok(row.map(|(content, version)| Deployed { content, version }))
}
