//! What a change of an installed estate needs to know of it, and what must hold before.

use std::collections::BTreeMap;
use std::io;
use std::path::{Path, PathBuf};

use serde_json::Value;
use x509_parser::prelude::{FromDer, X509Certificate};

use super::Refusal;
use crate::estate::ComponentHome;
use crate::estate::command::tell;
use crate::estate::home::{authority, components, running};
use crate::estate::record::{ANSWERS, Estate, FILE};
use crate::plan::{Client, Found, Settings};
use crate::profile::authority_name;
use crate::registration::admin;

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
        let [old, new] = [&estate.components, &settings.components].map(|ids| components(dir, ids));
        Self { dir, estate, settings, old, new }
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
            let state = client.site(&self.estate.authority)?.state();
            let name = &client.component.name;
            state.is_pending().then(|| {
                format!(
                    "{name}'s registration is pending ({state}): finish it with `countersign register {}`",
                    client.id()
                )
            })
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

    /// The serial number of a component's certificate, when its keystore gets another name.
    fn serials(&self, client: &ComponentHome) -> Result<Vec<String>, String> {
        let sites = [&self.estate.authority, &self.settings.authority].map(|authority| client.site(authority));
        let [Some(before), Some(after)] = sites else { return Ok(Vec::new()) };
        if before.keystore() == after.keystore() {
            return Ok(Vec::new());
        }
        let material = before.material().map_err(|error| {
            format!(
                "its keystore cannot be used ({error}): register it anew first, with `countersign register {} --again`",
                client.id()
            )
        })?;
        let serial = |certificate: &[u8]| {
            let (_, parsed) = X509Certificate::from_der(certificate).ok()?;
            Some(parsed.raw_serial().iter().fold(String::new(), |text, byte| text + &format!("{byte:02x}")))
        };
        Ok(material.and_then(|material| serial(material.leaf())).into_iter().collect())
    }

    /// The texts of the files that may be edited. One that is not there is the plan's to miss.
    fn texts(&self) -> Result<BTreeMap<PathBuf, String>, Refusal> {
        let files = self.staying_all().filter_map(|one| Some(one.connection()?.1));
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
