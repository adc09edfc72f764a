//! Whether the chains are whole: every row where it belongs and as it was written, up to a head that the CA signed.

use serde::Serialize;

use super::chain::{beginning, link};
use super::head::{self, Head, Verifier};
use super::row::Row;
use super::seal::BROKEN;
use crate::passport::store::{Conn, Store, query, query_scalar};
use crate::passport::{Fault, authority};

/// Rows read at once.
const PAGE: u32 = 1000;

/// The first thing that is wrong.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Finding {
    /// The node in whose chain.
    pub node: String,
    /// The row's number.
    pub number: i64,
    /// What is wrong with it.
    pub what: String,
}

/// What was looked at.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Report {
    /// Whether nothing is wrong.
    pub whole: bool,
    /// How many rows.
    pub rows: i64,
    /// How many nodes.
    pub nodes: usize,
    /// What is wrong first.
    pub first: Option<Finding>,
}

/// Verifies all chains against the heads in the database, and against heads exported earlier.
///
/// # Errors
/// [`Fault::Refused`] when an exported head is none of this authority's.
pub async fn verify(store: &Store, exported: &[Head]) -> Result<Report, Fault> {
    let verifier = Verifier::new(&authority::certificate(store, authority::CA).await?)?;
    if let Some(forged) = exported.iter().find(|head| !verifier.accepts(head)) {
        return Err(Fault::refused(format!(
            "the head of node {:?} with {} rows was not signed by this PassPort's CA",
            forged.node, forged.count
        )));
    }
    let mut read = store.read().await?;
    let heads = head::all(&mut read).await?;
    let mut nodes: Vec<String> =
        query_scalar("SELECT DISTINCT node FROM audit WHERE number IS NOT NULL").fetch_all(&mut *read).await?;
    nodes.extend(heads.iter().chain(exported).map(|head| head.node.clone()));
    nodes.sort();
    nodes.dedup();
    let mut report = Report { whole: true, rows: 0, nodes: nodes.len(), first: None };
    for node in nodes {
        let stored = heads.iter().find(|head| head.node == node);
        let marks = exported.iter().filter(|head| head.node == node).collect();
        let mut walk = Walk { node: &node, count: 0, id: i64::MIN, hash: beginning(&mut read).await?, marks };
        let found = walk.all(&mut read, stored, &verifier).await?;
        report.rows += walk.count;
        report.first = report.first.or(found.err());
    }
    report.whole = report.first.is_none();
    Ok(report)
}

/// One chain, as far as it was found good.
struct Walk<'a> {
    node: &'a str,
    count: i64,
    /// The last row's.
    id: i64,
    hash: Vec<u8>,
    /// Exported heads through which it must go.
    marks: Vec<&'a Head>,
}

