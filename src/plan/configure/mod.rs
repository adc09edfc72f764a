//! The plan of changing an installed estate: secret, connection, components. What does not change is not touched.

mod connection;
mod proofs;
#[cfg(test)]
mod tests;

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use super::install::{import, lay_down, process, register, running_of, start_step};
use super::rotate::{Change, Here, follow, overlap, put};
use super::written::write;
use super::{ASIDE, Plan, Settings, Step};
use crate::estate::home::{authority, planned, products};
use crate::estate::record::{ANSWERS, Estate, FILE};
use crate::estate::{ComponentHome, ProductHome};
use crate::profile::Identity;
use crate::registration::site::Site;

/// An estate as it is before it is changed.
#[derive(Debug, Clone)]
pub struct Found {
    /// Its record.
    pub estate: Estate,
    /// Ids of the components whose process runs.
    pub running: Vec<String>,
    /// The text of every file that the plan may change: the records, and where products are told of the authority.
    pub texts: BTreeMap<PathBuf, String>,
    /// What is known of each component that registers, by id.
    pub clients: BTreeMap<String, Client>,
    /// Who the authority knows already; empty where it is on another host.
    pub known: Vec<Identity>,
}

/// A component that registers, as it is before the change.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Client {
    /// The serial numbers of its certificates, lower-case hexadecimal, by the keystores that hold them.
    pub serials: BTreeMap<PathBuf, String>,
    /// What it was told of the authority, by the answers' words; `None` while it has not taken its file over.
    pub told: Option<BTreeMap<String, String>>,
}

/// Another secret for the estate.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum NewSecret {
    /// The authority is here and gets it too.
    Here(Change),
    /// The authority on another host has it already.
    Elsewhere,
}

/// Plans the change of an estate to these settings. `record` is what the recorded answers will say, `name` this
/// change's own. A secret that alone is new is changed with overlap, the previous one staying for `window` seconds;
/// together with anything else the components are stopped meanwhile.
///
/// # Errors
/// A file that has to be edited is not understood, or not there.
pub fn configure(
    found: &Found,
    settings: &Settings,
    record: &str,
    secret: Option<(&NewSecret, u64)>,
    name: &str,
) -> Result<Plan, String> {
    let old = planned(&settings.dir, &found.estate.components, settings.repositories.as_ref());
    let new = settings.homes();
    let authority = authority(&settings.dir, &settings.components);
    let aside = settings.dir.join("journal").join(format!("{ASIDE}{name}"));
    let work = Work { found, settings, old, new, authority, aside };
    let records = work.records(record)?;
    let served = work.served()?;
    let structure =
        work.connects() || served.is_some() || work.added().next().is_some() || work.removed().next().is_some();
    Ok(match secret {
        Some((secret, window)) if !structure => work.secret_alone(secret, window, records),
        secret if structure => work.all(served, records, secret.map(|(secret, _)| secret))?,
        _ => work.plan(records, Vec::new()),
    })
}

/// What the parts of the plan look at.
struct Work<'a> {
    found: &'a Found,
    settings: &'a Settings,
    old: Vec<ComponentHome>,
    new: Vec<ComponentHome>,
    authority: Option<ProductHome>,
    /// Where things stay until the commit.
    aside: PathBuf,
}

