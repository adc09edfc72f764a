//! A change of the secret under its own name. One at most is open, so that what is accepted can always be told.

use crate::passport::Fault;
use crate::passport::audit::Entry;
use crate::passport::store::{Tx, query, query_as};
use crate::registration::admin::BY_HAND;

/// The longest name of a change, in bytes.
const MAX_NAME: usize = 64;

/// How a change goes about it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    /// The new secret is accepted beside the old one first.
    Overlap,
    /// Back to the retiring secret.
    Back,
    /// The new secret takes the old one's place at once.
    Cutover,
}

/// How far it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Stage {
    /// There is a next secret.
    Begun,
    /// The current secret is another one.
    Switched,
    /// Committed.
    Settled,
    /// Everything is as it was before it.
    Undone,
}

const KINDS: [(Kind, &str); 3] = [(Kind::Overlap, "overlap"), (Kind::Back, "back"), (Kind::Cutover, "cutover")];
const STAGES: [(Stage, &str); 4] =
    [(Stage::Begun, "begun"), (Stage::Switched, "switched"), (Stage::Settled, "settled"), (Stage::Undone, "undone")];

/// One change.
#[derive(Debug, Clone)]
pub(super) struct Change {
    pub name: String,
    pub kind: Kind,
    pub stage: Stage,
    /// The secret that becomes current.
    pub brings: String,
    /// The secret that was current.
    pub leaves: String,
    /// The end that `brings` had when the change goes back to it.
    pub until: Option<i64>,
}

type Row = (String, String, String, String, String, Option<i64>);
/// Asks for the newest change of which this holds.
macro_rules! of {
    ($condition:literal) => {
        concat!(
            "SELECT name, kind, state, brings, leaves, until FROM changes WHERE ",
            $condition,
            " ORDER BY id DESC LIMIT 1"
        )
    };
}

/// The change of this name.
pub(super) async fn find(tx: &mut Tx, name: &str) -> Result<Option<Change>, Fault> {
    one(tx, of!("name = $1"), name).await
}

/// The change that is neither settled nor undone.
pub(super) async fn open(tx: &mut Tx) -> Result<Option<Change>, Fault> {
    one(tx, of!("state IN ($1, 'switched')"), "begun").await
}

/// The change that was settled last.
pub(super) async fn last_settled(tx: &mut Tx) -> Result<Option<Change>, Fault> {
    one(tx, of!("state = $1"), "settled").await
}

/// What is known of a change that shall do something now: nothing when it is new or was undone. Refused when it is
/// settled, and while another one is open.
pub(super) async fn claim(tx: &mut Tx, name: &str) -> Result<Option<Change>, Fault> {
    if let Some(other) = open(tx).await?.filter(|open| open.name != name) {
        return Err(other.in_the_way());
    }
    to_undo(tx, name).await
}

/// A change to undo: nothing when there is nothing to undo. Refused when it is settled.
pub(super) async fn to_undo(tx: &mut Tx, name: &str) -> Result<Option<Change>, Fault> {
    match find(tx, name).await? {
        Some(change) if change.stage == Stage::Settled => Err(change.committed()),
        known => Ok(known.filter(|change| change.stage != Stage::Undone)),
    }
}

/// Whether a name can be a change's: short, and of letters, digits, `-`, `_` and `.` alone.
pub(super) fn check_name(name: &str) -> Result<(), Fault> {
    let fits = |byte: u8| byte.is_ascii_alphanumeric() || b"-_.".contains(&byte);
    if !name.is_empty() && name.len() <= MAX_NAME && name.bytes().all(fits) {
        Ok(())
    } else {
        Err(Fault::refused(format!("a change's name is 1 to {MAX_NAME} letters, digits, '-', '_' and '.'")))
    }
}

impl Change {
    /// Writes it as it is now, with an audit row about this secret.
    pub(super) async fn save(&self, tx: &mut Tx, act: &'static str, secret: &str) -> Result<(), Fault> {
        // A new row, since the order of the rows is the order in which changes came to their last state.
        query("DELETE FROM changes WHERE name = $1").bind(&self.name).execute(&mut **tx).await?;
        query("INSERT INTO changes (name, kind, state, brings, leaves, until) VALUES ($1, $2, $3, $4, $5, $6)")
            .bind(&self.name)
            .bind(word(&KINDS, self.kind))
            .bind(word(&STAGES, self.stage))
            .bind(&self.brings)
            .bind(&self.leaves)
            .bind(self.until)
            .execute(&mut **tx)
            .await?;
        Ok(Entry::new("admin", act).secret(secret).change(&self.name).write(&mut **tx).await?)
    }

    /// Why another act has to wait.
    pub(super) fn in_the_way(&self) -> Fault {
        let what_to_do = match self.kind {
            _ if !self.is_by_hand() => "resume it or roll it back first",
            Kind::Overlap if self.stage == Stage::Begun => "promote its secret or retire it first",
            Kind::Overlap | Kind::Back => "promote its secret again first",
            Kind::Cutover => "replace the secret again first",
        };
        Fault::refused(format!("the change {} of the secret is not finished: {what_to_do}", self.name))
    }

    /// Whether an administrator's verb began it, not a plan.
    pub(super) fn is_by_hand(&self) -> bool {
        self.name.starts_with(BY_HAND)
    }

    fn committed(&self) -> Fault {
        Fault::refused(format!("the change {} of the secret is committed already", self.name))
    }
}

async fn one(tx: &mut Tx, select: &'static str, value: &str) -> Result<Option<Change>, Fault> {
    let row: Option<Row> = query_as(select).bind(value).fetch_optional(&mut **tx).await?;
    row.map(|(name, kind, state, brings, leaves, until)| {
        let (kind, stage) = (meant(&KINDS, &kind)?, meant(&STAGES, &state)?);
        Ok(Change { name, kind, stage, brings, leaves, until })
    })
    .transpose()
}

fn word<T: Copy + PartialEq>(words: &[(T, &'static str)], value: T) -> &'static str {
    words.iter().find(|(known, _)| *known == value).map_or("", |(_, word)| word)
}

fn meant<T: Copy>(words: &[(T, &'static str)], text: &str) -> Result<T, Fault> {
    words.iter().find(|(_, word)| *word == text).map(|(value, _)| *value).ok_or(Fault::Damaged("a change"))
}
