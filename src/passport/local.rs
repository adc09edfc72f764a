//! What an administrator's verbs read and change in the database of an authority on this host, whether it runs or not.
//! What a running authority must notice at once goes over its admin socket instead.

use rustls_pki_types::CertificateDer;
use serde_json::Value;

use super::requests::Listed;
use super::store::Store;
use super::{Fault, Home, admin, audit, authority, components, properties, requests};
use crate::registration::wire::Identity;

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

    /// The newest audit lines, the oldest of them first.
    pub async fn audit(&self, limit: u32) -> Result<Vec<String>, Fault> {
        audit::lines(&self.0, limit).await
    }

    /// `Default_HTTPS`, `Default_HTTPS_Client_Auth` or `ca`.
    pub async fn certificate(&self, name: &str) -> Result<CertificateDer<'static>, Fault> {
        authority::certificate(&self.0, name).await
    }

    /// The known components as JSON: `[{"identity","listens","proved":null|{"secret_id","time"}}]`.
    pub async fn components(&self) -> Result<Value, Fault> {
        Ok(admin::components_json(&components::list(&self.0).await?))
    }

    /// Takes a CSD in; whether the component is new.
    pub async fn import(&self, csd: &str) -> Result<(Identity, bool), Fault> {
        components::import(&self.0, csd).await.map(|(csd, new)| (csd.identity, new))
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
