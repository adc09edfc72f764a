//! Which component asks, on the port for client authentication.

use crate::passport::store::query;

use super::Refusal;
use super::connection::Connection;
use crate::passport::Fault;
use crate::passport::authority::Authority;
use crate::passport::components::{self, Component};

/// The component behind the connection's certificate. A connection that was open when its certificate was revoked, or
/// its component removed, must not go on.
pub(super) async fn caller(authority: &Authority, connection: &Connection) -> Result<Component, Refusal> {
    let found = async {
        let row = query(
            "SELECT components.* FROM certificates JOIN components ON components.id = certificates.component
             WHERE certificates.serial = $1 AND certificates.revoked IS NULL",
        )
        .bind(connection.serial())
        .fetch_optional(authority.store.reader())
        .await?;
        Ok::<_, Fault>(row.as_ref().map(components::component).transpose()?)
    };
    found.await.map_err(|fault| Refusal::internal(authority, &fault))?.ok_or(Refusal::Unproved)
}
