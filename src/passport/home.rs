//! What lies where in the authority's home.

use std::path::{Path, PathBuf};

/// The folder that is the authority.
#[derive(Debug, Clone)]
pub struct Home(PathBuf);

impl Home {
    /// The folders below it.
    pub(crate) const FOLDERS: [&'static str; 4] = ["conf", "data", "logs", "run"];

    /// A home at this path, whether it exists or not.
    pub fn new(path: impl Into<PathBuf>) -> Self {
        Self(path.into())
    }

    /// The folder itself.
    pub fn path(&self) -> &Path {
        &self.0
    }

    /// `conf/passport.toml`: host, ports, domain.
    pub fn config(&self) -> PathBuf {
        self.0.join("conf/passport.toml")
    }

    /// `conf/system.pass`: the password of the user `system`, one line, 0600.
    pub fn system_password(&self) -> PathBuf {
        self.0.join("conf/system.pass")
    }

    /// `data/passport.db`: everything the authority knows, its keys included, 0600. Not there with PostgreSQL.
    pub fn database(&self) -> PathBuf {
        self.0.join("data/passport.db")
    }

    /// `conf/database.url`: where the PostgreSQL is that this node shares with others, 0600. Not there with SQLite.
    pub fn database_address(&self) -> PathBuf {
        self.0.join("conf/database.url")
    }

    /// `conf/node.key`: opens the keys in that PostgreSQL; the same in every node, 0600.
    pub fn node_key(&self) -> PathBuf {
        self.0.join("conf/node.key")
    }

    /// `data/window.key`: the key to the previous secret while it is retiring, 0600.
    pub fn window_key(&self) -> PathBuf {
        self.0.join("data/window.key")
    }

    /// `logs/passport.log`.
    pub fn log(&self) -> PathBuf {
        self.0.join("logs/passport.log")
    }

    /// `run/passport.pid`, whose lock a running authority holds.
    pub fn pid_file(&self) -> PathBuf {
        self.0.join("run/passport.pid")
    }

    /// `run/admin.sock`.
    pub fn admin_socket(&self) -> PathBuf {
        self.0.join("run/admin.sock")
    }
}
