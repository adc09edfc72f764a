//! Users: who they are, which roles they have, and their passwords, kept as Argon2id hashes.

mod hash;
mod login;
mod roles;

use serde::Serialize;
use serde_json::json;

pub use self::login::{Change, Users};
pub use self::roles::{change_role, of_component, roles};
use super::Fault;
use super::audit::Entry;
use super::store::{Store, Tx, query, query_as, query_scalar};
use crate::secret::Secret;

/// The user every PassPort has.
pub const SYSTEM: &str = "system";
/// The role of those who administer PassPort, and the domain of users who do nothing else.
pub const ADMINISTRATION: &str = "System:Administration";
/// The longest name of a user, in bytes.
const MAX_NAME: usize = 128;
/// The shortest password, in characters.
const LEAST_PASSWORD: usize = 8;

/// A user as an administrator sees it.
#[derive(Debug, Clone, Serialize)]
pub struct User {
    /// The name.
    pub name: String,
    /// The domain.
    pub domain: String,
    /// Roles granted, by name.
    pub roles: Vec<String>,
    /// Whether the password is good for nothing but choosing another.
    pub must_change: bool,
}

impl User {
    fn new(name: String, domain: String, roles: &str, must_change: bool) -> Result<Self, Fault> {
        let roles = serde_json::from_str(roles).map_err(|_| Fault::Damaged("a user's roles"))?;
        Ok(Self { name, domain, roles, must_change })
    }

    fn whose(&self) -> String {
        format!("user {:?} of {:?}", self.name, self.domain)
    }
}

/// Adds the user whom every PassPort has, to a new database.
pub async fn add_system(store: &Store, domain: &str, password: Secret) -> Result<(), Fault> {
    let system =
        User { name: SYSTEM.into(), domain: domain.into(), roles: vec![ADMINISTRATION.into()], must_change: false };
    let hash = hash::hash(password).await?;
    let mut write = store.write().await?;
    insert(&mut write, &system, &hash).await?;
    Ok(write.commit().await?)
}

/// Adds a user, who must change this password at the first login.
///
/// # Errors
/// [`Fault::Refused`] for a name, password or role that cannot be, and when there is such a user already.
pub async fn add(store: &Store, name: &str, domain: &str, roles: &[String], password: Secret) -> Result<User, Fault> {
    if name.is_empty() || name.len() > MAX_NAME || name.trim() != name || name.chars().any(char::is_control) {
        return Err(Fault::refused(format!(
            "a user's name is 1 to {MAX_NAME} bytes without control characters and blanks at its ends"
        )));
    }
    rule(&password).map_err(Fault::refused)?;
    let hash = hash::hash(password).await?;
    let mut write = store.write().await?;
    let mut user = User { name: name.into(), domain: domain.into(), roles: Vec::new(), must_change: true };
    for role in roles {
        roles::must_exist(&mut write, role).await?;
        roles::grant(&mut user, role);
    }
    if find(&mut write, name, domain).await?.is_some() {
        return Err(Fault::refused(format!("there is a {} already", user.whose())));
    }
    insert(&mut write, &user, &hash).await?;
    audit(&mut write, "user added", &user).await?;
    write.commit().await?;
    Ok(user)
}

/// Removes a user.
pub async fn remove(store: &Store, name: &str, domain: &str) -> Result<(), Fault> {
    if name == SYSTEM {
        return Err(Fault::refused("the user system is PassPort's own: it stays"));
    }
    let mut write = store.write().await?;
    let user = known(&mut write, name, domain).await?;
    query("DELETE FROM users WHERE name = $1 AND domain = $2").bind(name).bind(domain).execute(&mut *write).await?;
    audit(&mut write, "user removed", &user).await?;
    Ok(write.commit().await?)
}

/// Gives a user another password, to be changed at the next login; only `system` keeps it, since programs log in so.
pub async fn reset(store: &Store, name: &str, domain: &str, password: Secret) -> Result<User, Fault> {
    rule(&password).map_err(Fault::refused)?;
    let hash = hash::hash(password).await?;
    let mut write = store.write().await?;
    let user = User { must_change: name != SYSTEM, ..known(&mut write, name, domain).await? };
    query("UPDATE users SET hash = $3, must_change = $4 WHERE name = $1 AND domain = $2")
        .bind(name)
        .bind(domain)
        .bind(hash)
        .bind(user.must_change)
        .execute(&mut *write)
        .await?;
    audit(&mut write, "password reset", &user).await?;
    write.commit().await?;
    Ok(user)
}

