//! API Gateway's folder: which file stands where.

use std::io;
use std::path::{Path, PathBuf};

use crate::daemon::outside::Server;

/// Folder of everything that is set, below the home.
pub const CONF: &str = "groups/group-1/conf";
/// The repositories, in [`CONF`].
pub const REPOSITORIES: &str = "repositories.toml";
const LOG: &str = "logs/gateway.log";

/// The home of an API Gateway.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Home(PathBuf);

impl Home {
    /// Takes the folder; a relative one is made absolute, since the server works from `/`.
    pub fn new(folder: &Path) -> io::Result<Self> {
        std::path::absolute(folder).map(Self)
    }

    /// The folder itself.
    pub fn folder(&self) -> &Path {
        &self.0
    }

    /// Whether an API Gateway was ever laid down here.
    pub fn exists(&self) -> bool {
        self.conf().is_dir()
    }

    /// Repositories, CSDs, keystores.
    pub fn conf(&self) -> PathBuf {
        self.0.join(CONF)
    }

    /// How it reaches its authorities.
    pub fn repositories(&self) -> PathBuf {
        self.conf().join(REPOSITORIES)
    }

    /// How it serves.
    pub fn settings(&self) -> PathBuf {
        self.conf().join("gateway.toml")
    }

    /// Its log.
    pub fn log(&self) -> PathBuf {
        self.0.join(LOG)
    }

    /// Its control socket.
    pub fn socket(&self) -> PathBuf {
        self.0.join("run/api-gateway.sock")
    }

    /// The file whose lock it holds while it runs.
    pub fn pid(&self) -> PathBuf {
        self.0.join("run/api-gateway.pid")
    }

    /// A path as people read it: below the home where that is possible.
    pub fn shown(&self, path: &Path) -> String {
        path.strip_prefix(&self.0).unwrap_or(path).display().to_string()
    }

    /// It as a process.
    pub fn server(&self) -> Server {
        Server {
            name: super::NAME.to_owned(),
            pid: self.pid(),
            socket: self.socket(),
            log: self.log(),
            shown_log: LOG.to_owned(),
        }
    }
}
