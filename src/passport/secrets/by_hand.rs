//! Retiring a secret by hand: refused while somebody is known to hold it.

use super::change::{self, Change, Stage};
use super::{State, put, window, word};
use crate::passport::Fault;
use crate::passport::audit::Entry;
use crate::passport::store::{Store, Tx, query_as, query_scalar};

/// Names in one message.
const MOST_NAMES: usize = 10;

/// Accepts a secret no longer and forgets its record: a next one that was added by hand, or a retiring one. `saw` is the
/// state in which its caller saw it. Refused while it is needed or used; `even_if_used` overrides the latter. Returns
/// the components that used it.
pub async fn retire_by_hand(store: &Store, id: &str, saw: State, even_if_used: bool) -> Result<Vec<String>, Fault> {
    let mut write = store.write().await?;
    let state: Option<String> =
        query_scalar("SELECT state FROM secrets WHERE id = $1").bind(id).fetch_optional(&mut *write).await?;
    let state = state.ok_or_else(|| Fault::refused(format!("there is no secret {id}")))?;
    if state != word(saw) {
        return Err(Fault::refused(format!("{id} is {state} now, not {} any more: look again", word(saw))));
    }
    let open = change::open(&mut write).await?.filter(|open| open.brings == id || open.leaves == id);
    let users = match (saw, open) {
        (State::Retired, _) => return Ok(Vec::new()),
        (State::Current, _) => {
            return Err(Fault::refused(format!("{id} is the current secret: promote another one first")));
        }
        (State::Next, Some(change)) if change.is_by_hand() => {
            let users = provers(&mut write, id).await?;
            refuse_if_used(id, &users, even_if_used, "proved it last")?;
            put(&mut write, id, State::Retired, None).await?;
            Change { stage: Stage::Undone, ..change }.save(&mut write, "secret dropped", id).await?;
            users
        }
        (_, Some(change)) => return Err(change.in_the_way()),
        (State::Next | State::Retiring | State::Held, None) => {
            let users = window::waiting(&mut write, None).await?;
            refuse_if_used(id, &users, even_if_used, "have not proved the current secret since")?;
            put(&mut write, id, State::Retired, None).await?;
            users
        }
    };
    let reason = (!users.is_empty()).then(|| format!("although {} may hold it", names(&users)));
    Entry::new("admin", "secret retired").secret(id).result("ok", reason.as_deref()).write(&mut *write).await?;
    write.commit().await?;
    Ok(users)
}

fn refuse_if_used(id: &str, users: &[String], even_if_used: bool, how: &str) -> Result<(), Fault> {
    if users.is_empty() || even_if_used {
        return Ok(());
    }
    Err(Fault::refused(format!(
        "{id} is still used: {} {how}; move them, or retire it even so (--even-if-used)",
        names(users)
    )))
}

/// The components that have proved this secret last.
async fn provers(write: &mut Tx, id: &str) -> Result<Vec<String>, Fault> {
    let rows: Vec<(String, String)> = query_as(
        r#"SELECT name, instance FROM components WHERE proved_id = $1 ORDER BY name, version, "group", instance"#,
    )
    .bind(id)
    .fetch_all(&mut **write)
    .await?;
    Ok(rows.into_iter().map(window::short).collect())
}

/// The first of them, and how many more.
pub(super) fn names(components: &[String]) -> String {
    let shown = components.iter().take(MOST_NAMES).map(String::as_str).collect::<Vec<_>>().join(", ");
    match components.len().saturating_sub(MOST_NAMES) {
        0 => shown,
        more => format!("{shown} and {more} more"),
    }
}
