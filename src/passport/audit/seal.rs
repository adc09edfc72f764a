//! The signature under the chain's head: made once per commit, whatever number of decisions it makes durable.

use std::fmt;

use super::entry::Entry;
use super::head::{self, Head, Signer};
use crate::passport::now;
use crate::passport::store::{Conn, query};

/// The act of the row that says: the chain before me is not the one that I signed.
pub(super) const BROKEN: &str = "audit broken";

/// Seals the chain of this node. Its owner is the connection that writes.
#[derive(Default)]
pub struct Seal {
    signer: Option<Signer>,
    /// What this process signed last, and saw committed.
    last: Option<Head>,
    /// What stood there when the transaction began.
    found: Option<Head>,
    /// What this transaction signed.
    signed: Option<Head>,
}

impl Seal {
    /// At the beginning of a transaction, before anything is written: a head that the CA did not sign must not be
    /// carried on as if it were good. From a broken chain the next goes on, with a row that says so for ever.
    pub async fn begin(&mut self, on: &mut Conn) -> Result<(), sqlx::Error> {
        self.found = head::stored(on, super::NODE).await?;
        self.signed = None;
        if self.found == self.last {
            return Ok(());
        }
        if self.signer.is_none() {
            self.signer = Signer::load(on).await?;
        }
        let Some(signer) = &self.signer else { return Ok(()) };
        let is_signed = self.found.as_ref().is_some_and(|found| signer.accepts(found));
        let count = |head: &Option<Head>| head.as_ref().map_or(0, |head| head.count);
        let reason = match (count(&self.found), count(&self.last)) {
            (found, last) if found < last => format!("PassPort had signed {last} rows, and found {found}"),
            (found, _) if !is_signed => format!("PassPort found {found} rows, and a head that it had not signed"),
            _ => return Ok(()),
        };
        Entry::new("policy", BROKEN).result("failed", Some(&reason)).write(on).await
    }

    /// Just before the commit: signs the head if there are new rows.
    pub async fn sign(&mut self, on: &mut Conn) -> Result<(), sqlx::Error> {
        let Some(mut head) = head::stored(on, super::NODE).await? else { return Ok(()) };
        if self.found.as_ref() == Some(&head) {
            return Ok(());
        }
        if self.signer.is_none() {
            self.signer = Signer::load(on).await?;
        }
        // An authority in the making has no keys yet.
        let Some(signer) = &self.signer else { return Ok(()) };
        head.time = now();
        let signature = signer.sign(&head)?;
        query("UPDATE audit_heads SET time = $2, signature = $3 WHERE node = $1")
            .bind(&head.node)
            .bind(head.time)
            .bind(signature.as_slice())
            .execute(on)
            .await?;
        self.signed = Some(Head { signature: Some(signature), ..head });
        Ok(())
    }

    /// After the commit.
    pub fn committed(&mut self) {
        self.last = self.signed.take().or_else(|| self.found.take());
    }
}

impl fmt::Debug for Seal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Seal").field("last", &self.last).finish_non_exhaustive()
    }
}
