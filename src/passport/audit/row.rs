//! One row as the table has it.

use std::borrow::Cow;
use std::fmt;

use serde::{Serialize, Serializer};

use super::entry::{Entry, Who};
use super::hex;
use crate::passport::Time;
use crate::passport::store::Row as Stored;

/// A decision in its place.
#[derive(Debug, Clone, Serialize)]
pub struct Row<'a> {
    /// The node that decided.
    pub node: String,
    /// Its place in the node's chain, from 1; none for a row from before there were chains.
    pub number: Option<i64>,
    /// When it was written.
    pub time: Time,
    /// The decision.
    #[serde(flatten)]
    pub entry: Cow<'a, Entry>,
    /// SHA-256 over the previous row's hash and this row.
    #[serde(serialize_with = "as_hex")]
    pub hash: Option<Vec<u8>>,
}

impl Row<'static> {
    /// Reads a row of `SELECT * FROM audit`.
    pub(super) fn read(row: &Stored) -> Result<Self, sqlx::Error> {
        let entry = Entry {
            who: Who { name: row.try_get("who")?, source: row.try_get("source")? },
            act: Cow::Owned(row.try_get("act")?),
            component: row.try_get("component")?,
            secret_id: row.try_get("secret_id")?,
            change: row.try_get("change")?,
            request: row.try_get("request")?,
            serial: row.try_get("serial")?,
            result: row.try_get("result")?,
            reason: row.try_get("reason")?,
        };
        Ok(Self {
            node: row.try_get("node")?,
            number: row.try_get("number")?,
            time: Time(row.try_get("time")?),
            entry: Cow::Owned(entry),
            hash: row.try_get("hash")?,
        })
    }
}

/// As a line for people.
impl fmt::Display for Row<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {}", self.time, self.entry)
    }
}

#[expect(clippy::ref_option, reason = "the shape that serde asks for")]
fn as_hex<S: Serializer>(hash: &Option<Vec<u8>>, serializer: S) -> Result<S::Ok, S::Error> {
    hash.as_deref().map(hex).serialize(serializer)
}
