//! Where the parts of an installed estate are: what the profiles say, filled in with this estate's values.

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use super::command::ends_well;
use crate::daemon::pidfile;
use crate::profile::{Component, Connection, Profile, Values, known};
use crate::registration::repository::Repositories;

/// Most time that a command may take which only tells.
const ASKED: Duration = Duration::from_mins(1);

/// Why a unit cannot be asked, started or stopped.
pub const NO_SYSTEMD: &str = "it is a systemd unit, and systemd does not run this host";

/// Whether systemd runs this host; `sd_booted(3)` says how that is known.
pub fn systemd_runs() -> bool {
    Path::new("/run/systemd/system").is_dir()
}

/// A product in the estate.
#[derive(Clone)]
pub struct ProductHome {
    /// What it is.
    pub profile: &'static Profile,
    /// Its folder.
    pub home: PathBuf,
}

/// A component in the estate.
#[derive(Clone)]
pub struct ComponentHome {
    /// Its product.
    pub product: ProductHome,
    /// What it is.
    pub component: &'static Component,
    /// Its repositories, where its product keeps them in a file that can be read.
    pub(super) repositories: Option<Arc<Repositories>>,
}

/// The products that have a selected component, in the order in which they start.
pub fn products(estate: &Path, components: &[String]) -> Vec<ProductHome> {
    known()
        .iter()
        .filter(|profile| profile.component.iter().any(|component| components.contains(&component.id)))
        .map(|profile| ProductHome { profile, home: estate.join(&profile.product.home) })
        .collect()
}

/// The selected components, in the order in which they start; with the repositories that their files name.
pub fn components(estate: &Path, components: &[String]) -> Vec<ComponentHome> {
    each(estate, components, ComponentHome::new)
}

/// The same where these are the repositories, whatever the files say: nothing is read.
pub fn planned(estate: &Path, components: &[String], repositories: Option<&Arc<Repositories>>) -> Vec<ComponentHome> {
    each(estate, components, |product, component| ComponentHome::with(product, component, repositories.cloned()))
}

fn each(
    estate: &Path,
    components: &[String],
    make: impl Fn(ProductHome, &'static Component) -> ComponentHome,
) -> Vec<ComponentHome> {
    let mut all = Vec::new();
    for product in products(estate, components) {
        let selected = product.profile.component.iter().filter(|component| components.contains(&component.id));
        all.extend(selected.map(|component| make(product.clone(), component)));
    }
    all
}

/// The authority's product, when it is in this estate.
pub fn authority(estate: &Path, components: &[String]) -> Option<ProductHome> {
    products(estate, components).into_iter().find(ProductHome::is_authority)
}

/// The ids of those whose process runs.
pub fn running(components: &[ComponentHome]) -> Vec<String> {
    components.iter().filter(|one| one.runs() == Some(true)).map(|one| one.id().to_owned()).collect()
}

/// Whether no process of the authority is stopped, as far as it is among these.
pub fn authority_runs(components: &[ComponentHome]) -> bool {
    components.iter().all(|one| !one.is_authority() || one.runs() != Some(false))
}

impl ProductHome {
    /// Whether it checks the secret.
    pub fn is_authority(&self) -> bool {
        self.profile.is_authority()
    }

    /// The control socket of the product itself.
    pub fn control(&self) -> PathBuf {
        self.home.join(&self.profile.lifecycle.control)
    }

    /// Those of its components that have a process of their own.
    pub fn processes(&self) -> impl Iterator<Item = ComponentHome> + '_ {
        let with_process = self.profile.component.iter().filter(|component| component.process);
        with_process.map(|component| ComponentHome::new(self.clone(), component))
    }

    /// The values for words in braces.
    pub fn values(&self) -> Values {
        Values::default().with("home", self.home.display().to_string())
    }
}

impl ComponentHome {
    /// A component of a product; with the repositories that its file names.
    pub fn new(product: ProductHome, component: &'static Component) -> Self {
        let home = Self { product, component, repositories: None };
        let read = home.repositories_file().and_then(|file| Repositories::read(&file).ok().flatten());
        Self { repositories: read.map(Arc::new), ..home }
    }

    /// The same where these are its repositories, if it keeps any.
    fn with(product: ProductHome, component: &'static Component, repositories: Option<Arc<Repositories>>) -> Self {
        let home = Self { product, component, repositories: None };
        Self { repositories: home.repositories_file().and(repositories), ..home }
    }

    /// Its id.
    pub fn id(&self) -> &'static str {
        &self.component.id
    }

    /// Whether its product checks the secret.
    pub fn is_authority(&self) -> bool {
        self.product.is_authority()
    }

    /// Folder of its product.
    pub fn home(&self) -> &Path {
        &self.product.home
    }

    /// The values for words in braces.
    pub fn values(&self) -> Values {
        self.product
            .values()
            .with("component", self.id())
            .with("conf", self.component.conf.as_deref().unwrap_or_default())
    }

    /// How it is told where the authority is: its product's way, and the file that says so.
    pub fn connection(&self) -> Option<(&'static Connection, PathBuf)> {
        let connection = self.product.profile.connection.as_ref().filter(|_| self.component.process)?;
        Some((connection, self.home().join(self.values().fill(&connection.file))))
    }

    /// Its pid file.
    pub fn pid_file(&self) -> PathBuf {
        self.home().join(self.values().fill(&self.product.profile.lifecycle.pid))
    }

    /// Whether it can be asked over a control socket, as products of ours can.
    pub fn has_control(&self) -> bool {
        !self.product.profile.lifecycle.control.is_empty()
    }

    /// Its control socket.
    pub fn control(&self) -> PathBuf {
        self.home().join(self.values().fill(&self.product.profile.lifecycle.control))
    }

    /// Whether its process runs; `None` when it has none of its own. What cannot be asked does not count as running.
    pub fn runs(&self) -> Option<bool> {
        self.asked().map(|runs| runs.unwrap_or(false))
    }

    /// Whether its process runs, or why nobody can tell; `None` when it has none of its own. A product of ours holds
    /// the lock on its pid file, any other has a command for it.
    pub fn asked(&self) -> Option<Result<bool, String>> {
        let lifecycle = &self.product.profile.lifecycle;
        self.component.process.then(|| {
            if lifecycle.pid.is_empty() {
                if !lifecycle.unit.is_empty() && !systemd_runs() {
                    return Err(NO_SYSTEMD.to_owned());
                }
                let deadline = Duration::from_secs(lifecycle.deadline).min(ASKED);
                ends_well(&self.status_command(), deadline)
            } else {
                Ok(matches!(pidfile::holder(&self.pid_file()), Ok(Some(_))))
            }
        })
    }

    /// Its command to start.
    pub fn start_command(&self) -> Vec<String> {
        self.values().fill_all(&self.product.profile.lifecycle.start())
    }

    /// Its command to stop.
    pub fn stop_command(&self) -> Vec<String> {
        self.values().fill_all(&self.product.profile.lifecycle.stop())
    }

    /// The command that ends well exactly while it runs.
    pub fn status_command(&self) -> Vec<String> {
        self.values().fill_all(&self.product.profile.lifecycle.status())
    }

    /// Its command to take a changed secret over while it runs, where its product can.
    pub fn reload_command(&self) -> Option<Vec<String>> {
        Some(self.values().fill_all(&self.product.profile.lifecycle.reload()?))
    }
}
