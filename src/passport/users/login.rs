//! Who may come in: passwords are compared a few at a time, and nobody learns whether it was the name or the password.

use tokio::sync::Semaphore;

use super::hash::{fits, hash};
use super::{SYSTEM, User, rule};
use crate::passport::Fault;
use crate::passport::audit::{Entry, Who};
use crate::passport::store::{Store, query, query_as};
use crate::secret::{Secret, phc};

/// Passwords compared at once: each takes 19 MiB and 20 ms of a core.
const AT_ONCE: usize = 2;

/// Compares passwords, never on a thread that others wait for, never many at once.
pub struct Users {
    turns: Semaphore,
    /// A hash of nobody's password, so that an unknown user takes as long as a wrong password.
    nobody: String,
}

/// What became of a wish for another password.
#[derive(Debug, PartialEq, Eq)]
pub enum Change {
    /// User, domain or password are wrong.
    Unproved,
    /// The new password cannot be used; why.
    Refused(&'static str),
    /// From now on the new one.
    Done,
}

impl Default for Users {
    /// With a dummy hash of its own.
    fn default() -> Self {
        Self { turns: Semaphore::new(AT_ONCE), nobody: phc::of_nobody() }
    }
}

impl Users {
    /// Who this is, or `None` for a wrong user, domain or password alike.
    pub async fn login(
        &self,
        store: &Store,
        user: &str,
        domain: &str,
        password: Secret,
    ) -> Result<Option<User>, Fault> {
        Ok(self.compared(store, user, domain, password).await?.map(|(user, ..)| user))
    }

    /// Changes a password by its user, who must know the one before.
    pub async fn change(
        &self,
        store: &Store,
        who: Who,
        name: &str,
        domain: &str,
        passwords: [Secret; 2],
    ) -> Result<Change, Fault> {
        let [password, new] = passwords;
        let Some((_, before, password)) = self.compared(store, name, domain, password).await? else {
            return Ok(Change::Unproved);
        };
        let refusal = match rule(&new) {
            Err(rule) => Some(rule),
            Ok(()) if new.same_as(&password) => Some("the new password is the one before"),
            Ok(()) if name == SYSTEM => {
                Some("the password of system is changed with `countersign passport user password`")
            }
            Ok(()) => None,
        };
        if let Some(refusal) = refusal {
            return Ok(Change::Refused(refusal));
        }
        let turn = self.turn().await?;
        let hash = hash(new).await?;
        drop(turn);
        let mut write = store.write().await?;
        // Somebody else may have been quicker.
        let changed =
            query("UPDATE users SET hash = $4, must_change = 0 WHERE name = $1 AND domain = $2 AND hash = $3")
                .bind(name)
                .bind(domain)
                .bind(before)
                .bind(hash)
                .execute(&mut *write)
                .await?;
        if changed == 0 {
            return Ok(Change::Unproved);
        }
        let reason = format!("user {name:?} of {domain:?}");
        Entry::new(who, "password changed").result("ok", Some(&reason)).write(&mut *write).await?;
        write.commit().await?;
        Ok(Change::Done)
    }

    /// The user with the hash and the password, if they belong together.
    async fn compared(
        &self,
        store: &Store,
        name: &str,
        domain: &str,
        password: Secret,
    ) -> Result<Option<(User, String, Secret)>, Fault> {
        let row: Option<(String, String, bool)> =
            query_as("SELECT hash, roles, must_change FROM users WHERE name = $1 AND domain = $2")
                .bind(name)
                .bind(domain)
                .fetch_optional(store.reader())
                .await?;
        let hash = row.as_ref().map_or_else(|| self.nobody.clone(), |(hash, ..)| hash.clone());
        let turn = self.turn().await?;
        let (fits, password) = fits(hash, password).await?;
        drop(turn);
        let Some((hash, roles, must_change)) = row.filter(|_| fits) else { return Ok(None) };
        Ok(Some((User::new(name.to_owned(), domain.to_owned(), &roles, must_change)?, hash, password)))
    }

    async fn turn(&self) -> Result<tokio::sync::SemaphorePermit<'_>, Fault> {
        self.turns.acquire().await.map_err(|_| Fault::Damaged("the queue of logins"))
    }
}
