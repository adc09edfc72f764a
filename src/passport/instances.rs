//! Instances of components by name, as an administrator adds and removes them.

use serde::Deserialize;

use super::audit::{Entry, name};
use super::authority::Authority;
use super::certificates::{self, Revoked};
use super::components::{self, Component};
use super::csd::{DEFAULT_INSTANCE, usable};
use super::decisions::believed_no_more;
use super::store::{Store, Tx, query, query_scalar};
use super::{Fault, now};
use crate::registration::wire::Identity;

/// A component as it is named by hand; what is not said must not be needed to tell it from others.
#[derive(Debug, Clone, Deserialize)]
pub struct Named {
    /// Its name.
    pub name: String,
    /// Its version.
    pub version: Option<String>,
    /// Its group.
    pub group: Option<String>,
}

/// Adds an instance to a component that is known; who it is now.
pub async fn add(store: &Store, named: &Named, instance: &str) -> Result<Identity, Fault> {
    if !usable(instance) {
        return Err(Fault::refused("an instance is 1 to 64 bytes without colon, slash or control characters"));
    }
    let mut write = store.write().await?;
    let all = of(&mut write, named).await?;
    let one = only(&all, named)?;
    let identity = Identity { instance: instance.to_owned(), ..one.identity.clone() };
    if all.iter().any(|known| known.identity == identity) {
        return Err(Fault::refused(format!("the component {} is known already", name(&identity))));
    }
    components::insert(&mut write, &identity, one.listens).await?;
    Entry::new("admin", "component instance added").component(&identity).write(&mut *write).await?;
    write.commit().await?;
    Ok(identity)
}

/// Forgets one instance with its requests. Refused while it has certificates that are good now, unless they shall be
/// revoked. Returns who it was and how many certificates were revoked.
pub async fn remove(
    authority: &Authority,
    named: &Named,
    instance: Option<&str>,
    revoke: bool,
) -> Result<(Identity, usize), Fault> {
    let instance = instance.unwrap_or(DEFAULT_INSTANCE);
    let mut write = authority.store.write().await?;
    let all = of(&mut write, named).await?;
    let these: Vec<Component> = all.into_iter().filter(|known| known.identity.instance == instance).collect();
    if these.is_empty() {
        return Err(Fault::refused(format!("there is no component {}/{instance}", named.name)));
    }
    let known = only(&these, named)?;
    let good: i64 =
        query_scalar("SELECT COUNT(*) FROM certificates WHERE component = $1 AND revoked IS NULL AND not_after > $2")
            .bind(known.id)
            .bind(now())
            .fetch_one(&mut *write)
            .await?;
    if good > 0 && !revoke {
        let certificates = if good == 1 { "a certificate".to_owned() } else { format!("{good} certificates") };
        return Err(Fault::refused(format!(
            "{} has {certificates} still good: revoke as well (--revoke)",
            name(&known.identity)
        )));
    }
    let revoked: Vec<String> = query_scalar("SELECT serial FROM certificates WHERE component = $1 AND revoked IS NULL")
        .bind(known.id)
        .fetch_all(&mut *write)
        .await?;
    let mut entries = Vec::new();
    for serial in &revoked {
        let one = Revoked { serial, reason: None, owner: None };
        entries.extend(certificates::revoke(&mut write, "admin", &one).await?);
    }
    components::delete(&mut write, known).await?;
    believed_no_more(authority, write, &entries).await?;
    // Perhaps the last component that kept an earlier secret alive.
    authority.secrets_changed.notify_one();
    authority.log.info(format_args!("the component {} was removed", name(&known.identity)));
    Ok((known.identity.clone(), revoked.len()))
}

/// All instances of what is named so.
async fn of(write: &mut Tx, named: &Named) -> Result<Vec<Component>, Fault> {
    let rows = query(
        r#"SELECT * FROM components WHERE name = $1 AND version = COALESCE($2, version) AND "group" = COALESCE($3, "group")
           ORDER BY version, "group", instance"#,
    )
    .bind(&named.name)
    .bind(&named.version)
    .bind(&named.group)
    .fetch_all(&mut **write)
    .await?;
    let all = rows.iter().map(components::component).collect::<Result<Vec<_>, _>>()?;
    if all.is_empty() {
        return Err(Fault::refused(format!("there is no component {:?}: import its CSD first", named.name)));
    }
    Ok(all)
}

/// Any of these, if all have one version and group.
fn only<'a>(all: &'a [Component], named: &Named) -> Result<&'a Component, Fault> {
    let kind = |known: &'a Component| (&known.identity.version, &known.identity.group);
    match all {
        [first, rest @ ..] if rest.iter().all(|other| kind(other) == kind(first)) => Ok(first),
        _ => {
            let kinds: std::collections::BTreeSet<_> = all.iter().map(kind).collect();
            let kinds: Vec<_> = kinds.into_iter().map(|(version, group)| format!("{version} ({group})")).collect();
            let known = kinds.join(", ");
            Err(Fault::refused(format!(
                "{:?} has several versions: {known}; say which (--component-version, --component-group)",
                named.name
            )))
        }
    }
}
