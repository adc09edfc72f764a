//! What an administrator's verbs read and change in the database of an authority on this host, whether it runs or not.
//! What a running authority must notice at once goes over its admin socket instead.

use rustls_pki_types::CertificateRevocationListDer;
use serde_json::Value;

use super::certificates::{self, Revoked};
use super::requests::Listed;
use super::store::Store;
use super::users::{self, User};
use super::{Fault, Home, admin, audit, authority, components, instances, properties, requests};
use crate::registration::wire::Identity;
use crate::secret::Secret;

/// The database of one authority.
pub struct Local(Store);

impl Local {
    /// Opens it.
    ///
    /// # Errors
    /// [`Fault::Refused`] when there is no authority in that folder.
    pub async fn open(home: &Home) -> Result<Self, Fault> {
        Ok(Self(Store::of(home).await?))
    }

    /// Closes it again.
    pub async fn close(self) {
        self.0.close().await;
    }

    /// All certificate requests, the newest first.
    pub async fn requests(&self) -> Result<Vec<Listed>, Fault> {
        requests::list(&self.0).await
    }

    /// Shows the newest audit rows not older than `since` (seconds since 1970), at most `limit`, the oldest first, until
    /// `show` says false.
    pub async fn audit(
        &self,
        since: i64,
        limit: Option<u32>,
        show: impl FnMut(&audit::Row<'_>) -> bool,
    ) -> Result<(), Fault> {
        audit::since(&self.0, since, limit, show).await
    }

    /// The signed heads of the audit's chains.
    pub async fn audit_heads(&self) -> Result<Vec<audit::Head>, Fault> {
        audit::heads(&self.0).await
    }

    /// Verifies the audit's chains, also against heads exported earlier.
    pub async fn verify_audit(&self, exported: &[audit::Head]) -> Result<audit::Report, Fault> {
        audit::verify(&self.0, exported).await
    }

    /// The certificate of this serial, or `Default_HTTPS`, `Default_HTTPS_Client_Auth` or `ca`.
    pub async fn certificate(&self, name: &str) -> Result<certificates::Listed, Fault> {
        certificates::find(&self.0, name).await
    }

    /// All certificates, or those of a component.
    pub async fn certificates(&self, component: Option<&str>) -> Result<Vec<certificates::Listed>, Fault> {
        certificates::list(&self.0, component, None).await
    }

    /// Revokes one that was issued; `false` when it was revoked already. An authority that runs does not notice.
    pub async fn revoke(&self, serial: &str, reason: Option<&str>) -> Result<bool, Fault> {
        let mut write = self.0.write().await?;
        let revoked = Revoked { serial, reason, owner: None };
        let entry = certificates::revoke(&mut write, "admin", &revoked).await?;
        write.commit().await?;
        Ok(entry.is_some())
    }

    /// A new revocation list.
    pub async fn revocation_list(&self) -> Result<CertificateRevocationListDer<'static>, Fault> {
        certificates::issue(&self.0, &authority::ca(&self.0).await?).await
    }

    /// The known components as JSON: `[{"identity","listens","proved":null|{"secret_id","time"}}]`.
    pub async fn components(&self) -> Result<Value, Fault> {
        Ok(admin::components_json(&components::list(&self.0, None).await?))
    }

    /// Takes a CSD in; whether the component is new.
    pub async fn import(&self, csd: &str) -> Result<(Identity, bool), Fault> {
        components::import(&self.0, csd).await.map(|(csd, new)| (csd.identity, new))
    }

    /// Adds an instance to a known component; who it is.
    pub async fn add_instance(
        &self,
        name: &str,
        version: Option<String>,
        group: Option<String>,
        instance: &str,
    ) -> Result<Identity, Fault> {
        let named = instances::Named { name: name.to_owned(), version, group };
        instances::add(&self.0, &named, instance).await
    }

    /// Every user, by domain and name.
    pub async fn users(&self) -> Result<Vec<User>, Fault> {
        users::list(&self.0).await
    }

    /// Adds a user, who must change this password at the first login.
    pub async fn add_user(&self, name: &str, domain: &str, roles: &[String], password: Secret) -> Result<User, Fault> {
        users::add(&self.0, name, domain, roles, password).await
    }

    /// Removes a user.
    pub async fn remove_user(&self, name: &str, domain: &str) -> Result<(), Fault> {
        users::remove(&self.0, name, domain).await
    }

    /// Grants a role to a user, or revokes it; the user, and whether that changed anything.
    pub async fn change_role(&self, name: &str, domain: &str, role: &str, grant: bool) -> Result<(User, bool), Fault> {
        users::change_role(&self.0, name, domain, role, grant).await
    }

    /// Gives a user another password, to be changed at the next login.
    pub async fn reset_password(&self, name: &str, domain: &str, password: Secret) -> Result<User, Fault> {
        users::reset(&self.0, name, domain, password).await
    }

    /// Every system property with its value.
    pub async fn properties(&self) -> Result<Vec<(String, String)>, Fault> {
        properties::list(&self.0).await
    }

    /// One system property.
    pub async fn property(&self, name: &str) -> Result<String, Fault> {
        properties::get(self.0.reader(), name).await
    }

    /// Changes one; it counts from the authority's next decision on.
    pub async fn set_property(&self, name: &str, value: &str) -> Result<(), Fault> {
        properties::set(&self.0, name, value).await
    }
}
