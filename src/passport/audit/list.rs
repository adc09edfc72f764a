//! Reading rows.

use super::row::Row;
use crate::passport::Fault;
use crate::passport::store::{Store, query, query_scalar};

/// Rows read at once.
const PAGE: u32 = 1000;

/// The newest rows as lines for people, oldest first.
pub async fn lines(store: &Store, limit: u32) -> Result<Vec<String>, Fault> {
    let rows = query("SELECT * FROM audit ORDER BY id DESC LIMIT $1").bind(limit).fetch_all(store.reader()).await?;
    rows.iter().rev().map(|row| Ok(Row::read(row)?.to_string())).collect()
}

/// The newest rows behind the one with the id `after`, each with its id, the oldest first.
pub async fn after(store: &Store, after: i64, limit: u32) -> Result<Vec<(i64, Row<'static>)>, Fault> {
    let rows = query("SELECT * FROM audit WHERE id > $1 ORDER BY id DESC LIMIT $2")
        .bind(after)
        .bind(limit)
        .fetch_all(store.reader())
        .await?;
    rows.iter().rev().map(|row| Ok((row.try_get("id")?, Row::read(row)?))).collect()
}

/// Shows the newest rows one by one, the oldest first: those not older than `since` (seconds since 1970), at most
/// `limit` of them. Ends early when `show` says false.
pub async fn since(
    store: &Store,
    since: i64,
    limit: Option<u32>,
    mut show: impl FnMut(&Row<'_>) -> bool,
) -> Result<(), Fault> {
    let mut read = store.read().await?;
    let first: Option<i64> =
        query_scalar("SELECT MIN(id) FROM (SELECT id FROM audit WHERE time >= $1 ORDER BY id DESC LIMIT $2) AS newest")
            .bind(since)
            .bind(limit.map_or(i64::MAX, i64::from))
            .fetch_one(&mut *read)
            .await?;
    let Some(mut next) = first else { return Ok(()) };
    loop {
        let rows = query("SELECT * FROM audit WHERE id >= $1 AND time >= $2 ORDER BY id LIMIT $3")
            .bind(next)
            .bind(since)
            .bind(PAGE)
            .fetch_all(&mut *read)
            .await?;
        for row in &rows {
            if !show(&Row::read(row)?) {
                return Ok(());
            }
        }
        let Some(last) = rows.last() else { return Ok(()) };
        next = last.try_get::<i64>("id")? + 1;
    }
}
