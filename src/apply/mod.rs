//! How each kind of step is done and undone; lock, preflight, journal, rollback.

mod act;
mod event;
pub mod history;
pub mod journal;
mod leftovers;
mod lock;
mod preflight;
mod run;
mod witness;

pub use event::Event;
pub use leftovers::{clear_aside, remove_leftovers};
pub use lock::{Lock, LockError};
pub use preflight::{Preflight, Problem, preflight};
pub use run::{Finished, Outcome, apply, rollback};
pub use witness::Witness;

use std::fs::File;
use std::sync::Arc;

use crate::estate::command::Input;
use crate::secret::Secret;

/// What steps need besides their values.
#[derive(Clone, Default)]
pub struct Context {
    /// The shared secret, for the steps that write or set it.
    pub secret: Option<Arc<Secret>>,
    /// The secret that it replaces.
    pub previous: Option<Arc<Secret>>,
    /// The password of the user `system`, when it is not generated.
    pub system_password: Option<Arc<Secret>>,
    /// The estate's lock, which commands inherit so that it lasts as long as the work.
    pub lock: Option<Arc<File>>,
}

impl Context {
    /// What a command finds on its standard input: the lock, when we hold it.
    fn input(&self) -> Input<'static> {
        let shared = self.lock.as_ref().and_then(|lock| lock.try_clone().ok());
        shared.map_or(Input::Nothing, Input::Lock)
    }
}
