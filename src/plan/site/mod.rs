//! The plan for a site's own estate: the vendor's installers change the secret, in the order that the vendor documents.
//! The authority first and a login; then its clients, started once with the old secret to see them refused; then
//! each of them, until its registration is seen accepted. Which products, commands and logs: from the profiles.

#[cfg(test)]
mod tests;

use std::path::{Path, PathBuf};

use super::install::{process, running_of};
use super::rotate::write;
use super::{Back, InstallerRun, Plan, Process, Settings, Step};
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
            steps.extend(running.iter().rev().cloned().map(Step::Stop));
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
            remarks: self.remarks(),
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

    /// Everything that brings the new secret into the products; all of them are stopped.
    fn cutover(&self) -> Vec<Step> {
        let mut steps = Vec::new();
        for server in self.of(Role::Authority) {
            steps.extend(self.renew(server));
            steps.extend(self.processes(server).map(Step::Start));
            let ready = server.profile.lifecycle.ready.as_str();
            let asked = server.profile.probe.iter().filter(|probe| probe.kind == LOGIN || probe.id == ready);
            steps.extend(asked.map(|probe| Step::Probe { id: probe.id.clone() }));
        }
        if !self.installs {
            let seen = self.of(Role::Client).flat_map(|client| self.processes(client));
            steps.extend(seen.filter(|process| !process.watch.is_empty()).map(Step::SeeRefused));
        }
        steps.extend(self.of(Role::Client).flat_map(|client| self.renew(client)));
        steps.extend(self.of(Role::Client).flat_map(|client| self.processes(client)).map(Step::Start));
        steps.push(Step::Verify);
        steps
    }

    /// Brings the secret into one product: by its own installer, or into its places where those can be written.
    fn renew(&self, product: &ProductHome) -> Vec<Step> {
        if let Some(installer) = &product.profile.installer {
            return vec![Step::RunInstaller(self.run(product, installer))];
        }
        let holders = self.components_of(product).filter(|one| one.component.holds_secret);
        holders.filter(|holder| holder.places().next().is_some()).map(|holder| write(holder, None)).collect()
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
            success: installer.success.clone(),
            failure: installer.failure.clone(),
            deadline: installer.deadline,
        }
    }

    /// What the profiles say of themselves.
    fn remarks(&self) -> Vec<String> {
        let remark = |product: &ProductHome| {
            let product = &product.profile.product;
            Some(format!("{}: {}", product.name, product.remark()?))
        };
        self.products.iter().filter_map(remark).collect()
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
