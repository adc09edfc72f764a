//! Roles of users: PassPort's own, and `COMPONENT:ROLE` as the components' CSDs have them.

use serde_json::json;

use super::{ADMINISTRATION, SYSTEM, User, audit, known};
use crate::passport::csd::Access;
use crate::passport::store::{Store, Tx, query, query_scalar};
use crate::passport::{Fault, descriptors};

/// Grants a role to a user, or revokes it. Returns the user, and whether that changed anything.
pub async fn change_role(
    store: &Store,
    name: &str,
    domain: &str,
    role: &str,
    granted: bool,
) -> Result<(User, bool), Fault> {
    if !granted && name == SYSTEM && role == ADMINISTRATION {
        return Err(Fault::refused(format!("the user {SYSTEM} keeps the role {ADMINISTRATION}")));
    }
    let mut write = store.write().await?;
    let mut user = known(&mut write, name, domain).await?;
    let has = user.roles.iter().any(|known| known == role);
    if has == granted {
        return Ok((user, false));
    }
    let act = if granted {
        must_exist(&mut write, role).await?;
        grant(&mut user, role);
        "role granted"
    } else {
        user.roles.retain(|known| known != role);
        "role revoked"
    };
    query("UPDATE users SET roles = $3 WHERE name = $1 AND domain = $2")
        .bind(name)
        .bind(domain)
        .bind(json!(user.roles).to_string())
        .execute(&mut *write)
        .await?;
    audit(&mut write, act, &user).await?;
    write.commit().await?;
    Ok((user, true))
}

/// The roles that a user may use now: none for one who is not known or must change the password first.
pub async fn roles(store: &Store, name: &str, domain: &str) -> Result<Vec<String>, Fault> {
    let roles: Option<String> =
        query_scalar("SELECT roles FROM users WHERE name = $1 AND domain = $2 AND must_change = 0")
            .bind(name)
            .bind(domain)
            .fetch_optional(store.reader())
            .await?;
    let roles = roles.map(|roles| serde_json::from_str(&roles)).transpose();
    Ok(roles.map_err(|_| Fault::Damaged("a user's roles"))?.unwrap_or_default())
}

/// Those of the roles that are of this component, as its CSD calls them.
pub fn of_component<'a>(roles: &'a [String], component: &'a str) -> impl Iterator<Item = &'a str> {
    roles.iter().filter_map(move |role| role.strip_prefix(component)?.strip_prefix(':'))
}

/// Adds a role to those that a user has; they stay in the order of their names.
pub(super) fn grant(user: &mut User, role: &str) {
    if let Err(place) = user.roles.binary_search_by(|known| known.as_str().cmp(role)) {
        user.roles.insert(place, role.to_owned());
    }
}

/// Refuses a role that nobody has heard of, with those there are.
pub(super) async fn must_exist(write: &mut Tx, role: &str) -> Result<(), Fault> {
    if role == ADMINISTRATION {
        return Ok(());
    }
    let Some((component, name)) = role.split_once(':') else {
        return Err(Fault::refused(format!("{role:?} is no role: a role is COMPONENT:ROLE, or {ADMINISTRATION}")));
    };
    let accesses = descriptors::accesses(write, component).await?;
    if accesses.is_empty() {
        return Err(Fault::refused(format!(
            "there is no role {role:?}: no CSD of a component {component:?} was imported"
        )));
    }
    let mut names: Vec<&str> = accesses.iter().flat_map(Access::roles).collect();
    if names.contains(&name) {
        return Ok(());
    }
    names.sort_unstable();
    names.dedup();
    Err(Fault::refused(format!("there is no role {role:?}: {component} has {}", names.join(", "))))
}