impl Work<'_> {
    fn all(&self, served: Option<Step>, records: Vec<Step>, secret: Option<&NewSecret>) -> Result<Plan, String> {
        let mut steps: Vec<Step> =
            self.stopped(secret.is_some()).into_iter().rev().map(process).map(Step::Stop).collect();
        if let Some(edit) = served {
            let servers = || self.new.iter().filter(|one| one.is_authority() && self.runs(one)).map(process);
            steps.extend(servers().map(Step::Stop));
            steps.push(edit);
            steps.extend(servers().map(Step::Start));
        }
        if let Some(NewSecret::Here(change)) = secret {
            steps.push(change.replace());
        }
        steps.extend(self.products(&self.old, &self.new).into_iter().map(|product| self.move_aside(product.home, "")));
        steps
            .extend(self.products(&self.new, &self.old).iter().flat_map(|one| lay_down(self.settings, one, &self.new)));
        for client in self.staying().filter(|one| !one.is_authority()) {
            if secret.is_some() && client.component.holds_secret {
                steps.push(write(client, Vec::new()));
            }
            steps.extend(self.connect(client)?);
        }
        steps.extend(self.added().filter_map(|client| self.import(client)));
        steps.extend(records);
        steps.extend(self.registrations());
        let starts = self.stopped(secret.is_some()).into_iter().filter(|one| self.stays(one)).chain(self.added());
        steps.extend(starts.filter_map(start_step));
        steps.extend(self.proofs());
        Ok(self.plan(steps, self.finish(secret)))
    }

    /// Only the secret changes: nobody is stopped.
    fn secret_alone(&self, secret: &NewSecret, window: u64, records: Vec<Step>) -> Plan {
        let here = Here { dir: &self.settings.dir, components: &self.old, running: &self.found.running };
        let rotation = match secret {
            NewSecret::Here(change) => overlap(here, change, window),
            NewSecret::Elsewhere if self.settings.authority.is_est() => put(here),
            NewSecret::Elsewhere => follow(here),
        };
        self.plan(records.into_iter().chain(rotation.steps).collect(), rotation.finish)
    }

    fn plan(&self, steps: Vec<Step>, finish: Vec<Step>) -> Plan {
        Plan {
            act: "configure".into(),
            dir: self.settings.dir.clone(),
            steps,
            finish,
            running: running_of(&self.old, &self.found.running),
            ..Plan::default()
        }
    }

    /// What is done once nothing is put back any more.
    fn finish(&self, secret: Option<&NewSecret>) -> Vec<Step> {
        let mut steps = Vec::new();
        if let Some(NewSecret::Here(change)) = secret {
            steps.push(change.settle(None));
        }
        if let Some(socket) = self.authority.as_ref().map(ProductHome::control) {
            for client in self.staying() {
                let revoke = |(site, _): (Site, usize)| {
                    let serial = self.found.clients.get(client.id())?.serials.get(&site.keystore())?.clone();
                    Some(Step::Revoke { socket: socket.clone(), identity: site.identity, serial })
                };
                steps.extend(self.renamed(client).filter_map(revoke));
            }
            steps.extend(self.removed().filter_map(|client| {
                Some(Step::RemoveComponent { socket: socket.clone(), identity: client.component.identity.clone()? })
            }));
        }
        let renames = self.staying().any(|client| self.renamed(client).next().is_some());
        if renames || self.removed().next().is_some() {
            steps.push(Step::RemoveFolder { path: self.aside.clone() });
        }
        steps
    }

    /// The records that change.
    fn records(&self, answers: &str) -> Result<Vec<Step>, String> {
        let estate = self.settings.estate();
        let dir = &self.settings.dir;
        let mut steps = vec![self.edit(dir.join(ANSWERS), answers.to_owned())?];
        if estate != self.found.estate {
            steps.push(self.edit(dir.join(FILE), estate.to_toml())?);
        }
        Ok(steps.into_iter().flatten().collect())
    }

    /// Another text for a file that is there; nothing where it is the same.
    fn edit(&self, path: PathBuf, after: String) -> Result<Option<Step>, String> {
        let before = self.text(&path)?.to_owned();
        Ok((before != after).then_some(Step::EditFile { path, before, after }))
    }

    fn text(&self, path: &Path) -> Result<&str, String> {
        let text = self.found.texts.get(path).map(String::as_str);
        text.ok_or_else(|| format!("{} is not there", self.shown(path)))
    }

    fn shown(&self, path: &Path) -> String {
        path.strip_prefix(&self.settings.dir).unwrap_or(path).display().to_string()
    }

    fn import(&self, client: &ComponentHome) -> Option<Step> {
        // Undoing an import removes the component, so one that is known already is not imported.
        let identity = client.component.identity.as_ref()?;
        (!self.found.known.contains(identity)).then(|| import(client, self.authority.as_ref()?))?
    }

    fn registrations(&self) -> impl Iterator<Item = Step> {
        let anew = self.staying().flat_map(|client| {
            let all = self.register(client);
            self.renamed(client).map(|(_, at)| all[at].clone()).collect::<Vec<_>>()
        });
        anew.chain(self.added().flat_map(|client| self.register(client)))
    }

    fn register(&self, client: &ComponentHome) -> Vec<Step> {
        let known = self.found.clients.get(client.id());
        let serials: Vec<String> = known.into_iter().flat_map(|client| client.serials.values().cloned()).collect();
        register(client, self.settings, self.authority.as_ref(), &serials)
    }

    /// The running components that are stopped meanwhile or for good, in the order in which they start.
    fn stopped(&self, new_secret: bool) -> Vec<&ComponentHome> {
        let meanwhile = self.connects() || new_secret;
        let concerned = |one: &&ComponentHome| !one.is_authority() && self.runs(one) && (meanwhile || !self.stays(one));
        self.old.iter().filter(concerned).collect()
    }

    /// Moves something to where it stays until the commit; `below` keeps equal names apart.
    fn move_aside(&self, path: PathBuf, below: &str) -> Step {
        let to = self.aside.join(below).join(path.file_name().unwrap_or_default());
        Step::MoveAside { path, to }
    }

    fn added(&self) -> impl Iterator<Item = &ComponentHome> {
        self.new.iter().filter(|one| !contains(&self.old, one))
    }

    fn removed(&self) -> impl Iterator<Item = &ComponentHome> {
        self.old.iter().filter(|one| !contains(&self.new, one))
    }

    fn staying(&self) -> impl Iterator<Item = &ComponentHome> {
        self.new.iter().filter(|one| contains(&self.old, one))
    }

    fn stays(&self, component: &ComponentHome) -> bool {
        contains(&self.new, component)
    }

    fn runs(&self, component: &ComponentHome) -> bool {
        self.found.running.iter().any(|id| id == component.id())
    }

    /// The products of which a component is among these, and none among the others.
    fn products(&self, these: &[ComponentHome], others: &[ComponentHome]) -> Vec<ProductHome> {
        let ids: Vec<String> = these.iter().map(|one| one.id().to_owned()).collect();
        let mut found = products(&self.settings.dir, &ids);
        found.retain(|product| others.iter().all(|one| one.product.home != product.home));
        found
    }
}

fn contains(components: &[ComponentHome], wanted: &ComponentHome) -> bool {
    components.iter().any(|one| one.id() == wanted.id())
}
