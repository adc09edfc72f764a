//! What became of every document, as each engine saw it: the table `documents`.

use std::fmt;

use super::engine::Engine;
use super::tables::Tables;

/// The longest document name, in bytes: the names made from it must be names of files too.
const MAX_NAME: usize = 200;

/// A document's name: one that can be a file's name in every folder that it passes.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Name(String);

impl Name {
    /// Takes a file's name; `None` when it is empty, hidden, too long, or holds a slash or control characters.
    pub fn parse(text: &str) -> Option<Self> {
        let bad = text.is_empty()
            || text.starts_with('.')
            || text.len() > MAX_NAME
            || text.contains(|c: char| c == '/' || c.is_control());
        (!bad).then(|| Self(text.to_owned()))
    }

    /// A name that can be taken, as near as possible to one that cannot.
    pub fn near(text: &str) -> Self {
        let clean: String = text.chars().map(|c| if c == '/' || c.is_control() { '_' } else { c }).collect();
        let clean = clean.trim_start_matches('.');
        let end = clean.char_indices().map(|(at, c)| at + c.len_utf8()).take_while(|end| *end <= MAX_NAME).last();
        match &clean[..end.unwrap_or(0)] {
            "" => Self("document".to_owned()),
            name => Self(name.to_owned()),
        }
    }

    /// The text.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The map that the name selects: the part before the first `-` or `.`.
    pub fn map(&self) -> &str {
        self.0.split(['-', '.']).next().unwrap_or_default()
    }
}

impl fmt::Display for Name {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// How far a document has come in one engine.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Status {
    /// Taken in, not yet delivered.
    Received,
    /// Mapped, and its result is about to get its place.
    Mapped,
    /// Delivered.
    Done,
    /// Not accepted.
    Rejected,
}

impl Status {
    fn word(self) -> &'static str {
        match self {
            Self::Received => "received",
            Self::Mapped => "mapped",
            Self::Done => "done",
            Self::Rejected => "rejected",
        }
    }

    fn of(word: &str) -> Self {
        [Self::Mapped, Self::Done, Self::Rejected]
            .into_iter()
            .find(|status| status.word() == word)
            .unwrap_or(Self::Received)
    }
}

/// One document in one engine.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Document {
    /// Its name.
    pub name: Name,
    /// SHA-256 of its content, in hexadecimal; `None` when it was too large to be read.
    pub sha256: Option<String>,
    /// How far it has come.
    pub status: Status,
    /// Map and version that turned it.
    pub map: Option<(String, i64)>,
    /// Why it was rejected.
    pub reason: Option<String>,
    /// SHA-256 of what the map made of it, in hexadecimal.
    pub output: Option<String>,
}

impl Document {
    /// A document that was just taken in.
    pub fn received(name: &Name, sha256: Option<&str>) -> Self {
        Self {
            name: name.clone(),
            sha256: sha256.map(str::to_owned),
            status: Status::Received,
            map: None,
            reason: None,
            output: None,
        }
    }

    /// The same, rejected.
    #[must_use]
    pub fn rejected(self, reason: &str) -> Self {
        Self { status: Status::Rejected, reason: Some(reason.to_owned()), ..self }
    }

    /// Writes the row, in the place of an earlier one for the same name and content.
    pub async fn store(&self, tables: &Tables, engine: Engine) -> Result<(), sqlx::Error> {
        let upsert = "INSERT INTO documents (engine, name, sha256, map, map_version, status, reason, output, time) \
                      VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9) ON CONFLICT (engine, name, sha256) DO UPDATE \
                      SET map = $4, map_version = $5, status = $6, reason = $7, output = $8, time = $9";
        sqlx::query(upsert)
            .bind(engine.id())
            .bind(self.name.as_str())
            .bind(&self.sha256)
            .bind(self.map.as_ref().map(|(name, _)| name))
            .bind(self.map.as_ref().map(|(_, version)| *version))
            .bind(self.status.word())
            .bind(&self.reason)
            .bind(&self.output)
            .bind(jiff::Timestamp::now().to_string())
            .execute(&tables.pool)
            .await
            .map(drop)
    }

    /// The row for this name and content.
    pub async fn find(tables: &Tables, engine: Engine, name: &Name, sha256: &str) -> Result<Option<Self>, sqlx::Error> {
        let select = format!("{SELECT} WHERE engine = $1 AND name = $2 AND sha256 = $3");
        let row: Option<Row> = sqlx::query_as(sqlx::AssertSqlSafe(select))
            .bind(engine.id())
            .bind(name.as_str())
            .bind(sha256)
            .fetch_optional(&tables.pool)
            .await?;
        Ok(row.and_then(from_row))
    }

    /// Every row with this status, oldest first.
    pub async fn with_status(tables: &Tables, engine: Engine, status: Status) -> Result<Vec<Self>, sqlx::Error> {
        let select = format!("{SELECT} WHERE engine = $1 AND status = $2 ORDER BY id");
        let rows: Vec<Row> = sqlx::query_as(sqlx::AssertSqlSafe(select))
            .bind(engine.id())
            .bind(status.word())
            .fetch_all(&tables.pool)
            .await?;
        Ok(rows.into_iter().filter_map(from_row).collect())
    }
}

const SELECT: &str = "SELECT name, sha256, status, map, map_version, reason, output FROM documents";

type Row = (String, Option<String>, String, Option<String>, Option<i64>, Option<String>, Option<String>);

fn from_row((name, sha256, status, map, version, reason, output): Row) -> Option<Document> {
    let map = map.zip(version);
    Some(Document { name: Name::parse(&name)?, sha256, status: Status::of(&status), map, reason, output })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_selects_its_map_and_never_leaves_its_folder() {
        for (name, map) in [("order-4711.json", "order"), ("invoice.json", "invoice"), ("x", "x"), ("-a.json", "")] {
            assert_eq!(Name::parse(name).expect(name).map(), map);
        }
        for name in ["", ".hidden", "../up", "a/b", "a\nb", &"x".repeat(201)] {
            assert_eq!(Name::parse(name), None, "{name}");
            assert!(Name::parse(Name::near(name).as_str()).is_some(), "{name}");
        }
        assert_eq!(Name::near("..a/b\u{7}c").as_str(), "a_b_c");
        assert_eq!(Name::near(&"ü".repeat(150)).as_str().len(), 200);
    }

    #[tokio::test]
    async fn a_row_stands_once_for_name_and_content_in_each_engine() {
        let dir = tempfile::tempdir().expect("a folder");
        let tables = Tables::open(&dir.path().join("b2bi.db")).await.expect("opened");
        let name = Name::parse("order-1.json").expect("a name");
        let document = Document::received(&name, Some("aa"));
        document.store(&tables, Engine::Integrator).await.expect("stored");
        let rejected = document.clone().rejected("no such map");
        rejected.store(&tables, Engine::Integrator).await.expect("stored");
        let found = Document::find(&tables, Engine::Integrator, &name, "aa").await.expect("asked");
        assert_eq!(found, Some(rejected));
        assert_eq!(Document::find(&tables, Engine::Interchange, &name, "aa").await.expect("asked"), None);
        let all = Document::with_status(&tables, Engine::Integrator, Status::Rejected).await.expect("asked");
        assert_eq!(all.len(), 1);
    }
}
