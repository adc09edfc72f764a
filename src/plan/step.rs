//! One reversible act, as a value: it can be described, recorded and done by `apply`.

use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};

use crate::profile::Identity;
use crate::registration::site::Site;

/// A component's process: how it is started and stopped, and the pid file that tells whether it runs.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Process {
    /// Component id.
    pub component: String,
    /// Its name for people.
    pub name: String,
    /// Command to start it.
    pub start: Vec<String>,
    /// Command to stop it.
    pub stop: Vec<String>,
    /// Its pid file.
    pub pid_file: PathBuf,
}

/// One act of a plan. No step holds a secret.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "step", rename_all = "kebab-case")]
pub enum Step {
    /// Let a product make its own home.
    MakeHome {
        /// Product name for people.
        name: String,
        /// The home.
        home: PathBuf,
        /// The product's command.
        command: Vec<String>,
        /// Where the password of the user `system` comes from (a reference, never the password).
        system_password_from: String,
        /// Address on which its server will listen.
        listen: String,
        /// The ports that its server will need.
        ports: [u16; 2],
    },
    /// Make a product's home and its folders.
    MakeFolders {
        /// Product name for people.
        name: String,
        /// The home.
        home: PathBuf,
        /// Folders below it.
        folders: Vec<String>,
    },
    /// Lay down a file without a secret.
    CreateFile {
        /// The file.
        path: PathBuf,
        /// Its content.
        content: String,
    },
    /// Lay down a file that holds the secret.
    CreatePlace {
        /// Whose place it is.
        component: String,
        /// The file.
        path: PathBuf,
        /// The file's text with an empty value.
        template: String,
        /// Its format.
        format: String,
        /// Where in the file.
        key: String,
        /// Permissions.
        mode: u32,
    },
    /// Start a process.
    Start(Process),
    /// Stop a process.
    Stop(Process),
    /// Set the secret at the authority.
    SetSecret {
        /// The authority's administration socket.
        socket: PathBuf,
    },
    /// Tell the authority of a component.
    ImportComponent {
        /// The authority's administration socket.
        socket: PathBuf,
        /// The component's CSD.
        csd: String,
        /// Who it is.
        identity: Identity,
    },
    /// Register a component: key pair, request, certificate, keystore.
    Register {
        /// Component name for people.
        name: String,
        /// The product's command.
        command: Vec<String>,
        /// Where the registration stands.
        site: Site,
        /// The authority's administration socket, when it is here.
        socket: Option<PathBuf>,
    },
    /// Move a file or folder aside until the change is committed; then it is removed.
    MoveAside {
        /// What is moved.
        path: PathBuf,
        /// Where to.
        to: PathBuf,
    },
    /// Verify the whole estate.
    Verify,
}

/// The part of the wizard in which a step is shown.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Phase {
    /// Files and processes.
    Apply,
    /// Registrations.
    Registration,
    /// The verification.
    Verification,
}

impl Step {
    /// Where it is shown.
    pub fn phase(&self) -> Phase {
        match self {
            Self::Register { .. } => Phase::Registration,
            Self::Verify => Phase::Verification,
            _ => Phase::Apply,
        }
    }

    /// What it does, in one line; paths below the estate are shown from there.
    pub fn describe(&self, estate: &Path) -> String {
        let short = |path: &Path| path.strip_prefix(estate).unwrap_or(path).display().to_string();
        match self {
            Self::MakeHome { name, home, .. } => format!("Make {name}'s home {}", short(home)),
            Self::MakeFolders { name, home, folders } => {
                format!("Make {name}'s home {} with {} folders", short(home), folders.len())
            }
            Self::CreateFile { path, .. } => format!("Write {}", short(path)),
            Self::CreatePlace { path, .. } => format!("Write {} with the secret", short(path)),
            Self::Start(process) => format!("Start {}", process.name),
            Self::Stop(process) => format!("Stop {}", process.name),
            Self::SetSecret { .. } => "Set the shared secret at PassPort".to_owned(),
            Self::ImportComponent { identity, .. } => format!("Import the CSD of {} into PassPort", identity.name),
            Self::Register { name, .. } => format!("Register {name}"),
            Self::MoveAside { path, .. } => format!("Remove {}", short(path)),
            Self::Verify => "Verify the estate".to_owned(),
        }
    }
}