/// All of them, by domain and name.
pub async fn list(store: &Store) -> Result<Vec<User>, Fault> {
    let rows: Vec<(String, String, String, bool)> =
        query_as("SELECT name, domain, roles, must_change FROM users ORDER BY domain, name")
            .fetch_all(store.reader())
            .await?;
    rows.into_iter().map(|(name, domain, roles, must_change)| User::new(name, domain, &roles, must_change)).collect()
}

/// Moves all users into the configured domain when none is there and all are in one other: the configuration changed.
/// Returns the domain they were in. The old configuration moves them back. Those of [`ADMINISTRATION`] stay there.
pub async fn follow_domain(store: &Store, domain: &str) -> Result<Option<String>, Fault> {
    let mut write = store.write().await?;
    let domains: Vec<String> = query_scalar("SELECT DISTINCT domain FROM users WHERE domain <> $1")
        .bind(ADMINISTRATION)
        .fetch_all(&mut *write)
        .await?;
    let [before] = domains.as_slice() else { return Ok(None) };
    if before == domain {
        return Ok(None);
    }
    query("UPDATE users SET domain = $1 WHERE domain = $2").bind(domain).bind(before).execute(&mut *write).await?;
    let reason = format!("from {before} to {domain}, as passport.toml says");
    Entry::new("policy", "users moved").result("ok", Some(&reason)).write(&mut *write).await?;
    write.commit().await?;
    Ok(domains.into_iter().next())
}

/// What every password must be. The error says what is wrong.
fn rule(password: &Secret) -> Result<(), &'static str> {
    let text = password.expose();
    if text.chars().count() < LEAST_PASSWORD {
        Err("a password has 8 characters or more")
    } else if text.chars().any(char::is_control) {
        Err("a password has no control characters")
    } else {
        Ok(())
    }
}

async fn find(write: &mut Tx, name: &str, domain: &str) -> Result<Option<User>, Fault> {
    let row: Option<(String, bool)> = query_as("SELECT roles, must_change FROM users WHERE name = $1 AND domain = $2")
        .bind(name)
        .bind(domain)
        .fetch_optional(&mut **write)
        .await?;
    row.map(|(roles, must_change)| User::new(name.to_owned(), domain.to_owned(), &roles, must_change)).transpose()
}

async fn known(write: &mut Tx, name: &str, domain: &str) -> Result<User, Fault> {
    let user = find(write, name, domain).await?;
    user.ok_or_else(|| Fault::refused(format!("there is no user {name:?} of {domain:?}")))
}

async fn insert(write: &mut Tx, user: &User, hash: &str) -> Result<(), Fault> {
    query("INSERT INTO users (name, domain, hash, roles, must_change) VALUES ($1, $2, $3, $4, $5)")
        .bind(&user.name)
        .bind(&user.domain)
        .bind(hash)
        .bind(json!(user.roles).to_string())
        .bind(user.must_change)
        .execute(&mut **write)
        .await?;
    Ok(())
}

async fn audit(write: &mut Tx, act: &'static str, user: &User) -> Result<(), Fault> {
    let reason = format!("{}, roles {:?}", user.whose(), user.roles);
    Ok(Entry::new("admin", act).result("ok", Some(&reason)).write(&mut **write).await?)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn password() -> Secret {
        Secret::new("correct horse".into())
    }

    async fn store(dir: &tempfile::TempDir) -> Store {
        let store = Store::create(&dir.path().join("passport.db")).await.expect("made");
        add_system(&store, "Synchrony", password()).await.expect("added");
        store
    }

    #[tokio::test]
    async fn only_the_right_user_domain_and_password_log_in() {
        let dir = tempfile::tempdir().expect("a folder");
        let store = store(&dir).await;
        let users = Users::default();
        let user = users.login(&store, SYSTEM, "Synchrony", password()).await.expect("asked").expect("let in");
        assert_eq!(user.roles, [ADMINISTRATION]);
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
        let store = store(&dir).await;
        add(&store, "root", ADMINISTRATION, &[], password()).await.expect("added");
        let users = Users::default();
        for (from, to) in [("Synchrony", "Other"), ("Other", "Synchrony")] {
            assert_eq!(follow_domain(&store, to).await.expect("moved").as_deref(), Some(from));
            assert!(users.login(&store, SYSTEM, to, password()).await.expect("asked").is_some());
            assert!(users.login(&store, SYSTEM, from, password()).await.expect("asked").is_none());
            assert_eq!(follow_domain(&store, to).await.expect("there already"), None);
        }
        assert!(users.login(&store, "root", ADMINISTRATION, password()).await.expect("asked").is_some());
        add(&store, "guest", "Elsewhere", &[], password()).await.expect("added");
        assert_eq!(follow_domain(&store, "Third").await.expect("looked"), None);
        assert!(users.login(&store, SYSTEM, "Synchrony", password()).await.expect("asked").is_some());
    }
}
