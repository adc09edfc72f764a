//! How each kind of step is done and undone; lock, preflight, journal, rollback.

mod act;
mod event;
pub mod history;
pub mod journal;
mod leftovers;
mod lock;
mod outcome;
mod preflight;
mod processes;
mod run;
mod vault;
mod walk;
pub mod window;
mod witness;

pub use act::{ActError, Ended, start_process, stop_process};
pub use event::Event;
pub use leftovers::{clear_aside, clear_keys, remove_leftovers};
pub use lock::{Lock, LockError};
pub use outcome::{Finished, Outcome};
pub use preflight::{Preflight, Problem, preflight};
pub use run::{LeftAlone, apply, resume, rollback};
pub use witness::Witness;

use std::collections::BTreeMap;
use std::fs::File;
use std::io;
use std::sync::Arc;

use crate::estate::command::Input;
use crate::secret::{Redactor, Secret};
use vault::Vault;

const SECRET: &str = "secret";
const PREVIOUS: &str = "previous";
const SYSTEM_PASSWORD: &str = "system-password";

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
    /// The secrets, by the names under which the journal keeps them sealed.
    fn secrets(&self) -> impl Iterator<Item = (&'static str, &Secret)> {
        let named = [(SECRET, &self.secret), (PREVIOUS, &self.previous), (SYSTEM_PASSWORD, &self.system_password)];
        named.into_iter().filter_map(|(name, secret)| Some((name, secret.as_deref()?)))
    }

    /// With the secrets that an unfinished change needs.
    fn unsealed(self, vault: &Vault, sealed: &BTreeMap<String, String>) -> io::Result<Self> {
        let secret = |name: &str| {
            let plain = sealed.get(name).map(|text| vault.unseal(name, text)).transpose()?;
            io::Result::Ok(plain.and_then(|plain| Secret::from_bytes(plain.to_vec())).map(Arc::new))
        };
        let (secret_now, previous, system_password) = (secret(SECRET)?, secret(PREVIOUS)?, secret(SYSTEM_PASSWORD)?);
        Ok(Self { secret: secret_now, previous, system_password, lock: self.lock })
    }

    /// Hides every secret in texts of somebody else's.
    fn redactor(&self) -> Redactor {
        Redactor::of(self.secrets().map(|(_, secret)| secret))
    }

    /// A text of somebody else's without any of the secrets in it.
    fn masked(&self, text: &str) -> String {
        self.redactor().hide(text)
    }

    /// What a command finds on its standard input: the lock, when we hold it.
    fn input(&self) -> Input<'static> {
        let shared = self.lock.as_ref().and_then(|lock| lock.try_clone().ok());
        shared.map_or(Input::Nothing, Input::Lock)
    }
}
