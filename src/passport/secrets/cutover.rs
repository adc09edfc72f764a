//! Cutover: the new secret takes the old one's place at once. The old one is held, so that an undo brings it back under
//! its own id without anybody's plain text.

use super::change::{self, Change, Kind, Stage};
use super::record::Record;
use super::{State, expect_current, put};
use crate::passport::Fault;
use crate::passport::store::Store;

/// Makes a record the current secret. Repeated by the same change, the new record takes the earlier one's place.
pub async fn replace(store: &Store, name: &str, current: &str, record: &Record) -> Result<(), Fault> {
    change::check_name(name)?;
    let mut write = store.write().await?;
    match change::claim(&mut write, name).await? {
        Some(change) if change.kind == Kind::Cutover && change.leaves == current => {
            put(&mut write, &change.brings, State::Retired, None).await?;
        }
        Some(change) => return Err(change.in_the_way()),
        None => {
            expect_current(&mut write, current).await?;
            put(&mut write, current, State::Held, None).await?;
        }
    }
    record.insert(&mut write, State::Current).await?;
    let change = Change {
        name: name.to_owned(),
        kind: Kind::Cutover,
        stage: Stage::Switched,
        brings: record.id.clone(),
        leaves: current.to_owned(),
        until: None,
    };
    change.save(&mut write, "secret replaced", &record.id).await?;
    Ok(write.commit().await?)
}

/// Undoes [`replace`]; nothing to undo is no failure.
pub async fn unreplace(store: &Store, name: &str) -> Result<(), Fault> {
    let mut write = store.write().await?;
    let Some(change) = change::to_undo(&mut write, name).await? else { return Ok(()) };
    if change.kind != Kind::Cutover {
        return Err(Fault::refused(format!("the change {name} is no cutover: nothing was replaced")));
    }
    put(&mut write, &change.brings, State::Retired, None).await?;
    put(&mut write, &change.leaves, State::Current, None).await?;
    let undone = Change { stage: Stage::Undone, ..change.clone() };
    undone.save(&mut write, "secret replacement undone", &change.leaves).await?;
    Ok(write.commit().await?)
}
