//! What a running engine holds and answers about: its secret, its proof, its tables and maps.

use std::sync::{Arc, PoisonError, RwLock};

use serde::{Deserialize, Serialize};
use tokio::sync::Mutex;

use super::access::Access;
use super::engine::Engine;
use super::failure::Failure;
use super::log::Log;
use super::maps::{self, Map};
use super::startup::Started;
use super::tables::{Tables, known_version};
use crate::registration::material::Material;
use crate::registration::opaque;
use crate::registration::state::State;
use crate::secret::Secret;

const CLASS: &str = "PassPortAccess";

/// A running engine's own state.
pub struct Held {
    engine: Engine,
    access: Access,
    tables: Tables,
    log: Log,
    proved: RwLock<Proved>,
    /// Held for the length of a proof, so that two reloads do not overtake each other.
    one_at_a_time: Mutex<()>,
}

#[derive(Clone)]
struct Proved {
    secret: Arc<Secret>,
    secret_id: Option<String>,
}

/// A running engine as its control socket tells it.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Status {
    /// `integrator` or `interchange`.
    pub engine: String,
    /// Process id.
    pub pid: u32,
    /// Whether every step of the start-up was gone through; it answers only then.
    pub ready: bool,
    /// State of its registration.
    pub registration: State,
    /// Which of PassPort's secrets it holds; not known where the authority takes no proofs.
    pub secret_id: Option<String>,
    /// Its tables.
    pub tables: TablesStatus,
    /// Every map in the folder at the last start of an engine.
    pub maps: Vec<Map>,
}

/// The tables as the status tells them.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct TablesStatus {
    /// Their version.
    pub version: i64,
    /// Whether that is the version that the program needs.
    pub current: bool,
}

impl Held {
    /// Takes over from the start-up.
    pub fn new(engine: Engine, started: Started, log: Log) -> Self {
        let Started { access, secret, secret_id, tables, .. } = started;
        let proved = RwLock::new(Proved { secret, secret_id });
        Self { engine, access, tables, log, proved, one_at_a_time: Mutex::new(()) }
    }

    /// Tells how the engine is.
    pub async fn status(&self) -> Result<Status, Failure> {
        Ok(Status {
            engine: self.engine.id().to_owned(),
            pid: std::process::id(),
            ready: true,
            registration: self.access.site().state(),
            secret_id: self.proved().secret_id,
            tables: TablesStatus { version: self.tables.version, current: self.tables.version == known_version() },
            maps: maps::list(&self.tables).await?,
        })
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
                self.log.info(CLASS, &format!("reload: the secret{id} from its place is in use"));
                Ok(secret_id)
            }
            Err(failure) => {
                self.log.error(CLASS, &format!("reload failed, the earlier secret is kept: {failure}"));
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
        registered.inspect_err(|failure| self.log.error(CLASS, &failure.to_string())).ok()
    }

    /// Logs that another certificate is shown, or why not.
    pub fn tell_shown(&self, exchanged: Result<(), rustls::Error>) {
        match exchanged {
            Ok(()) => self.log.info(CLASS, "the renewed certificate is shown from now on"),
            Err(error) => self.log.error(CLASS, &format!("the renewed certificate cannot be shown: {error}")),
        }
    }

    /// Closes the database.
    pub async fn close(&self) {
        self.tables.pool.close().await;
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
