//! The components that the authority knows, and whether somebody is one of them: all four values must match.

use super::audit::Entry;
use super::csd::{self, Csd};
use super::store::{Row, Store, Tx, query, query_as, query_scalar};
use super::{Fault, descriptors, now, properties};
use crate::registration::wire::Identity;

/// A known component.
#[derive(Debug, Clone)]
pub struct Component {
    /// Its number in the database.
    pub id: i64,
    /// The four values.
    pub identity: Identity,
    /// Whether its certificate is good for a server too.
    pub listens: bool,
    /// The secret it proved last, and when (seconds since 1970).
    pub proved: Option<(String, i64)>,
}

/// Takes a CSD in. `false` when that component was known already; its description, and that of its further instances,
/// is brought up to date then.
pub async fn import(store: &Store, xml: &str) -> Result<(Csd, bool), Fault> {
    let csd = csd::read(xml).map_err(|error| Fault::refused(error.to_string()))?;
    let mut write = store.write().await?;
    descriptors::put(&mut write, &csd.identity, xml).await?;
    query(r#"UPDATE components SET listens = $4 WHERE name = $1 AND version = $2 AND "group" = $3"#)
        .bind(&csd.identity.name)
        .bind(&csd.identity.version)
        .bind(&csd.identity.group)
        .bind(csd.listens)
        .execute(&mut *write)
        .await?;
    let is_new = find(&mut write, &csd.identity).await?.is_none();
    if is_new {
        insert(&mut write, &csd.identity, csd.listens).await?;
    }
    Entry::new("admin", "component imported").component(&csd.identity).write(&mut *write).await?;
    write.commit().await?;
    Ok((csd, is_new))
}

/// Forgets a component, if it is known. Its certificates must have been revoked before.
pub async fn remove(store: &Store, identity: &Identity) -> Result<bool, Fault> {
    let mut write = store.write().await?;
    let Some(known) = find(&mut write, identity).await? else { return Ok(false) };
    delete(&mut write, &known).await?;
    write.commit().await?;
    Ok(true)
}

/// All of them, by name; at most `limit`.
pub async fn list(store: &Store, limit: Option<u32>) -> Result<Vec<Component>, Fault> {
    let rows = query(r#"SELECT * FROM components ORDER BY name, version, "group", instance LIMIT $1"#)
        .bind(limit.map_or(i64::MAX, i64::from))
        .fetch_all(store.reader())
        .await?;
    Ok(rows.iter().map(component).collect::<Result<_, _>>()?)
}

/// The component with exactly these four values.
pub async fn find(write: &mut Tx, identity: &Identity) -> Result<Option<Component>, Fault> {
    let row = query(r#"SELECT * FROM components WHERE name = $1 AND version = $2 AND "group" = $3 AND instance = $4"#)
        .bind(&identity.name)
        .bind(&identity.version)
        .bind(&identity.group)
        .bind(&identity.instance)
        .fetch_optional(&mut **write)
        .await?;
    row.as_ref().map(component).transpose().map_err(Fault::from)
}

/// The components of this name and instance; more than one when versions or groups differ.
pub async fn named(write: &mut Tx, name: &str, instance: &str) -> Result<Vec<Component>, Fault> {
    let rows = query("SELECT * FROM components WHERE name = $1 AND instance = $2")
        .bind(name)
        .bind(instance)
        .fetch_all(&mut **write)
        .await?;
    Ok(rows.iter().map(component).collect::<Result<_, _>>()?)
}

/// Whether a component has this name, or would be taken in under it.
pub async fn is_name(store: &Store, name: &str) -> Result<bool, Fault> {
    let known: bool = query_scalar("SELECT EXISTS (SELECT 1 FROM components WHERE name = $1)")
        .bind(name)
        .fetch_one(store.reader())
        .await?;
    Ok(known || csd::usable(name) && properties::get(store.reader(), properties::UNKNOWN_COMPONENTS).await? == "accept")
}

/// The component with this number.
pub async fn by_id(write: &mut Tx, id: i64) -> Result<Component, Fault> {
    let row = query("SELECT * FROM components WHERE id = $1").bind(id).fetch_one(&mut **write).await?;
    Ok(component(&row)?)
}

/// What the four values amount to.
pub enum Judged {
    /// A component that we know.
    Known(Component),
    /// One that we do not know but would take in.
    Welcome,
    /// Nobody we know; in one line why.
    Unknown(String),
}

/// Judges an identity. Nothing changes by it.
pub async fn judge(write: &mut Tx, identity: &Identity) -> Result<Judged, Fault> {
    if let Some(known) = find(write, identity).await? {
        return Ok(Judged::Known(known));
    }
    if let Some((part, _)) = identity.parts().into_iter().find(|(_, value)| !csd::usable(value)) {
        let rule = "1 to 64 bytes without colon, slash or control characters";
        return Ok(Judged::Unknown(format!("the component's {part} must be {rule}")));
    }
    if properties::get(&mut **write, properties::UNKNOWN_COMPONENTS).await? == "accept" {
        return Ok(Judged::Welcome);
    }
    Ok(Judged::Unknown(difference(write, identity).await?))
}

/// Takes in a component of which no CSD was imported. Nobody said that it listens, so it does not.
pub async fn take_in(write: &mut Tx, identity: &Identity) -> Result<Component, Fault> {
    let id = insert(write, identity, false).await?;
    Entry::new("policy", "component accepted").component(identity).write(&mut **write).await?;
    Ok(Component { id, identity: identity.clone(), listens: false, proved: None })
}

/// Notes which secret a component, found in this write, proved to hold; whether it was another one before.
pub async fn proved(write: &mut Tx, component: &Component, secret_id: &str) -> Result<bool, Fault> {
    let before = component.proved.as_ref().map(|(id, at)| (id.as_str(), *at));
    if before == Some((secret_id, now())) {
        return Ok(false);
    }
    query("UPDATE components SET proved_id = $2, proved_at = $3 WHERE id = $1")
        .bind(component.id)
        .bind(secret_id)
        .bind(now())
        .execute(&mut **write)
        .await?;
    Ok(before.is_none_or(|(id, _)| id != secret_id))
}

/// Names which of the four values differ from the component that comes nearest.
async fn difference(write: &mut Tx, identity: &Identity) -> Result<String, Fault> {
    let nearest: Option<(String, String, String, String)> = query_as(
        r#"SELECT name, version, "group", instance FROM components WHERE name = $1
           ORDER BY CASE WHEN version = $2 THEN 0 ELSE 1 END + CASE WHEN "group" = $3 THEN 0 ELSE 1 END
           + CASE WHEN instance = $4 THEN 0 ELSE 1 END, id LIMIT 1"#,
    )
    .bind(&identity.name)
    .bind(&identity.version)
    .bind(&identity.group)
    .bind(&identity.instance)
    .fetch_optional(&mut **write)
    .await?;
    let Some((name, version, group, instance)) = nearest else {
        return Ok(format!("no component has the name {:?}: import its CSD first", identity.name));
    };
    let known = Identity { name, version, group, instance };
    let pairs = identity.parts().into_iter().zip(known.parts());
    let differing: Vec<String> = pairs
        .filter(|(given, known)| given != known)
        .map(|((part, given), (_, known))| format!("{part} is {given:?} where {known:?} is known"))
        .collect();
    Ok(format!("the component's {}", differing.join(", its ")))
}

/// Writes a new one; its number.
pub(super) async fn insert(write: &mut Tx, identity: &Identity, listens: bool) -> Result<i64, Fault> {
    let id = query_scalar(
        r#"INSERT INTO components (name, version, "group", instance, listens, added)
           VALUES ($1, $2, $3, $4, $5, $6) RETURNING id"#,
    )
    .bind(&identity.name)
    .bind(&identity.version)
    .bind(&identity.group)
    .bind(&identity.instance)
    .bind(listens)
    .bind(now())
    .fetch_one(&mut **write)
    .await?;
    Ok(id)
}

/// Forgets a known one with its requests; with the last of its instances goes their CSD.
pub(super) async fn delete(write: &mut Tx, known: &Component) -> Result<(), Fault> {
    query("DELETE FROM components WHERE id = $1").bind(known.id).execute(&mut **write).await?;
    descriptors::tidy(write, &known.identity).await?;
    Ok(Entry::new("admin", "component removed").component(&known.identity).write(&mut **write).await?)
}

/// A row of the table.
pub(super) fn component(row: &Row) -> Result<Component, sqlx::Error> {
    let identity = Identity {
        name: row.try_get("name")?,
        version: row.try_get("version")?,
        group: row.try_get("group")?,
        instance: row.try_get("instance")?,
    };
    let proved: (Option<String>, Option<i64>) = (row.try_get("proved_id")?, row.try_get("proved_at")?);
    Ok(Component { id: row.try_get("id")?, identity, listens: row.try_get("listens")?, proved: proved.0.zip(proved.1) })
}