impl Walk<'_> {
    async fn all(
        &mut self,
        from: &mut Conn,
        stored: Option<&Head>,
        verifier: &Verifier,
    ) -> Result<Result<(), Finding>, Fault> {
        let mut last = i64::MIN;
        loop {
            let rows = query("SELECT * FROM audit WHERE node = $1 AND number > $2 ORDER BY number LIMIT $3")
                .bind(self.node)
                .bind(last)
                .bind(PAGE)
                .fetch_all(&mut *from)
                .await?;
            for row in &rows {
                let (id, row) = (row.try_get("id")?, Row::read(row)?);
                last = row.number.unwrap_or(last);
                if let Err(found) = self.step(id, &row) {
                    return Ok(Err(found));
                }
            }
            if rows.is_empty() {
                return Ok(self.end(stored, verifier));
            }
        }
    }

    /// Goes on by one row. Its id is its place in the table, which decides where it is shown.
    fn step(&mut self, id: i64, row: &Row<'_>) -> Result<(), Finding> {
        let number = self.count + 1;
        match row.number {
            Some(found) if found < number => return Err(self.finding(found, "it was added")),
            Some(found) if found == number => {}
            _ => return Err(self.finding(number, "it is missing")),
        }
        let hash = link(&self.hash, row);
        if row.hash.as_deref() != Some(hash.as_slice()) || id <= self.id {
            return Err(self.finding(number, "it was changed, or does not belong here"));
        }
        if self.marks.iter().any(|mark| mark.count == number && mark.hash != hash) {
            return Err(self.finding(number, "it or an earlier one is another than at the export of the head"));
        }
        if row.entry.act == BROKEN {
            let reason = row.entry.reason.as_deref().unwrap_or_default();
            return Err(self.finding(number, &format!("the chain was broken before it: {reason}")));
        }
        (self.count, self.id, self.hash) = (number, id, hash.to_vec());
        Ok(())
    }

    /// Compares the end of the chain with the heads.
    fn end(&self, stored: Option<&Head>, verifier: &Verifier) -> Result<(), Finding> {
        if let Some(mark) = self.marks.iter().find(|mark| mark.count > self.count) {
            let what = format!("it is missing: the exported head counts {} rows", mark.count);
            return Err(self.finding(self.count + 1, &what));
        }
        let Some(head) = stored else {
            return Err(self.finding(self.count, "no head follows it"));
        };
        if !verifier.accepts(head) {
            return Err(self.finding(self.count, "the head after it was not signed by PassPort's CA"));
        }
        if head.count > self.count {
            let what = format!("it is missing: the head counts {} rows", head.count);
            return Err(self.finding(self.count + 1, &what));
        }
        if head.count < self.count {
            let what = format!("it was added: the head counts {} rows", head.count);
            return Err(self.finding(head.count + 1, &what));
        }
        if head.hash != self.hash {
            return Err(self.finding(self.count, "it or an earlier one is another than the head says"));
        }
        Ok(())
    }

    fn finding(&self, number: i64, what: &str) -> Finding {
        Finding { node: self.node.to_owned(), number, what: what.to_owned() }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::passport::audit::Entry;

    async fn decide(store: &Store, act: &'static str) {
        let mut write = store.write().await.expect("begun");
        Entry::new("admin", act).write(&mut *write).await.expect("written");
        write.commit().await.expect("committed");
    }

    async fn store(dir: &tempfile::TempDir) -> Store {
        let store = Store::create(&dir.path().join("passport.db")).await.expect("made");
        authority::make_keys(&store, "localhost").await.expect("made");
        store
    }

    #[tokio::test]
    async fn rows_from_before_the_chain_cannot_be_changed_any_more() {
        let dir = tempfile::tempdir().expect("a folder");
        let store = store(&dir).await;
        for (who, act) in [("admin", "secret set"), ("policy", "issue")] {
            let row = query("INSERT INTO audit (time, who, act, result) VALUES (1, $1, $2, 'ok')");
            store.change(row.bind(who).bind(act)).await.expect("as an earlier version left it");
        }
        assert!(verify(&store, &[]).await.expect("read").whole, "a chain that has not begun");
        decide(&store, "one").await;
        decide(&store, "two").await;
        assert!(verify(&store, &[]).await.expect("read").whole);
        store
            .change(query("UPDATE audit SET who = 'nobody' WHERE who = 'admin' AND number IS NULL"))
            .await
            .expect("done");
        let report = verify(&store, &[]).await.expect("read");
        assert_eq!(report.first.map(|first| first.number), Some(1));
    }

    #[tokio::test]
    async fn a_decision_that_is_taken_back_leaves_no_gap() {
        let dir = tempfile::tempdir().expect("a folder");
        let store = store(&dir).await;
        let kept = async |act: &'static str| decide(&store, act).await;
        let dropped = async {
            let mut write = store.write().await.expect("begun");
            Entry::new("admin", "never").write(&mut *write).await.expect("written");
        };
        // They wait behind each other and share one commit, and one signature.
        let all = Box::pin(futures_util::future::join4(kept("one"), dropped, kept("two"), kept("three")));
        all.await;
        let report = verify(&store, &[]).await.expect("read");
        assert_eq!((report.whole, report.rows, report.nodes), (true, 3, 1));
    }
}
