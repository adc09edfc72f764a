//! The plan of an installation: the authority first, then every product's files, registrations, starts, verification.

use std::path::PathBuf;

use crate::estate::home::{ComponentHome, ProductHome, authority, products};
use crate::estate::record::{ANSWERS, FILE};
use crate::estate::{Watching, assets};
use crate::profile::Place;
use crate::registration::site::Site;

use super::edit::edited;
use super::repositories::{beside, template};
use super::{Plan, Process, Settings, Step};

/// Plans the installation into an empty folder. `record` is the text of the recorded answers.
pub fn install(settings: &Settings, record: &str) -> Plan {
    let all = settings.homes();
    let authority = authority(&settings.dir, &settings.components);
    let (servers, clients): (Vec<_>, Vec<_>) = all.iter().partition(|one| one.is_authority());
    let mut steps = Vec::new();
    for product in products(&settings.dir, &settings.components) {
        if product.is_authority() {
            steps.push(home(settings, &product));
            steps.extend(servers.iter().copied().filter_map(start_step));
            steps.push(Step::SetSecret { socket: product.control() });
            steps.extend(clients.iter().filter_map(|client| import(client, &product)));
        } else {
            steps.extend(lay_down(settings, &product, &all));
        }
    }
    steps.push(Step::CreateFile { path: settings.dir.join(ANSWERS), content: record.to_owned() });
    steps.push(Step::CreateFile { path: settings.dir.join(FILE), content: settings.estate().to_toml() });
    steps.extend(clients.iter().flat_map(|client| register(client, settings, authority.as_ref(), &[])));
    steps.extend(clients.iter().copied().filter_map(start_step));
    steps.push(Step::Verify);
    Plan { act: "install".into(), dir: settings.dir.clone(), steps, ..Plan::default() }
}

/// Plans the start of components that are stopped.
pub fn start(dir: &std::path::Path, stopped: &[ComponentHome]) -> Plan {
    let steps = stopped.iter().filter_map(start_step).collect();
    Plan { act: "start".into(), dir: dir.to_path_buf(), steps, ..Plan::default() }
}

/// A component's process as a step has it.
pub fn process(component: &ComponentHome) -> Process {
    let lifecycle = &component.product.profile.lifecycle;
    let ours = !lifecycle.pid.is_empty();
    Process {
        component: component.id().to_owned(),
        name: component.component.name.clone(),
        start: component.start_command(),
        stop: component.stop_command(),
        pid_file: if ours { component.pid_file() } else { PathBuf::new() },
        status: if ours { Vec::new() } else { component.status_command() },
        deadline: if ours { 0 } else { lifecycle.deadline },
        unit: lifecycle.unit.clone(),
        watch: watched(component),
    }
}

/// Where a process's registrations are seen: its own, and those of its product's components without a process.
fn watched(component: &ComponentHome) -> Vec<Watching> {
    let all = &component.product.profile.component;
    let concerned = all.iter().filter(|other| other.id == component.id() || !other.process);
    component.product.watchings(&concerned.map(|other| other.id.clone()).collect::<Vec<_>>())
}

/// Of these components the processes that run, in the order in which they start; `running` are ids.
pub(super) fn running_of(all: &[ComponentHome], running: &[String]) -> Vec<Process> {
    all.iter().filter(|component| running.iter().any(|id| id == component.id())).map(process).collect()
}

/// Lays a product down: its home, its files, its places for the secret.
pub(super) fn lay_down(settings: &Settings, product: &ProductHome, all: &[ComponentHome]) -> Vec<Step> {
    let mut steps = vec![home(settings, product)];
    steps.extend(files(settings, product));
    steps.extend(beside(settings, product, all));
    steps.extend(places(settings, all, product));
    steps
}

/// Tells the authority of a component.
pub(super) fn import(component: &ComponentHome, authority: &ProductHome) -> Option<Step> {
    let csd = assets::text(component.component.csd.as_ref()?)?.to_owned();
    Some(Step::ImportComponent { socket: authority.control(), csd, identity: component.component.identity.clone()? })
}

/// Registers a component, at each of its repositories where it has several; undoing it leaves the certificates `keep`
/// alone.
pub(super) fn register(
    component: &ComponentHome,
    settings: &Settings,
    authority: Option<&ProductHome>,
    keep: &[String],
) -> Vec<Step> {
    let step = |(command, site): (Vec<String>, Site)| Step::Register {
        name: component.registered_as(&site),
        command,
        site,
        socket: authority.map(ProductHome::control),
        keep: keep.to_vec(),
    };
    component.registrations(&settings.authority).into_iter().map(step).collect()
}

/// Starts a component that has a process.
pub(super) fn start_step(component: &ComponentHome) -> Option<Step> {
    component.component.process.then(|| Step::Start(process(component)))
}

fn home(settings: &Settings, product: &ProductHome) -> Step {
    let name = product.profile.product.name.clone();
    if let Some(init) = &product.profile.lifecycle.init {
        return Step::MakeHome {
            name,
            home: product.home.clone(),
            command: settings.values(product.values()).fill_all(init),
            system_password_from: settings.system_password_from.clone(),
            listen: settings.listen.clone(),
            ports: [settings.authority.https_port, settings.authority.client_auth_port],
        };
    }
    Step::MakeFolders { name, home: product.home.clone(), folders: product.profile.folder.clone() }
}

fn files(settings: &Settings, product: &ProductHome) -> Vec<Step> {
    let values = settings.values(product.values());
    product
        .profile
        .file
        .iter()
        .filter_map(|file| {
            let text = assets::text(&file.asset)?;
            let content = if file.fill { values.fill(text) } else { text.to_owned() };
            let set: Vec<_> = file.set.iter().map(|(key, value)| (key.clone(), values.fill(value))).collect();
            let content = if set.is_empty() { content } else { edited(&content, "toml", &set).ok()? };
            Some(Step::CreateFile { path: product.home.join(&file.path), content })
        })
        .collect()
}

/// One step a file, however many places it has.
fn places(settings: &Settings, all: &[ComponentHome], product: &ProductHome) -> Vec<Step> {
    let mut files: Vec<(&ComponentHome, PathBuf, Vec<&'static Place>)> = Vec::new();
    for component in all.iter().filter(|component| component.product.home == product.home) {
        for (place, path) in component.places() {
            match files.iter_mut().find(|(_, known, _)| *known == path) {
                Some((_, _, places)) => places.push(place),
                None => files.push((component, path, vec![place])),
            }
        }
    }
    let step = |(component, path, places): (&ComponentHome, PathBuf, Vec<&'static Place>)| {
        let place = *places.first()?;
        let twins = places.iter().flat_map(|place| place.twin.iter().filter(|twin| twin.file.is_empty()));
        let others = places[1..].iter().map(|place| place.key.clone());
        Some(Step::CreatePlace {
            component: place.component.clone(),
            template: template(settings, component, (place, &path))?,
            path,
            format: place.format.clone(),
            key: place.key.clone(),
            form: place.form.clone(),
            twins: others.chain(twins.map(|twin| twin.key.clone())).collect(),
            mode: u32::from_str_radix(&place.mode, 8).unwrap_or(crate::fs::PRIVATE_FILE),
        })
    };
    files.into_iter().filter_map(step).collect()
}
