//! One login, outside of a running gateway.

use super::Failure;
use super::failure::about;
use super::links::Named;
use crate::daemon::access::Access;
use crate::registration::login::{Login, LoginError, Logins, addresses, tls};
use crate::registration::material::Material;
use crate::secret::Secret;

/// Asks a repository's PassPort whether this is the user's password.
///
/// # Errors
/// The repository is not registered: its documented text; or PassPort does not answer.
pub async fn login(named: &Named, user: &str, password: &Secret) -> Result<(String, Login), Failure> {
    let asked = async {
        let link = named.link.as_ref().map_err(|failure| Failure::Refused(failure.to_string()))?;
        let (access, material) = (&link.access, registered(&link.access)?);
        let site = &access.site;
        let login = async {
            let found = addresses(site.address, &site.host, site.client_auth_port).await?;
            let logins = Logins::open(&found, site.client_auth_port, tls(&material, None)?)?;
            logins.login(user, &link.domain, password).await
        };
        let login = login.await.map_err(|error: LoginError| Failure::CannotTell(error.to_string()))?;
        Ok((link.domain.clone(), login))
    };
    asked.await.map_err(|failure| about(&named.name, failure))
}

/// Its certificate. While its registration is pending a repository serves no request, and says why.
fn registered(access: &Access) -> Result<Material, Failure> {
    if let Some(material) = access.valid_material() {
        return Ok(material);
    }
    let state = access.site.state();
    let message = state.message_for(super::NAME).unwrap_or_else(|| {
        format!("it is not registered [Status:{state}]: register it with `countersign gateway register`")
    });
    Err(if state.is_pending() { Failure::Pending(message) } else { Failure::NotAccepted(message) })
}
