//! Overlap: the next secret is accepted beside the current one, then promoted; whoever holds either is never refused.

use super::change::{self, Change, Kind, Stage};
use super::record::Record;
use super::{State, expect_current, put};
use crate::passport::Fault;
use crate::passport::store::{Store, Tx, query_scalar};
use crate::registration::admin::Promoted;

/// Makes a record the change's next secret. Repeated, the new record takes the earlier one's place.
pub async fn next(store: &Store, name: &str, current: &str, record: &Record) -> Result<(), Fault> {
    change::check_name(name)?;
    let mut write = store.write().await?;
    let known = change::claim(&mut write, name).await?;
    expect_current(&mut write, current).await?;
    match &known {
        Some(Change { kind: Kind::Overlap, stage: Stage::Begun, brings, .. }) => {
            put(&mut write, brings, State::Retired, None).await?;
        }
        Some(change) => return Err(change.in_the_way()),
        None => {}
    }
    record.insert(&mut write, State::Next).await?;
    let change = Change {
        name: name.to_owned(),
        kind: Kind::Overlap,
        stage: Stage::Begun,
        brings: record.id.clone(),
        leaves: current.to_owned(),
        until: None,
    };
    change.save(&mut write, "secret next", &record.id).await?;
    Ok(write.commit().await?)
}

/// Undoes [`next`]; nothing to undo is no failure.
pub async fn drop_next(store: &Store, name: &str) -> Result<(), Fault> {
    let mut write = store.write().await?;
    match change::to_undo(&mut write, name).await? {
        None => Ok(()),
        Some(change) if change.stage == Stage::Begun => {
            put(&mut write, &change.brings, State::Retired, None).await?;
            Change { stage: Stage::Undone, ..change.clone() }
                .save(&mut write, "secret dropped", &change.brings)
                .await?;
            Ok(write.commit().await?)
        }
        Some(change) => Err(Fault::refused(format!(
            "{} of the change {name} is the current secret: undo its promotion first",
            change.brings
        ))),
    }
}

/// Makes the change's next secret the current one; with `to` that retiring one, to go back to it. The one before
/// retires, without an end until the change is settled. Repeated by the same change it answers the same.
pub async fn promote(store: &Store, name: &str, current: &str, to: Option<&str>) -> Result<Promoted, Fault> {
    change::check_name(name)?;
    let mut write = store.write().await?;
    let change = match (change::claim(&mut write, name).await?, to) {
        (Some(change), None) if change.kind == Kind::Overlap => change,
        (Some(change), Some(to)) if change.kind == Kind::Back && change.brings == to => change,
        (None, Some(to)) => going_back(&mut write, name, current, to).await?,
        _ => return Err(Fault::refused(format!("the change {name} has no such secret to promote"))),
    };
    if change.leaves != current {
        return Err(Fault::refused(format!(
            "the change {name} began when {} was current, not {current}",
            change.leaves
        )));
    }
    if change.stage == Stage::Begun {
        expect_current(&mut write, current).await?;
        put(&mut write, &change.leaves, State::Retiring, None).await?;
        put(&mut write, &change.brings, State::Current, None).await?;
        let switched = Change { stage: Stage::Switched, ..change.clone() };
        switched.save(&mut write, "secret promoted", &change.brings).await?;
        write.commit().await?;
    }
    Ok(Promoted { id: change.brings, previous: change.leaves })
}

/// Undoes [`promote`]; nothing to undo is no failure.
pub async fn demote(store: &Store, name: &str) -> Result<(), Fault> {
    let mut write = store.write().await?;
    let Some(change) = change::to_undo(&mut write, name).await?.filter(|change| change.stage == Stage::Switched) else {
        return Ok(());
    };
    let (back_to, stage) = match change.kind {
        Kind::Overlap => (State::Next, Stage::Begun),
        Kind::Back => (State::Retiring, Stage::Undone),
        Kind::Cutover => return Err(Fault::refused(format!("the change {name} is a cutover: nothing was promoted"))),
    };
    put(&mut write, &change.brings, back_to, change.until).await?;
    put(&mut write, &change.leaves, State::Current, None).await?;
    Change { stage, ..change.clone() }.save(&mut write, "secret demoted", &change.brings).await?;
    Ok(write.commit().await?)
}

async fn going_back(write: &mut Tx, name: &str, current: &str, to: &str) -> Result<Change, Fault> {
    let until: Option<i64> = query_scalar("SELECT until FROM secrets WHERE id = $1 AND state = 'retiring'")
        .bind(to)
        .fetch_optional(&mut **write)
        .await?
        .flatten();
    let until = until.ok_or_else(|| Fault::refused(format!("{to} is not retiring: there is no going back to it")))?;
    Ok(Change {
        name: name.to_owned(),
        kind: Kind::Back,
        stage: Stage::Begun,
        brings: to.to_owned(),
        leaves: current.to_owned(),
        until: Some(until),
    })
}
