//! What a change of an installed estate needs to know of it, and what must hold before.

use std::collections::BTreeMap;
use std::io;
use std::path::{Path, PathBuf};

use super::Refusal;
use crate::estate::ComponentHome;
use crate::estate::command::tell;
use crate::estate::home::{authority, components, running};
use crate::estate::record::{ANSWERS, Estate, FILE};
use crate::plan::{Client, Found, Settings};
use crate::profile::authority_name;
use crate::registration::admin;
use crate::registration::site::Site;
use crate::registration::state::State;
use serde_json::Value;

/// An estate that is to be changed.
pub(super) struct Look<'a> {
    dir: &'a Path,
    estate: &'a Estate,
    settings: &'a Settings,
    old: Vec<ComponentHome>,
    new: Vec<ComponentHome>,
}

impl<'a> Look<'a> {
    pub fn new(dir: &'a Path, estate: &'a Estate, settings: &'a Settings) -> Self {
        Self { dir, estate, settings, old: components(dir, &estate.components), new: settings.homes() }
    }

    /// Refused while a component cannot take part: the authority must run, with `all_run` everybody, and no registration
    /// may be unfinished.
    pub fn ready(&self, all_run: bool) -> Result<(), Refusal> {
        let stopped = |one: &&ComponentHome| one.runs() == Some(false) && (all_run || one.is_authority());
        let mut problems: Vec<String> = self
            .old
            .iter()
            .filter(stopped)
            .map(|one| format!("{} is stopped: start it first, with `countersign start`", one.component.name))
            .collect();
        problems.extend(self.staying().filter_map(|client| {
            let sites = client.sites(&self.estate.authority);
            let state = sites.iter().map(Site::state).find(State::is_pending)?;
            let name = &client.component.name;
            let id = client.id();
            Some(format!("{name}'s registration is pending ({state}): finish it with `countersign register {id}`"))
        }));
        if problems.is_empty() { Ok(()) } else { Err(Refusal::Rules(problems)) }
    }

    /// Everything that the plan is made from. With `structure` more than secret and records changes.
    pub fn found(&self, structure: bool) -> Result<Found, Refusal> {
        let connects = structure && self.estate.authority != self.settings.authority;
        let mut clients = BTreeMap::new();
        for client in self.staying().filter(|_| connects) {
            let of = |error: String| Refusal::rule(format!("{}: {error}", client.component.name));
            let client_found = Client { serials: self.serials(client).map_err(of)?, told: told(client).map_err(of)? };
            clients.insert(client.id().to_owned(), client_found);
        }
        Ok(Found {
            estate: self.estate.clone(),
            running: running(&self.old),
            texts: self.texts()?,
            clients,
            known: if structure { self.known()? } else { Vec::new() },
        })
    }

    /// The serial numbers of a component's certificates, when a keystore of its gets another name.
    fn serials(&self, client: &ComponentHome) -> Result<BTreeMap<PathBuf, String>, String> {
        let [before, after] =
            [&self.estate.authority, &self.settings.authority].map(|authority| client.sites(authority));
        let mut serials = BTreeMap::new();
        if before.iter().map(Site::keystore).eq(after.iter().map(Site::keystore)) {
            return Ok(serials);
        }
        for site in before {
            let material = site.material().map_err(|error| {
                format!(
                    "its keystore cannot be used ({error}): register it anew first, with `countersign register {} --again`",
                    client.id()
                )
            })?;
            serials.extend(material.and_then(|material| material.serial()).map(|serial| (site.keystore(), serial)));
        }
        Ok(serials)
    }

    /// The texts of the files that may be edited. One that is not there is the plan's to miss.
    fn texts(&self) -> Result<BTreeMap<PathBuf, String>, Refusal> {
        // A file of repositories holds the secret: only its values are looked at.
        let files = self.staying_all().filter_map(|one| {
            one.connection().map(|(_, path)| path).filter(|path| one.repositories_file().as_ref() != Some(path))
        });
        let mut texts = BTreeMap::new();
        for path in [ANSWERS, FILE].map(|name| self.dir.join(name)).into_iter().chain(files) {
            match std::fs::read_to_string(&path) {
                Ok(text) => drop(texts.insert(path, text)),
                Err(error) if error.kind() == io::ErrorKind::NotFound => {}
                Err(error) => return Err(Refusal::rule(format!("{} cannot be read: {error}", path.display()))),
            }
        }
        Ok(texts)
    }

    fn known(&self) -> Result<Vec<crate::profile::Identity>, Refusal> {
        let Some(product) = authority(self.dir, &self.estate.components) else { return Ok(Vec::new()) };
        admin::components(&product.control()).map_err(|error| Refusal::rule(format!("{}: {error}", authority_name())))
    }

    /// The components that register and stay.
    fn staying(&self) -> impl Iterator<Item = &ComponentHome> {
        self.staying_all().filter(|one| !one.is_authority() && one.component.identity.is_some())
    }

    fn staying_all(&self) -> impl Iterator<Item = &ComponentHome> {
        self.old.iter().filter(|old| self.new.iter().any(|new| new.id() == old.id()))
    }
}

/// What a component was told of the authority; `None` while it has not taken its file over.
fn told(client: &ComponentHome) -> Result<Option<BTreeMap<String, String>>, String> {
    let Some((connection, _)) = client.connection() else { return Ok(None) };
    let Some(show) = &connection.show else { return Ok(None) };
    let said = tell(&client.values().fill_all(show)).map_err(|error| error.to_string())?;
    if said["started"] != true {
        return Ok(None);
    }
    let text = |value: &Value| value.as_str().map_or_else(|| value.to_string(), str::to_owned);
    Ok(Some(connection.keys.keys().map(|word| (word.clone(), text(&said["connection"][word]))).collect()))
}
