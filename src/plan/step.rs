//! One reversible act, as a value: it can be described, recorded and done by `apply`.

use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};

use crate::estate::Watching;
use crate::forms::{Form, FormError, Shape};
use crate::profile::{Identity, Select, Setting, SilentSecret, authority_name, component_name};
use crate::registration::site::Site;
use crate::tree::enumerate;

/// A component's process: how it is started and stopped, and what tells whether it runs.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Process {
    /// Component id.
    pub component: String,
    /// Its name for people.
    pub name: String,
    /// Command to start it.
    pub start: Vec<String>,
    /// Command to stop it.
    pub stop: Vec<String>,
    /// Its pid file, where its product has one of ours.
    pub pid_file: PathBuf,
    /// The command that ends well exactly while it runs; empty where the pid file tells.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub status: Vec<String>,
    /// Seconds that each of these commands may take; 0 for commands of ours, which keep deadlines themselves.
    #[serde(default, skip_serializing_if = "is_zero")]
    pub deadline: u64,
    /// The systemd unit that it is, if it is one.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub unit: String,
    /// Where its registrations are seen after a start: it is started once each of them says that the secret was
    /// accepted.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub watch: Vec<Watching>,
}

impl Process {
    /// Those that register when it is started, for people.
    pub fn registers(&self) -> String {
        let names: Vec<&str> = self.watch.iter().map(|watch| component_name(&watch.component)).collect();
        if names.is_empty() { self.name.clone() } else { enumerate(&names) }
    }
}

/// A run of the vendor's own installer, driven by silent files. Neither it nor those files' recorded originals hold the
/// secret in the clear; what is written for the run does, and is gone when the run is over.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct InstallerRun {
    /// Product id.
    pub product: String,
    /// Its name for people.
    pub name: String,
    /// The product's folder.
    pub home: PathBuf,
    /// The installer's command; `{silent}` stands for the master silent file that is written for the run.
    pub command: Vec<String>,
    /// How it is put back.
    pub back: Back,
    /// The master silent file that an earlier run left.
    pub silent: PathBuf,
    /// Where the silent files of this run stand while it lasts.
    pub work: PathBuf,
    /// Variables that get another value.
    pub set: Vec<Setting>,
    /// Variables that select a component.
    pub select: Vec<Select>,
    /// Variables that hold the secret.
    pub secret: Vec<SilentSecret>,
    /// The installer's log.
    pub log: PathBuf,
    /// Patterns by which it says that it succeeded.
    pub success: Vec<String>,
    /// Patterns by which it says that it failed.
    pub failure: Vec<String>,
    /// Seconds that a run may take.
    pub deadline: u64,
}

/// How a run of an installer is put back.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Back {
    /// By the same run with the previous secret.
    Again,
    /// By another command of the installer.
    Command(Vec<String>),
    /// Only by people.
    ByHand,
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde calls it so")]
fn is_zero(number: &u64) -> bool {
    *number == 0
}

/// A place for the secret that is there already.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Spot {
    /// Component id.
    pub component: String,
    /// The product's folder; the file must not lead out of it.
    pub home: PathBuf,
    /// The file.
    pub path: PathBuf,
    /// Its format.
    pub format: String,
    /// Where in the file.
    pub key: String,
    /// How the secret is written there.
    #[serde(default = "plain")]
    pub form: String,
}

impl Spot {
    /// How `forms` reads and writes it.
    ///
    /// # Errors
    /// Format or form is not known.
    pub fn shape(&self) -> Result<Shape, FormError> {
        Shape::named(&self.format, &self.form)
    }
}

/// The form of places in journals that do not tell one.
fn plain() -> String {
    Form::default().name().to_owned()
}

/// A value of a file that gets another one.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct NewValue {
    /// Where in the file.
    pub key: String,
    /// What must stand there now.
    pub before: String,
    /// What will.
    pub after: String,
}

/// A place that only commands of its product reach.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Online {
    /// Component id.
    pub component: String,
    /// Its name for people.
    pub name: String,
    /// The command that prints what stands there; empty where nothing can.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub read: Vec<String>,
    /// The command that puts the secret there.
    pub write: Vec<String>,
    /// Whether these commands need the secret in use.
    #[serde(default)]
    pub needs_old_secret: bool,
    /// Seconds that each may take.
    pub deadline: u64,
    /// The process that answers them; none where the product is stopped meanwhile.
    pub process: Option<Process>,
}

