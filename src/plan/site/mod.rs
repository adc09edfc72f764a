//! The plan for a site's own estate: the vendor's installers change the secret, in the order that the vendor documents.
//! The authority first and a login; then its clients, started once with the old secret to see them refused; then
//! each of them, until its registration is seen accepted. Which products, commands and logs: from the profiles.

#[cfg(test)]
mod tests;

use std::path::{Path, PathBuf};

use super::install::{process, running_of};
use super::written::{Way, online, rewritten, spots, way};
use super::{Back, InstallerRun, Plan, Process, Settings, Step, TakeOver};
use crate::estate::home::{components, products};
use crate::estate::record::{ANSWERS, FILE};
use crate::estate::site::Rewritten;
use crate::estate::{ComponentHome, ProductHome};
use crate::profile::{Installer, Role, Setting};

/// The kind of the probe that logs in as an administrator.
const LOGIN: &str = "login";
/// The variable of a profile that names further hosts on which the product is installed.
const OTHER_NODES: &str = "other_nodes";
/// Its value where there are none.
const NO_NODES: &str = "none";
/// The folder, below `journal/`, in which silent files stand while an installer runs.
const SILENT: &str = "silent";

/// A site before it is changed.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct SiteFound {
    /// Ids of the components whose process runs.
    pub running: Vec<String>,
    /// The texts of `answers.toml` and `estate.toml`, where an earlier change left them.
    pub records: Option<[String; 2]>,
    /// Its profiles that the answers change.
    pub profiles: Vec<Rewritten>,
}

/// What shall become of a site's secret.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SiteSecret {
    /// It is the first: the products are installed.
    First,
    /// It is replaced: the products are configured.
    Next,
    /// It stays: only the records change.
    Kept,
}

/// Plans the installation or the change of a site. `record` is what the recorded answers will say.
pub fn site(found: &SiteFound, settings: &Settings, record: &str, secret: SiteSecret) -> Plan {
    let homes = (products(&settings.dir, &settings.components), components(&settings.dir, &settings.components));
    Work::new(found, settings, homes, secret == SiteSecret::First).plan(record, secret)
}

/// Where the silent files of a change stand while an installer runs; nothing is there at any other time.
pub fn silent_folder(dir: &Path) -> PathBuf {
    dir.join("journal").join(SILENT)
}

struct Work<'a> {
    found: &'a SiteFound,
    settings: &'a Settings,
    installs: bool,
    products: Vec<ProductHome>,
    components: Vec<ComponentHome>,
}

impl<'a> Work<'a> {
    fn new(
        found: &'a SiteFound,
        settings: &'a Settings,
        (products, components): (Vec<ProductHome>, Vec<ComponentHome>),
        installs: bool,
    ) -> Self {
        Self { found, settings, installs, products, components }
    }

    fn plan(&self, record: &str, secret: SiteSecret) -> Plan {
        let mut steps = self.records(record);
        let running = running_of(&self.components, &self.found.running);
        let mut still_to_do = Vec::new();
        if secret != SiteSecret::Kept {
            steps.extend(self.stopped().into_iter().rev().map(Step::Stop));
            steps.extend(self.cutover());
            still_to_do = self.other_nodes();
        }
        let act = if self.installs { "install" } else { "configure" };
        Plan {
            act: act.into(),
            dir: self.settings.dir.clone(),
            steps,
            finish: Vec::new(),
            running,
            still_to_do,
            remarks: self.remarks().chain(self.side_effects(secret)).collect(),
        }
    }

