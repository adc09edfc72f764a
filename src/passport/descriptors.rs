//! The CSDs that were imported, one for all instances of a component.

use super::Fault;
use super::csd::{self, Access};
use super::store::{Store, Tx, query, query_scalar};
use crate::registration::wire::Identity;

/// Keeps a CSD, in the place of an earlier one of the same component.
pub(super) async fn put(write: &mut Tx, of: &Identity, xml: &str) -> Result<(), Fault> {
    query(
        r#"INSERT INTO descriptors (name, version, "group", csd) VALUES ($1, $2, $3, $4)
           ON CONFLICT (name, version, "group") DO UPDATE SET csd = excluded.csd"#,
    )
    .bind(&of.name)
    .bind(&of.version)
    .bind(&of.group)
    .bind(xml)
    .execute(&mut **write)
    .await?;
    Ok(())
}

/// Forgets the CSD of a component that has no instance any more.
pub(super) async fn tidy(write: &mut Tx, of: &Identity) -> Result<(), Fault> {
    query(
        r#"DELETE FROM descriptors WHERE name = $1 AND version = $2 AND "group" = $3 AND NOT EXISTS
           (SELECT 1 FROM components WHERE name = $1 AND version = $2 AND "group" = $3)"#,
    )
    .bind(&of.name)
    .bind(&of.version)
    .bind(&of.group)
    .execute(&mut **write)
    .await?;
    Ok(())
}

/// What the users of this component may do; nothing when no CSD of it was imported.
pub(super) async fn access(store: &Store, of: &Identity) -> Result<Access, Fault> {
    let xml: Option<String> =
        query_scalar(r#"SELECT csd FROM descriptors WHERE name = $1 AND version = $2 AND "group" = $3"#)
            .bind(&of.name)
            .bind(&of.version)
            .bind(&of.group)
            .fetch_optional(store.reader())
            .await?;
    Ok(xml.map(|xml| read(&xml)).transpose()?.unwrap_or_default())
}

/// What the users of any version of the component with this name may do; none when there is no CSD of that name.
pub(super) async fn accesses(write: &mut Tx, name: &str) -> Result<Vec<Access>, Fault> {
    let all: Vec<String> =
        query_scalar("SELECT csd FROM descriptors WHERE name = $1").bind(name).fetch_all(&mut **write).await?;
    all.iter().map(|xml| read(xml)).collect()
}

fn read(xml: &str) -> Result<Access, Fault> {
    csd::read(xml).map(|csd| csd.access).map_err(|_| Fault::Damaged("a CSD"))
}
