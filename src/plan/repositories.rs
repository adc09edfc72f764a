//! The repositories that are planned: from the answers to the file that names them, and to what lies beside it.

use std::collections::BTreeSet;
use std::path::PathBuf;

use super::{Settings, Step};
use crate::estate::record::Authority;
use crate::estate::{ComponentHome, ProductHome, assets};
use crate::keystore::Kind;
use crate::profile::Place;
use crate::registration::connection::Connection;
use crate::registration::repository::{FORMAT, Repositories, Repository};
use crate::registration::repository_edit::{empty, with};
use crate::secret::Secret;
use crate::wizard::Answers;
use crate::wizard::repositories::{Slot, slots};

/// The fields that name a file with a certificate.
pub const CERTIFICATES: [&str; 2] = ["certificate", "client_auth_certificate"];

/// What the answers make of a component's repositories; `None` where no component has any.
pub(super) fn repositories(answers: &Answers, authority: &Authority) -> Option<Repositories> {
    let repositories: std::collections::BTreeMap<String, Repository> =
        slots(answers).map(|slot| (slot.text(answers, "name").to_owned(), repository(slot, answers))).collect();
    (!repositories.is_empty()).then(|| Repositories {
        format: FORMAT,
        authority: Connection::from(authority),
        repositories,
    })
}

fn repository(slot: Slot, answers: &Answers) -> Repository {
    let certificate = |key| slot.own(answers, key).map(|_| certificate_file(slot, answers, key).into());
    Repository {
        host: slot.own(answers, "host"),
        address: slot.own(answers, "address").and_then(|address| address.parse().ok()),
        https_port: slot.own_port(answers, "https_port"),
        client_auth_port: slot.own_port(answers, "client_auth_port"),
        domain: slot.own(answers, "domain"),
        csd: slot.effective(answers, "csd"),
        certificate: certificate(CERTIFICATES[0]),
        client_auth_certificate: certificate(CERTIFICATES[1]),
        keystore: if slot.text(answers, "keystore") == "pkcs12" { Kind::Pkcs12 } else { Kind::Jks },
        ..Repository::default()
    }
}

/// The name of the file beside the keystores in which a repository's certificate is kept. Its number counts the repositories
/// by name: the order in which they were answered means nothing.
pub fn certificate_file(slot: Slot, answers: &Answers, key: &str) -> String {
    let name = slot.text(answers, "name");
    let number = slots(answers).filter(|other| other.text(answers, "name") <= name).count();
    format!("repository-{number}-{}.pem", key.replace('_', "-"))
}

/// What lies beside the file of a product's repositories: the CSDs under their names, and the certificates.
pub(super) fn beside(settings: &Settings, product: &ProductHome, all: &[ComponentHome]) -> Vec<Step> {
    let mut steps = Vec::new();
    for component in all.iter().filter(|component| component.product.home == product.home) {
        let Some((conf, csd)) = component.component.conf.as_ref().zip(component.component.csd.as_ref()) else {
            continue;
        };
        let conf = product.home.join(conf);
        let csds: BTreeSet<&str> = component.repositories().map(|(_, repository)| repository.csd.as_str()).collect();
        if csds.is_empty() {
            continue;
        }
        let csds = csds.into_iter().filter_map(|name| Some((name, assets::text(csd)?)));
        let files = csds.chain(settings.certificates.iter().map(|(name, text)| (name.as_str(), text.as_str())));
        steps.extend(files.map(|(name, text)| Step::CreateFile { path: conf.join(name), content: text.to_owned() }));
    }
    steps
}

/// The file of a place as it is laid down, with an empty value; nothing where no part of it is ours to lay down.
pub(super) fn template(
    settings: &Settings,
    component: &ComponentHome,
    (place, path): (&Place, &PathBuf),
) -> Option<String> {
    if component.repositories_file().as_ref() == Some(path) {
        let Repositories { authority, repositories, .. } = settings.repositories.as_deref()?;
        let no_secret = Secret::new(String::new());
        let with_it = |text: String, (name, repository): (&String, &Repository)| {
            with(&text, name, repository, &no_secret).map(|text| text.to_string())
        };
        return repositories.iter().try_fold(empty(authority), with_it).ok();
    }
    assets::text(&place.template).map(str::to_owned)
}
