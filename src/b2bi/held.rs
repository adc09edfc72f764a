//! What a running engine holds and answers about: its secret and proof, its tables and maps.

use std::sync::Arc;

use serde::{Deserialize, Serialize};

use super::engine::Engine;
use super::failure::Failure;
use super::maps::{self, Map};
use super::startup::Started;
use super::tables::{Tables, known_version};
use crate::daemon::holding::Holding;
use crate::registration::state::State;

/// A running engine's own state.
pub struct Held {
    engine: Engine,
    tables: Tables,
    /// Its secret and certificate.
    pub holding: Arc<Holding>,
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
    pub fn new(engine: Engine, started: Started) -> Self {
        let Started { access, secret, secret_id, tables, .. } = started;
        Self { engine, tables, holding: Arc::new(Holding::new(Arc::new(access), secret, secret_id)) }
    }

    /// Tells how the engine is.
    pub async fn status(&self) -> Result<Status, Failure> {
        Ok(Status {
            engine: self.engine.id().to_owned(),
            pid: std::process::id(),
            ready: true,
            registration: self.holding.access().site.state(),
            secret_id: self.holding.secret_id(),
            tables: TablesStatus { version: self.tables.version, current: self.tables.version == known_version() },
            maps: maps::list(&self.tables).await?,
        })
    }

    /// Closes the database.
    pub async fn close(&self) {
        self.tables.pool.close().await;
    }
}
