//! The signature under the chain's head: made once per commit, whatever number of decisions it makes durable.

use std::fmt;
use std::sync::Arc;

use super::entry::Entry;
use super::head::{self, End, Head, Signer};
use super::tail::{self, Tail};
use crate::passport::now;
use crate::passport::store::{Conn, Node};

/// The act of the row that says: the chain before me is not the one that I signed.
pub(super) const BROKEN: &str = "audit broken";

/// Seals the chain of this node. Its owner is the connection that writes.
pub struct Seal {
    node: Arc<Node>,
    signer: Option<Signer>,
    /// What this process signed last, and saw committed.
    last: Option<Head>,
    /// What stood there when the transaction began.
    found: Option<Head>,
    /// What the transaction leaves there.
    left: Option<Head>,
}

impl Seal {
    /// Of this node.
    pub fn new(node: Arc<Node>) -> Self {
        Self { node, signer: None, last: None, found: None, left: None }
    }

    /// Whose it is.
    pub fn node(&self) -> &str {
        &self.node.name
    }

    /// At the beginning of a transaction, before anything is written: a head that the CA did not sign must not be
    /// carried on as if it were good. From a broken chain the next goes on, with a row that says so for ever.
    pub async fn begin(&mut self, on: &mut Conn) -> Result<(), sqlx::Error> {
        let found = head::stored(on, &self.node.name).await?;
        self.found.clone_from(&found);
        on.tail = Tail::behind(found.as_ref().map(Head::end));
        if found == self.last {
            return Ok(());
        }
        // A key that cannot be had is told when there is something to sign.
        let Ok(Some(signer)) = self.signer(on).await else { return Ok(()) };
        let is_signed = found.as_ref().is_some_and(|found| signer.accepts(found));
        let count = |head: &Option<Head>| head.as_ref().map_or(0, |head| head.count);
        let reason = match (count(&found), count(&self.last)) {
            (found, last) if found < last => format!("PassPort had signed {last} rows, and found {found}"),
            (found, _) if !is_signed => format!("PassPort found {found} rows, and a head that it had not signed"),
            _ => return Ok(()),
        };
        Entry::new("policy", BROKEN).result("failed", Some(&reason)).write(on).await
    }

    /// Just before the commit: writes the new rows, if there are any, and signs the head.
    pub async fn sign(&mut self, on: &mut Conn) -> Result<(), sqlx::Error> {
        let Some(End { count, hash }) =
            on.tail.end().cloned().filter(|end| Some(end) != self.found.as_ref().map(Head::end).as_ref())
        else {
            self.left.clone_from(&self.found);
            return Ok(());
        };
        tail::put(on).await?;
        let mut head = Head { node: self.node.name.clone(), count, hash, time: now(), signature: None };
        // An authority in the making has no keys yet.
        if let Some(signer) = self.signer(on).await? {
            head.signature = Some(signer.sign(&head)?);
        }
        head::put(on, &head).await?;
        self.left = Some(head);
        Ok(())
    }

    /// After the commit.
    pub fn committed(&mut self) {
        self.last = self.left.take();
    }

    async fn signer(&mut self, on: &mut Conn) -> Result<Option<&Signer>, sqlx::Error> {
        if self.signer.is_none() {
            self.signer = Signer::load(on, &self.node).await?;
        }
        Ok(self.signer.as_ref())
    }
}

impl fmt::Debug for Seal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Seal").field("last", &self.last).finish_non_exhaustive()
    }
}