/// How a running process takes a new secret from its place. One that does not run has nothing to take over.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum TakeOver {
    /// By this command, while it runs. One of ours ends well only when the process proved the secret.
    Reload(Process, Vec<String>),
    /// It is stopped and started.
    Restart(Process),
}

impl TakeOver {
    /// Whose it is.
    pub fn process(&self) -> &Process {
        let (Self::Reload(process, _) | Self::Restart(process)) = self;
        process
    }
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
        /// How the secret is written there.
        #[serde(default = "plain")]
        form: String,
        /// Where else in the same file.
        #[serde(default, skip_serializing_if = "Vec::is_empty")]
        twins: Vec<String>,
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
    /// Change a file that holds no secret.
    EditFile {
        /// The file.
        path: PathBuf,
        /// What must stand in it now.
        before: String,
        /// What will.
        after: String,
    },
    /// Change values in a file that holds the secret besides.
    SetValues {
        /// The product's folder; the file must not lead out of it.
        home: PathBuf,
        /// The file.
        path: PathBuf,
        /// Its format.
        format: String,
        /// What changes.
        values: Vec<NewValue>,
    },
    /// Put the secret into places: first those that commands reach, then files; and have running processes take it over.
    WriteSecret {
        /// Component or product name for people.
        name: String,
        /// Places in files.
        spots: Vec<Spot>,
        /// Places that commands reach.
        #[serde(default, skip_serializing_if = "Vec::is_empty")]
        online: Vec<Online>,
        /// How running processes take the secret over; none where they are stopped meanwhile, or read the place each time.
        #[serde(default, skip_serializing_if = "Vec::is_empty")]
        takes_over: Vec<TakeOver>,
        /// Whether nothing else is done meanwhile: others wait for it.
        #[serde(default)]
        alone: bool,
    },
    /// See that files which their product rewrites itself hold the new secret, now that it runs with it.
    SeeKept {
        /// Product name for people.
        name: String,
        /// The places.
        spots: Vec<Spot>,
    },
    /// Have the authority accept the next secret beside the current one.
    AddNext {
        /// The authority's administration socket.
        socket: PathBuf,
        /// Name of this change, by which the authority takes it back.
        change: String,
        /// Id of the secret that is the current one until then.
        current: String,
    },
    /// Make the next secret the authority's current one; the one before stays accepted.
    Promote {
        /// The authority's administration socket.
        socket: PathBuf,
        /// Name of this change.
        change: String,
        /// Id of the secret that is the current one until then.
        current: String,
        /// The retiring id to go back to, instead of this change's next one.
        to: Option<String>,
    },
    /// Make another secret the authority's only one; the one before is held, not accepted, until the commit.
    ReplaceSecret {
        /// The authority's administration socket.
        socket: PathBuf,
        /// Name of this change.
        change: String,
        /// Id of the secret that is the current one until then.
        current: String,
    },
    /// Tell a product where its authority is.
    Connect {
        /// Component name for people.
        name: String,
        /// The product's command.
        command: Vec<String>,
        /// The same command with what was told before.
        back: Vec<String>,
    },
    /// Start a process that still holds the old secret, and see it refused.
    SeeRefused(Process),
    /// Ask one probe of the verification.
    Probe {
        /// Its id.
        id: String,
    },
    /// Check that every place and process holds the authority's secret.
    Check,
    /// Settle the authority's secrets after the commit: what is held or left over is retired, the window begins.
    SettleSecret {
        /// The authority's administration socket.
        socket: PathBuf,
        /// Name of this change.
        change: String,
        /// Seconds for which the previous secret stays accepted; `None` when it is not.
        window: Option<u64>,
    },
    /// Revoke a certificate that another one has replaced.
    Revoke {
        /// The authority's administration socket.
        socket: PathBuf,
        /// Whose.
        identity: Identity,
        /// Its serial number, lower-case hexadecimal.
        serial: String,
    },
    /// Have the authority forget a component with its requests and certificates.
    RemoveComponent {
        /// The authority's administration socket.
        socket: PathBuf,
        /// Who it is.
        identity: Identity,
    },
    /// Remove for good what was moved aside.
    RemoveFolder {
        /// The folder.
        path: PathBuf,
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
        /// Serial numbers of earlier certificates, which undoing this leaves alone.
        #[serde(default, skip_serializing_if = "Vec::is_empty")]
        keep: Vec<String>,
    },
    /// Move a file or folder aside until the change is committed; then it is removed.
    MoveAside {
        /// What is moved.
        path: PathBuf,
        /// Where to.
        to: PathBuf,
    },
    /// Run the vendor's own installer.
    RunInstaller(InstallerRun),
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
            Self::Start(process) if !process.watch.is_empty() => Phase::Registration,
            Self::Verify | Self::Check | Self::SeeKept { .. } => Phase::Verification,
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
            Self::Start(process) if process.watch.is_empty() => format!("Start {}", process.name),
            Self::Start(process) => format!("Start {} and see {} accepted", process.name, process.registers()),
            Self::Stop(process) => format!("Stop {}", process.name),
            Self::SetSecret { .. } => format!("Set the shared secret at {}", authority_name()),
            Self::ImportComponent { identity, .. } => {
                format!("Import the CSD of {} into {}", identity.name, authority_name())
            }
            Self::EditFile { path, .. } | Self::SetValues { path, .. } => format!("Change {}", short(path)),
            Self::WriteSecret { name, spots, online, takes_over, .. } => {
                written(name, (spots, online), takes_over.first())
            }
            Self::SeeKept { name, .. } => format!("See that {name} kept the new secret in its files"),
            Self::AddNext { .. } => {
                format!("Have {} accept the next secret beside the current one", authority_name())
            }
            Self::Promote { to: None, .. } => {
                format!("Make the next secret {}'s current one", authority_name())
            }
            Self::Promote { to: Some(_), .. } => {
                format!("Make the previous secret {}'s current one again", authority_name())
            }
            Self::ReplaceSecret { .. } => {
                format!("Set the new secret at {} in place of the old one", authority_name())
            }
            Self::Connect { name, .. } => format!("Tell {name} where {} is", authority_name()),
            Self::SeeRefused(process) => format!("See {} refused with the old secret", process.registers()),
            Self::Probe { id } => format!("Probe {id}"),
            Self::Check => "Check every place".to_owned(),
            Self::SettleSecret { window: Some(_), .. } => "Begin the window of the previous secret".to_owned(),
            Self::SettleSecret { window: None, .. } => "Retire the secret that was replaced".to_owned(),
            Self::Revoke { identity, .. } => format!("Revoke the earlier certificate of {}", identity.name),
            Self::RemoveComponent { identity, .. } => {
                format!("Remove {} from {}", identity.name, authority_name())
            }
            Self::RemoveFolder { path } => format!("Remove {} for good", short(path)),
            Self::Register { name, .. } => format!("Register {name}"),
            Self::MoveAside { path, .. } => format!("Remove {}", short(path)),
            Self::RunInstaller(run) if run.back == Back::Again => {
                format!("Configure {} with the new secret, by its own installer", run.name)
            }
            Self::RunInstaller(run) => format!("Install {}, by its own installer", run.name),
            Self::Verify => "Verify the estate".to_owned(),
        }
    }
}

fn written(name: &str, (spots, online): (&[Spot], &[Online]), takes_over: Option<&TakeOver>) -> String {
    let put = match (online.is_empty(), spots.is_empty()) {
        (true, _) => format!("Write the new secret for {name}"),
        (false, true) => format!("Tell {name} the new secret"),
        (false, false) => format!("Tell {name} the new secret and write it"),
    };
    match takes_over {
        // Only products of ours prove what they took over.
        Some(TakeOver::Reload(process, _)) if process.deadline == 0 => {
            format!("Move {name} to the new secret and prove it")
        }
        Some(TakeOver::Reload(..)) => format!("{put}, and reload it"),
        Some(TakeOver::Restart(_)) => format!("{put}, and restart it"),
        None => put,
    }
}
