//! What a running server holds: the secret, which of the authority's it is, and its certificate.

use std::sync::{Arc, PoisonError, RwLock};

use tokio::sync::Mutex;

use super::access::Access;
use super::failure::Failure;
use crate::registration::material::Material;
use crate::registration::opaque;
use crate::secret::Secret;

const CLASS: &str = "PassPortAccess";

/// A secret that was proved, and the access that proved it.
pub struct Holding {
    access: Arc<Access>,
    proved: RwLock<Proved>,
    /// Held for the length of a proof, so that two reloads do not overtake each other.
    one_at_a_time: Mutex<()>,
}

#[derive(Clone)]
struct Proved {
    secret: Arc<Secret>,
    secret_id: Option<String>,
}

impl Holding {
    /// Takes over from the start-up.
    pub fn new(access: Arc<Access>, secret: Arc<Secret>, secret_id: Option<String>) -> Self {
        Self { access, proved: RwLock::new(Proved { secret, secret_id }), one_at_a_time: Mutex::new(()) }
    }

    /// The access that it proves with.
    pub fn access(&self) -> &Access {
        &self.access
    }

    /// Which of the authority's secrets it holds; not known where the authority takes no proofs.
    pub fn secret_id(&self) -> Option<String> {
        self.proved().secret_id
    }

    /// Proves the secret that the process holds, anew.
    pub async fn prove(&self) -> Result<String, Failure> {
        let _turn = self.one_at_a_time.lock().await;
        let secret = self.proved().secret;
        let secret_id = self.access.prove(&secret).await?;
        self.hold(Proved { secret, secret_id: Some(secret_id.clone()) });
        Ok(secret_id)
    }

    /// Reads the secret from its place anew and proves it, where that can be done. Keeps the old one when that fails.
    pub async fn reload(&self) -> Result<Option<String>, Failure> {
        let _turn = self.one_at_a_time.lock().await;
        match self.fresh().await {
            Ok(fresh) => {
                let secret_id = fresh.secret_id.clone();
                if secret_id.is_none() || secret_id != self.proved().secret_id {
                    // What was stretched from the earlier secret is of no more use, except to a thief.
                    opaque::forget();
                }
                self.hold(fresh);
                let id = secret_id.as_ref().map_or_else(String::new, |id| format!(" {id}"));
                self.access.log.info(CLASS, &format!("reload: the secret{id} from its place is in use"));
                Ok(secret_id)
            }
            Err(failure) => {
                self.access.log.error(CLASS, &format!("reload failed, the earlier secret is kept: {failure}"));
                Err(failure)
            }
        }
    }

    /// Key and chain of its keystore, while they are valid.
    pub fn material(&self) -> Option<Material> {
        self.access.valid_material()
    }

    /// Renews its certificate when that is due, and registers anew when it has ended; returns the one that is valid now.
    pub async fn renewed(&self) -> Option<Material> {
        let _turn = self.one_at_a_time.lock().await;
        let secret = self.proved().secret;
        if let Some(material) = self.access.renew(&secret).await {
            return Some(material);
        }
        let registered = self.access.register(&secret, false).await;
        registered.inspect_err(|failure| self.access.log.error(CLASS, &failure.to_string())).ok()
    }

    /// Registers, or goes on where an earlier attempt stopped; a valid keystore is left as it is.
    pub async fn registered(&self) -> Result<Material, Failure> {
        let _turn = self.one_at_a_time.lock().await;
        let secret = self.proved().secret;
        self.access.register(&secret, false).await
    }

    /// Logs that another certificate is shown, or why not.
    pub fn tell_shown(&self, exchanged: Result<(), rustls::Error>) {
        match exchanged {
            Ok(()) => self.access.log.info(CLASS, "the renewed certificate is shown from now on"),
            Err(error) => self.access.log.error(CLASS, &format!("the renewed certificate cannot be shown: {error}")),
        }
    }

    async fn fresh(&self) -> Result<Proved, Failure> {
        let (secret, secret_id) = self.access.take_secret().await?;
        Ok(Proved { secret: Arc::new(secret), secret_id })
    }

    fn proved(&self) -> Proved {
        self.proved.read().unwrap_or_else(PoisonError::into_inner).clone()
    }

    fn hold(&self, proved: Proved) {
        *self.proved.write().unwrap_or_else(PoisonError::into_inner) = proved;
    }
}
