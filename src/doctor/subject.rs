//! What is looked at: one registration of one component, with the place of its secret.

use std::io;
use std::path::{Path, PathBuf};

use super::codes::Code;
use super::finding::{Finding, Verdict};
use super::look::Port;
use crate::alignment::Written;
use crate::estate::home::components;
use crate::estate::record::Authority;
use crate::estate::{ComponentHome, Estate};
use crate::profile::{Place, Values};
use crate::registration::csd;
use crate::registration::repository::{Repositories, RepositoriesError, Repository, secret_key};
use crate::registration::site::Site;
use crate::registration::wire::Identity;

/// The file that names a gateway's repositories, in the folder of its keystores.
const REPOSITORIES: &str = "repositories.toml";

/// One registration.
#[derive(Clone)]
pub struct Subject {
    /// The estate's folder.
    pub dir: PathBuf,
    /// Whose it is.
    pub component: ComponentHome,
    /// Where it stands.
    pub site: Site,
    /// Where its secret stands, if that is a file that can be read.
    pub place: Option<SecretPlace>,
    /// The repository that it belongs to, if its component keeps several.
    pub repository: Option<Repository>,
    /// Why the repository's CSD cannot be used.
    pub bad_csd: Option<String>,
    /// The authority that the estate names.
    pub authority: Authority,
}

/// A file that holds a secret.
#[derive(Clone)]
pub struct SecretPlace {
    place: &'static Place,
    /// The file.
    pub file: PathBuf,
    /// Where in it.
    key: String,
}

impl Subject {
    /// Every one of an estate, or those of one component or repository.
    pub fn all(dir: &Path, estate: &Estate, only: Option<&str>) -> Vec<Self> {
        let all = components(dir, &estate.components);
        let subjects = all.into_iter().flat_map(|component| of_component(dir, estate, &component));
        subjects.filter(|subject| only.is_none_or(|name| subject.is_called(name))).collect()
    }

    fn is_called(&self, name: &str) -> bool {
        self.component.id() == name || self.site.repository == name
    }

    /// The port of requests and proofs.
    pub fn https(&self) -> Port {
        self.port(self.site.https_port)
    }

    /// The port of everything after the registration.
    pub fn client_auth(&self) -> Port {
        self.port(self.site.client_auth_port)
    }

    fn port(&self, number: u16) -> Port {
        Port { host: self.site.host.clone(), address: self.site.address, number }
    }

    /// Whether its authority is the one that the estate names.
    pub fn is_at_home(&self) -> bool {
        self.site.https_port == self.authority.https_port && self.repository.as_ref().is_none_or(|one| !one.elsewhere)
    }

    /// Its place as it is read.
    pub fn written(&self) -> Option<Written<'_>> {
        let SecretPlace { place, file, key } = self.place.as_ref()?;
        Some(Written {
            home: self.component.home(),
            path: file,
            format: &place.format,
            form: &place.form,
            key,
            twins: &place.twin,
            mode: &place.mode,
            owner: &place.owner,
            site: None,
        })
    }

    /// A finding about a port.
    pub fn at(&self, code: Code, verdict: Verdict, port: &Port, detail: impl Into<String>) -> Finding {
        let file = self.place.as_ref().map_or_else(String::new, |place| self.shown(&place.file));
        let values = self.values(port.number, file);
        Finding::new(code, verdict, self.component.id(), self.named(port.shown()), detail, &values)
    }

    /// A finding about a file.
    pub fn about(&self, code: Code, verdict: Verdict, file: &Path, detail: impl Into<String>) -> Finding {
        let shown = self.shown(file);
        let values = self.values(self.site.https_port, shown.clone());
        Finding::new(code, verdict, self.component.id(), self.named(shown), detail, &values)
    }

    fn values(&self, port: u16, file: String) -> Values {
        let register = match &self.repository {
            Some(_) => format!("gateway register --repository {}", quoted(&self.site.repository)),
            None => format!("register {}", self.component.id()),
        };
        let values = Values::default().with("register", register).with("host", self.site.host.as_str());
        values.with("port", port.to_string()).with("file", file)
    }

    /// A path as people know it.
    fn shown(&self, path: &Path) -> String {
        path.strip_prefix(&self.dir).unwrap_or(path).display().to_string()
    }

    /// With the repository's name before it, where a component has several.
    fn named(&self, place: String) -> String {
        if self.repository.is_some() { format!("{}: {place}", self.site.repository) } else { place }
    }
}

fn of_component(dir: &Path, estate: &Estate, component: &ComponentHome) -> Vec<Subject> {
    let own = |place: &&'static Place| place.component == component.id() && !place.is_online() && !place.is_opaque();
    let place = component.product.profile.place.iter().find(own);
    let subject = |site: Site| Subject {
        dir: dir.to_path_buf(),
        component: component.clone(),
        place: place.map(|place| SecretPlace {
            place,
            file: component.home().join(&place.file),
            key: place.key.clone(),
        }),
        site,
        repository: None,
        bad_csd: None,
        authority: estate.authority.clone(),
    };
    let Ok(Some(Repositories { authority, repositories, .. })) = read(component) else {
        return component.sites(&estate.authority).into_iter().map(subject).collect();
    };
    let of_repository = |(name, repository): (String, Repository)| {
        let conf = component.home().join(component.component.conf.as_ref()?);
        let told = identity(&conf.join(&repository.csd));
        let who = told.clone().ok().or_else(|| component.component.identity.clone())?;
        let subject = subject(repository.site(&name, conf, &authority, who));
        let place = subject.place.map(|place| SecretPlace { key: secret_key(&name), ..place });
        Some(Subject { repository: Some(repository), bad_csd: told.err(), place, ..subject })
    };
    repositories.into_iter().filter_map(of_repository).collect()
}

/// Who a component is by its CSD, or why that cannot be told.
fn identity(csd: &Path) -> Result<Identity, String> {
    let text = std::fs::read_to_string(csd).map_err(|error| match error.kind() {
        io::ErrorKind::NotFound => "the file is not there".to_owned(),
        _ => format!("it cannot be read: {error}"),
    })?;
    csd::read(&text).map(|csd| csd.identity).map_err(|error| error.to_string())
}

/// A name as a shell takes it for one word.
fn quoted(name: &str) -> String {
    let is_plain = name.chars().all(|one| one.is_ascii_alphanumeric() || "-_.".contains(one));
    if is_plain && !name.is_empty() { name.to_owned() } else { format!("'{}'", name.replace('\'', "'\\''")) }
}

/// A component's repositories; `None` when it keeps no file of them.
///
/// # Errors
/// The file cannot be read.
pub fn read(component: &ComponentHome) -> Result<Option<Repositories>, RepositoriesError> {
    match &component.component.conf {
        Some(conf) => Repositories::read(&component.home().join(conf).join(REPOSITORIES)),
        None => Ok(None),
    }
}

/// Files of repositories that cannot be read: nobody knows then what there is to look at.
pub fn unreadable(dir: &Path, estate: &Estate, only: Option<&str>) -> Vec<Finding> {
    let all = components(dir, &estate.components);
    let asked = all.iter().filter(|component| only.is_none_or(|name| component.id() == name));
    let finding = |component: &ComponentHome| {
        let error = read(component).err()?;
        let file = component.home().join(component.component.conf.as_ref()?).join(REPOSITORIES);
        let shown = file.strip_prefix(dir).unwrap_or(&file).display().to_string();
        let values = Values::default().with("file", shown.as_str());
        Some(Finding::new(Code::PlaceUnreadable, Verdict::Trouble, component.id(), shown, error.to_string(), &values))
    };
    asked.filter_map(finding).collect()
}