    /// The records, first: whoever asks the probes reads them, and so he does the profiles.
    fn records(&self, answers: &str) -> Vec<Step> {
        let profile = |Rewritten { path, before, after }| Step::EditFile { path, before, after };
        let profiles = self.found.profiles.iter().cloned().map(profile);
        let texts = [answers.to_owned(), self.settings.estate().to_toml()];
        let paths = [ANSWERS, FILE].map(|name| self.settings.dir.join(name));
        let Some(before) = &self.found.records else {
            let records = paths.into_iter().zip(texts).map(|(path, content)| Step::CreateFile { path, content });
            return profiles.chain(records).collect();
        };
        let changed = paths.into_iter().zip(before.iter().zip(texts)).filter(|(_, (before, after))| *before != after);
        let records = changed.map(|(path, (before, after))| Step::EditFile { path, before: before.clone(), after });
        profiles.chain(records).collect()
    }

    /// What runs and is stopped before anything is written, in the order in which it starts.
    fn stopped(&self) -> Vec<Process> {
        let meanwhile = |component: &&ComponentHome| way(component.product.profile) == Way::Stopped;
        self.components.iter().filter(meanwhile).filter(|one| self.runs(one)).map(process).collect()
    }

    /// Everything that brings the new secret into the products; those that must be stopped for it are.
    fn cutover(&self) -> Vec<Step> {
        let mut steps = Vec::new();
        for server in self.of(Role::Authority) {
            steps.extend(self.renew(server));
            steps.extend(self.starts(server));
            let ready = server.profile.lifecycle.ready.as_str();
            let asked = server.profile.probe.iter().filter(|probe| probe.kind == LOGIN || probe.id == ready);
            steps.extend(asked.map(|probe| Step::Probe { id: probe.id.clone() }));
        }
        if !self.installs {
            let stopped = self.of(Role::Client).filter(|client| way(client.profile) == Way::Stopped);
            let seen = stopped.flat_map(|client| self.processes(client));
            steps.extend(seen.filter(|process| !process.watch.is_empty()).map(Step::SeeRefused));
        }
        steps.extend(self.of(Role::Client).flat_map(|client| self.renew(client)));
        steps.extend(self.of(Role::Client).flat_map(|client| self.starts(client)));
        steps.extend(self.products.iter().filter_map(|product| self.see_kept(product)));
        steps.push(Step::Verify);
        steps
    }

    /// Starts what does not run once the secret is written.
    fn starts(&self, product: &ProductHome) -> Vec<Step> {
        let stopped = way(product.profile) == Way::Stopped;
        let concerned = self.components_of(product).filter(|one| one.component.process);
        concerned.filter(|one| stopped || !self.runs(one)).map(process).map(Step::Start).collect()
    }

    /// Brings the secret into one product: by its own installer, or into its places where those can be written.
    fn renew(&self, product: &ProductHome) -> Vec<Step> {
        if let Some(installer) = &product.profile.installer {
            return vec![Step::RunInstaller(self.run(product, installer))];
        }
        let holders: Vec<&ComponentHome> =
            self.components_of(product).filter(|holder| holder.places().next().is_some()).collect();
        let name = match holders[..] {
            [] => return Vec::new(),
            [only] => &only.component.name,
            _ => &product.profile.product.name,
        };
        vec![Step::WriteSecret {
            name: name.clone(),
            spots: holders.iter().flat_map(|holder| spots(holder)).collect(),
            online: holders.iter().flat_map(|holder| online(holder)).collect(),
            takes_over: self.take_overs(product),
            alone: true,
        }]
    }

    /// How those of its processes that run, and go on running, take the secret over.
    fn take_overs(&self, product: &ProductHome) -> Vec<TakeOver> {
        let running = self.components_of(product).filter(|one| one.component.process && self.runs(one));
        let take_over = |one: &ComponentHome| match way(product.profile) {
            Way::Reload => Some(TakeOver::Reload(process(one), one.reload_command()?)),
            Way::Restart => Some(TakeOver::Restart(process(one))),
            Way::Stopped | Way::ByItself => None,
        };
        running.filter_map(take_over).collect()
    }

