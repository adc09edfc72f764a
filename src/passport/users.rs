//! Users and their passwords, kept as Argon2id hashes.

use std::sync::Arc;

use tokio::sync::Semaphore;

use super::Fault;
use super::audit::Entry;
use super::store::{Store, query, query_as, query_scalar};
use crate::registration::wire::LoginAnswer;
use crate::secret::{Secret, generate_password, phc};

/// The user every PassPort has.
pub const SYSTEM: &str = "system";
/// Its role.
pub const ADMINISTRATION: &str = "System:Administration";
/// Passwords verified at once: each takes 19 MiB and 20 ms of a core.
const AT_ONCE: usize = 2;

/// Verifies passwords, never on a thread that others wait for, never many at once.
pub struct Users {
    turns: Semaphore,
    /// A hash of nobody's password, so that an unknown user takes as long as a wrong password.
    nobody: Arc<str>,
}

impl Users {
    /// Makes the dummy hash.
    pub async fn new() -> Result<Self, Fault> {
        let nobody = hash(generate_password()).await?.into();
        Ok(Self { turns: Semaphore::new(AT_ONCE), nobody })
    }

    /// Who this is, or `None` for a wrong user, domain or password alike.
    pub async fn login(
        &self,
        store: &Store,
        user: &str,
        domain: &str,
        password: Secret,
    ) -> Result<Option<LoginAnswer>, Fault> {
        let row: Option<(String, String)> = query_as("SELECT hash, roles FROM users WHERE name = $1 AND domain = $2")
            .bind(user)
            .bind(domain)
            .fetch_optional(store.reader())
            .await?;
        let hash = row.as_ref().map_or_else(|| self.nobody.clone(), |(hash, _)| hash.as_str().into());
        let _turn = self.turns.acquire().await.map_err(|_| Fault::Damaged("the queue of logins"))?;
        let fits = tokio::task::spawn_blocking(move || phc::fits(&hash, &password))
            .await
            .map_err(|_| Fault::Damaged("a password's hash"))?;
        let Some((_, roles)) = row.filter(|_| fits) else { return Ok(None) };
        let roles = serde_json::from_str(&roles).map_err(|_| Fault::Damaged("a user's roles"))?;
        Ok(Some(LoginAnswer { user: user.to_owned(), domain: domain.to_owned(), roles }))
    }
}

/// Adds a user.
pub async fn add(store: &Store, user: &str, domain: &str, password: Secret, roles: &[&str]) -> Result<(), Fault> {
    let hash = hash(password).await?;
    let insert = query("INSERT INTO users (name, domain, hash, roles) VALUES ($1, $2, $3, $4)");
    store.change(insert.bind(user).bind(domain).bind(hash).bind(serde_json::json!(roles).to_string())).await?;
    Ok(())
}

/// Moves all users into the configured domain when none is there and all are in one other: the configuration changed.
/// Returns the domain they were in. The old configuration moves them back.
pub async fn follow_domain(store: &Store, domain: &str) -> Result<Option<String>, Fault> {
    let mut write = store.write().await?;
    let domains: Vec<String> = query_scalar("SELECT DISTINCT domain FROM users").fetch_all(&mut *write).await?;
    let [before] = domains.as_slice() else { return Ok(None) };
    if before == domain {
        return Ok(None);
    }
    query("UPDATE users SET domain = $1").bind(domain).execute(&mut *write).await?;
    let reason = format!("from {before} to {domain}, as passport.toml says");
    Entry::new("policy", "users moved").result("ok", Some(&reason)).write(&mut *write).await?;
    write.commit().await?;
    Ok(domains.into_iter().next())
}

async fn hash(password: Secret) -> Result<String, Fault> {
    tokio::task::spawn_blocking(move || phc::hash(&password))
        .await
        .ok()
        .flatten()
        .ok_or(Fault::Damaged("a password's hash"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn only_the_right_user_domain_and_password_log_in() {
        let dir = tempfile::tempdir().expect("a folder");
        let store = Store::create(&dir.path().join("passport.db")).await.expect("made");
        let password = || Secret::new("correct horse".into());
        add(&store, SYSTEM, "Synchrony", password(), &[ADMINISTRATION]).await.expect("added");
        let users = Users::new().await.expect("made");
        let answer = users.login(&store, SYSTEM, "Synchrony", password()).await.expect("asked").expect("let in");
        assert_eq!(answer.roles, [ADMINISTRATION]);
        for (user, domain, password) in [
            (SYSTEM, "Synchrony", Secret::new("wrong".into())),
            (SYSTEM, "Other", password()),
            ("nobody", "Synchrony", password()),
        ] {
            assert!(users.login(&store, user, domain, password).await.expect("asked").is_none());
        }
    }

    #[tokio::test]
    async fn users_follow_a_changed_domain_and_come_back_but_never_out_of_two() {
        let dir = tempfile::tempdir().expect("a folder");
        let store = Store::create(&dir.path().join("passport.db")).await.expect("made");
        let password = || Secret::new("correct horse".into());
        add(&store, SYSTEM, "Synchrony", password(), &[ADMINISTRATION]).await.expect("added");
        let users = Users::new().await.expect("made");
        for (from, to) in [("Synchrony", "Other"), ("Other", "Synchrony")] {
            assert_eq!(follow_domain(&store, to).await.expect("moved").as_deref(), Some(from));
            assert!(users.login(&store, SYSTEM, to, password()).await.expect("asked").is_some());
            assert!(users.login(&store, SYSTEM, from, password()).await.expect("asked").is_none());
            assert_eq!(follow_domain(&store, to).await.expect("there already"), None);
        }
        add(&store, "guest", "Elsewhere", password(), &[]).await.expect("added");
        assert_eq!(follow_domain(&store, "Third").await.expect("looked"), None);
        assert!(users.login(&store, SYSTEM, "Synchrony", password()).await.expect("asked").is_some());
    }
}
