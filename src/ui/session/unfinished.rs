//! A change that was interrupted: finished, or put back.

use std::path::Path;
use std::sync::Arc;

use serde::{Deserialize, Serialize};

use super::Refusal;
use crate::apply::journal::{self, Unfinished};
use crate::apply::{
    Context, Event, Finished, LeftAlone, Lock, Outcome, clear_keys, remove_leftovers, resume, rollback,
};
use crate::plan::Plan;

/// Which way an interrupted change goes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum Way {
    /// To its end.
    Resume,
    /// Back to its beginning.
    PutBack,
}

impl Way {
    fn verb(self) -> &'static str {
        match self {
            Self::Resume => "resume",
            Self::PutBack => "rollback",
        }
    }
}

/// Finishes or puts back the change that was interrupted; `None` when there is none. Waits up to 30 s for what a dead
/// run's commands still have in hand.
///
/// # Errors
/// Another run holds the estate, or the change cannot go this way; nothing was touched.
pub fn settle(
    dir: &Path,
    way: Way,
    events: &mut dyn FnMut(&Plan, Event),
) -> Result<Option<(Unfinished, Outcome)>, Refusal> {
    if !dir.is_dir() {
        return Err(Refusal::rule(format!("there is no estate in {}", dir.display())));
    }
    let lock = Lock::take_after_death(dir, way.verb())?;
    let Some(change) = journal::unfinished(dir)? else {
        clear_keys(dir);
        return Ok(None);
    };
    let context = Context { lock: lock.share().ok().map(Arc::new), ..Context::default() };
    let mut told = |event| events(&change.plan, event);
    let outcome = match way {
        Way::Resume => resume(&change, &context, &mut told),
        Way::PutBack => rollback(&change, &context, &mut told),
    }?;
    if change.plan.act == "uninstall" && outcome.result == Finished::Done {
        remove_leftovers(dir);
    }
    // An estate that is gone has no lock to let go of.
    let _ = lock.release();
    Ok(Some((change, outcome)))
}

impl From<LeftAlone> for Refusal {
    fn from(left: LeftAlone) -> Self {
        Self::rule(left.to_string())
    }
}
