//! How each kind of step is done and undone; lock, preflight, journal, rollback.

mod act;
mod event;
pub mod history;
pub mod journal;
mod leftovers;
mod lock;
mod preflight;
mod run;

pub use event::Event;
pub use leftovers::remove_leftovers;
pub use lock::{Lock, LockError};
pub use preflight::{Problem, preflight};
pub use run::{Finished, Outcome, apply, rollback};

use std::sync::Arc;

use crate::secret::Secret;

/// What steps need besides their values.
#[derive(Clone, Default)]
pub struct Context {
    /// The shared secret, for the steps that write or set it.
    pub secret: Option<Arc<Secret>>,
    /// The password of the user `system`, when it is not generated.
    pub system_password: Option<Arc<Secret>>,
}
