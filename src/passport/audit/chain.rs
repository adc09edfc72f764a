//! How rows hang together: the hash of one goes into the hash of the next.
//!
//! What is hashed cannot be read in two ways: every value is preceded by its length, and one that is not there differs
//! from an empty one.

use sha2::{Digest, Sha256};

use super::row::Row;
use crate::passport::store::{Conn, query};

/// A row's hash.
pub type Hash = [u8; 32];

/// Sets these hashes apart from all others. A change of what goes into them needs another.
const ROW: &str = "countersign audit row v1";
const BEGINNING: &str = "countersign audit beginning v1";

/// The hash of a row after this one.
pub fn link(previous: &[u8], row: &Row<'_>) -> Hash {
    let entry = &row.entry;
    let mut hash = Fields::new(ROW);
    hash.bytes(previous);
    hash.bytes(row.node.as_bytes());
    hash.number(row.number);
    hash.number(Some(row.time.0));
    hash.bytes(entry.who.name.as_bytes());
    hash.text(entry.who.source.as_deref());
    hash.bytes(entry.act.as_bytes());
    for value in [&entry.component, &entry.secret_id, &entry.change, &entry.request, &entry.serial] {
        hash.text(value.as_deref());
    }
    hash.bytes(entry.result.as_bytes());
    hash.text(entry.reason.as_deref());
    hash.0.finalize().into()
}

/// What stands for the row before the first: a hash over the rows from before there were chains, so that they cannot be
/// changed either.
pub async fn beginning(from: &mut Conn) -> Result<Vec<u8>, sqlx::Error> {
    let earlier = query("SELECT * FROM audit WHERE number IS NULL ORDER BY id").fetch_all(&mut *from).await?;
    let mut hash = Fields::new(BEGINNING).0.finalize().to_vec();
    for row in &earlier {
        hash = link(&hash, &Row::read(row)?).to_vec();
    }
    Ok(hash)
}

struct Fields(Sha256);

impl Fields {
    fn new(domain: &str) -> Self {
        let mut fields = Self(Sha256::new());
        fields.bytes(domain.as_bytes());
        fields
    }

    fn bytes(&mut self, bytes: &[u8]) {
        self.0.update([1]);
        self.0.update((bytes.len() as u64).to_be_bytes());
        self.0.update(bytes);
    }

    fn text(&mut self, text: Option<&str>) {
        match text {
            Some(text) => self.bytes(text.as_bytes()),
            None => self.0.update([0]),
        }
    }

    fn number(&mut self, number: Option<i64>) {
        match number {
            Some(number) => self.bytes(&number.to_be_bytes()),
            None => self.0.update([0]),
        }
    }
}

#[cfg(test)]
mod tests {
    use std::borrow::Cow;

    use super::super::entry::Entry;
    use super::*;
    use crate::passport::Time;

    fn of(change: impl FnOnce(&mut Row<'static>, &mut Entry)) -> Hash {
        let mut entry = Entry { component: Some("ab".into()), reason: Some("c".into()), ..Entry::new("admin", "act") };
        let mut row = Row { node: "1".into(), number: Some(1), time: Time(7), entry: Cow::default(), hash: None };
        change(&mut row, &mut entry);
        row.entry = Cow::Owned(entry);
        link(&[0; 32], &row)
    }

    #[test]
    fn every_value_counts_and_none_can_slip_into_the_next() {
        type Change = fn(&mut Row<'static>, &mut Entry);
        let changes: [Change; 15] = [
            |_, _| {},
            |row, _| row.node = "2".into(),
            |row, _| row.number = Some(2),
            |row, _| row.number = None,
            |row, _| row.time = Time(8),
            |_, entry| entry.who.name = "policy".into(),
            |_, entry| entry.who.source = Some(String::new()),
            |_, entry| entry.act = "other".into(),
            |_, entry| entry.component = Some("a".into()),
            |_, entry| (entry.component, entry.secret_id) = (Some("a".into()), Some("b".into())),
            |_, entry| (entry.component, entry.change) = (None, Some("ab".into())),
            |_, entry| entry.request = Some("00".into()),
            |_, entry| entry.serial = Some("00".into()),
            |_, entry| entry.result = "failed".into(),
            |_, entry| entry.reason = None,
        ];
        let hashes: Vec<Hash> = changes.into_iter().map(of).collect();
        for (at, hash) in hashes.iter().enumerate() {
            assert!(!hashes[..at].contains(hash), "change {at}");
        }
    }
}