    /// Reads once more what a product rewrites itself.
    fn see_kept(&self, product: &ProductHome) -> Option<Step> {
        let spots: Vec<_> = self.components_of(product).flat_map(rewritten).collect();
        let name = product.profile.product.name.clone();
        (product.profile.installer.is_none() && !spots.is_empty()).then_some(Step::SeeKept { name, spots })
    }

    fn runs(&self, component: &ComponentHome) -> bool {
        self.found.running.iter().any(|id| id == component.id())
    }

    fn run(&self, product: &ProductHome, installer: &Installer) -> InstallerRun {
        let values = self.settings.values(product.values());
        let at = |path: &str| product.home.join(values.fill(path));
        let back = match (self.installs, &installer.uninstall[..]) {
            (false, _) => Back::Again,
            (true, []) => Back::ByHand,
            (true, uninstall) => Back::Command(values.fill_all(uninstall)),
        };
        let selected = |id: &str| self.settings.components.iter().any(|component| component == id);
        let profile = product.profile;
        InstallerRun {
            product: profile.product.id.clone(),
            name: profile.product.name.clone(),
            home: product.home.clone(),
            command: values.fill_all(if self.installs { &installer.install } else { &installer.configure }),
            back,
            silent: at(&installer.silent),
            work: silent_folder(&self.settings.dir).join(&profile.product.id),
            set: installer
                .set
                .iter()
                .map(|set| Setting { variable: set.variable.clone(), value: values.fill(&set.value) })
                .collect(),
            select: installer.select.iter().filter(|select| selected(&select.component)).cloned().collect(),
            secret: installer.secret.clone(),
            log: at(&installer.log),
            success: values.clone().in_patterns().fill_all(&installer.success),
            failure: values.in_patterns().fill_all(&installer.failure),
            deadline: installer.deadline,
        }
    }

    /// What the profiles say of themselves.
    fn remarks(&self) -> impl Iterator<Item = String> {
        let remark = |product: &ProductHome| {
            let product = &product.profile.product;
            Some(format!("{}: {}", product.name, product.remark()?))
        };
        self.products.iter().filter_map(remark)
    }

    /// What stopping, starting and reloading does besides, where it is done.
    fn side_effects(&self, secret: SiteSecret) -> impl Iterator<Item = String> {
        let concerned = self.products.iter().filter(move |product| {
            secret != SiteSecret::Kept
                && (way(product.profile) != Way::ByItself
                    || self.components_of(product).any(|one| one.component.process && !self.runs(one)))
        });
        concerned.flat_map(|product| {
            let effects = &product.profile.lifecycle.side_effects;
            effects.iter().map(|effect| format!("{}: {effect}", product.profile.product.name))
        })
    }

    /// What this change leaves for people: products of which further hosts have an installation of their own.
    fn other_nodes(&self) -> Vec<String> {
        let verb = if self.installs { "install" } else { "configure" };
        let nodes = |product: &ProductHome| {
            let variable = product.profile.variable.iter().find(|variable| variable.id == OTHER_NODES)?;
            let nodes = variable.default.as_deref().map(str::trim).filter(|nodes| *nodes != NO_NODES)?;
            Some(format!(
                "{name} on {nodes}: run `countersign {verb}` there too, with the components of {name} and the same secret; \
                 {authority} is configured once only",
                name = product.profile.product.name,
                authority = crate::profile::authority_name(),
            ))
        };
        self.of(Role::Client).filter_map(nodes).collect()
    }

    fn of(&self, role: Role) -> impl Iterator<Item = &ProductHome> {
        self.products.iter().filter(move |product| product.profile.product.role == role)
    }

    fn processes(&self, product: &ProductHome) -> impl Iterator<Item = Process> {
        self.components_of(product).filter(|one| one.component.process).map(process)
    }

    fn components_of(&self, product: &ProductHome) -> impl Iterator<Item = &ComponentHome> {
        let id = product.profile.product.id.as_str();
        self.components.iter().filter(move |one| one.product.profile.product.id == id)
    }
}
