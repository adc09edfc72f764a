//! The B2Bi Server's folder: which file stands where.

use std::io;
use std::path::{Path, PathBuf};

use super::engine::Engine;

/// The home of a B2Bi Server.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Home(PathBuf);

impl Home {
    /// Takes the folder; a relative one is made absolute, since the engines work from `/`.
    pub fn new(folder: &Path) -> io::Result<Self> {
        std::path::absolute(folder).map(Self)
    }

    /// The folder itself.
    pub fn folder(&self) -> &Path {
        &self.0
    }

    /// Whether a B2Bi Server was ever laid down here.
    pub fn exists(&self) -> bool {
        Engine::ALL.iter().all(|engine| self.conf(*engine).is_dir())
    }

    /// An engine's configuration and keystore.
    pub fn conf(&self, engine: Engine) -> PathBuf {
        self.0.join(engine.conf())
    }

    /// The file that holds an engine's shared secret.
    pub fn place(&self, engine: Engine) -> PathBuf {
        self.0.join(engine.place().file)
    }

    /// Identity and connection as Install wrote them, read once.
    pub fn defaults(&self, engine: Engine) -> PathBuf {
        self.conf(engine).join("passportintegrationdefaults.xml")
    }

    /// An engine's log.
    pub fn log(&self, engine: Engine) -> PathBuf {
        self.0.join(engine.log())
    }

    /// The file whose lock a running engine holds.
    pub fn pid(&self, engine: Engine) -> PathBuf {
        self.run().join(format!("{}.pid", engine.id()))
    }

    /// An engine's control socket.
    pub fn socket(&self, engine: Engine) -> PathBuf {
        self.run().join(format!("{}.sock", engine.id()))
    }

    /// What lives only as long as the engines run.
    pub fn run(&self) -> PathBuf {
        self.0.join("run")
    }

    /// The address at which the integration engine takes documents.
    pub fn endpoint(&self) -> PathBuf {
        self.run().join(ENDPOINT)
    }

    /// The database of both engines.
    pub fn database(&self) -> PathBuf {
        self.0.join("data/b2bi.db")
    }

    /// The settings of both engines.
    pub fn settings(&self) -> PathBuf {
        self.0.join("common/conf/b2bi.toml")
    }

    /// The maps.
    pub fn maps(&self) -> PathBuf {
        self.0.join("common/maps")
    }

    /// Where documents are put in.
    pub fn inbox(&self) -> PathBuf {
        self.0.join("Interchange/in")
    }

    /// Where documents that were not accepted end, each with its reason.
    pub fn rejected(&self) -> PathBuf {
        self.0.join("Interchange/rejected")
    }

    /// Where turned documents come out.
    pub fn outbox(&self) -> PathBuf {
        self.0.join("Integrator/out")
    }

    /// A path as people read it: below the home where that is possible.
    pub fn shown(&self, path: &Path) -> String {
        path.strip_prefix(&self.0).unwrap_or(path).display().to_string()
    }
}

/// Name of the endpoint's file in the folder [`Home::run`].
pub const ENDPOINT: &str = "integrator.endpoint";
