//! Acts that only tell: what a console shows beside what other acts tell already.

use serde::Deserialize;
use serde_json::{Value, json};

use super::{Few, MOST, fields, status, unknown};
use crate::passport::authority::Authority;
use crate::passport::store::{Pool, Store, query_as, query_scalar};
use crate::passport::{Fault, Time, audit, certificates, now, properties, time_text};
use crate::registration::state::State;

/// Does one of them.
pub(super) async fn act(authority: &Authority, act: &str, request: Value) -> Result<Value, Fault> {
    let store = &authority.store;
    match act {
        "overview" => overview(authority).await,
        "certificate-list" => {
            let Few { limit } = fields(request)?;
            Ok(json!({ "certificates": certificates::list(store, None, limit).await?, "now": Time(now()) }))
        }
        "audit-rows" => {
            let After { after, limit } = fields(request)?;
            let rows = audit::after(store, after, limit.min(MOST)).await?;
            let rows: Vec<Value> = rows.iter().map(|(id, row)| json!({ "id": id, "row": row })).collect();
            Ok(json!({ "rows": rows }))
        }
        "property-list" => Ok(json!({ "properties": properties::described(store).await? })),
        other => Err(unknown(other)),
    }
}

/// What the authority is, and enough to tell whether anything changed since somebody looked: every change is a row of
/// the audit.
async fn overview(authority: &Authority) -> Result<Value, Fault> {
    let store = &authority.store;
    let mut answer = status(authority);
    let more = json!({
        "host": authority.config.host,
        "listen": authority.config.listen,
        "domain": authority.domain(),
        "node": store.node().name,
        "database": match store.reader() { Pool::Sqlite(_) => "SQLite", Pool::Postgres(_) => "PostgreSQL" },
        "since": time_text(authority.since),
        "newest": newest(store).await?,
        "waiting": waiting(store).await?,
        "due": certificates::due(store).await?,
        "proofs": proofs(store).await?,
    });
    if let (Value::Object(answer), Value::Object(more)) = (&mut answer, more) {
        answer.extend(more);
    }
    Ok(answer)
}

/// The audit's newest row.
async fn newest(store: &Store) -> Result<i64, Fault> {
    let newest: Option<i64> = query_scalar("SELECT MAX(id) FROM audit").fetch_one(store.reader()).await?;
    Ok(newest.unwrap_or(0))
}

/// How many requests wait for an administrator.
async fn waiting(store: &Store) -> Result<i64, Fault> {
    Ok(query_scalar("SELECT COUNT(*) FROM requests WHERE status IN ($1, $2)")
        .bind(State::WaitingValidation.to_string())
        .bind(State::WaitingSigning.to_string())
        .fetch_one(store.reader())
        .await?)
}

/// How many components proved the current secret last, and how many there are.
async fn proofs(store: &Store) -> Result<(i64, i64), Fault> {
    let counts = "SELECT (SELECT COUNT(*) FROM components
                          WHERE proved_id = (SELECT id FROM secrets WHERE state = 'current')),
                         (SELECT COUNT(*) FROM components)";
    Ok(query_as(counts).fetch_optional(store.reader()).await?.unwrap_or_default())
}

#[derive(Deserialize)]
struct After {
    after: i64,
    limit: u32,
}
