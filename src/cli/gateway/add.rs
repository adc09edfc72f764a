//! `gateway add`.

use std::net::IpAddr;
use std::path::{Path, PathBuf};

use clap::Args;
use clap::builder::PossibleValuesParser;
use serde_json::json;
use zeroize::Zeroizing;

use super::{Exit, Failure, Home, RepositoryChange, Scope, block_on, estate, lock, ours, recorded, taken_up};
use crate::estate::{Estate, home};
use crate::forms::Shape;
use crate::gateway::Addition;
use crate::keystore::Kind;
use crate::profile::Place;
use crate::registration::connection::Connection;
use crate::registration::repository::{CSD, Repository};
use crate::secret::{Secret, Source};

/// What of a repository is given. What is not comes from the file's `[authority]`.
#[derive(Debug, Args)]
pub struct Add {
    /// Its name, part of the keystore's name
    name: String,
    /// The authority's host, part of the keystore's name
    #[arg(long)]
    host: Option<String>,
    /// Where to connect to, if the host's name resolves nowhere
    #[arg(long, value_name = "IP")]
    address: Option<IpAddr>,
    /// Port of requests and proofs [6453]
    #[arg(long, value_name = "PORT", value_parser = clap::value_parser!(u16).range(1..))]
    https_port: Option<u16>,
    /// Port of everything after the registration [6666]
    #[arg(long, value_name = "PORT", value_parser = clap::value_parser!(u16).range(1..))]
    client_auth_port: Option<u16>,
    /// Domain of the users [Synchrony]
    #[arg(long)]
    domain: Option<String>,
    /// A CSD to deploy into the conf folder [default: the one that stands there as csd.xml]
    #[arg(long, value_name = "FILE")]
    csd: Option<PathBuf>,
    /// A certificate that the HTTPS port must show, or be signed by; PEM or DER
    #[arg(long, value_name = "FILE")]
    certificate: Option<PathBuf>,
    /// The same for the port for client authentication
    #[arg(long, value_name = "FILE")]
    client_auth_certificate: Option<PathBuf>,
    /// The kind of its keystore
    #[arg(long, value_parser = PossibleValuesParser::new(["jks", "pkcs12"]), default_value = "jks")]
    keystore: String,
    /// Where the shared secret comes from: `stdin`, `file:PATH` …, or `same`: from a place that the authority accepts
    #[arg(long, value_name = "SOURCE", default_value = "same")]
    secret_from: String,
    /// Its authority is another one than the estate's, whose secret it does not share
    #[arg(long)]
    elsewhere: bool,
}

impl Add {
    /// Runs it.
    pub fn run(&self, home: &Home, scope: &Scope) -> anyhow::Result<Exit> {
        let usage = |error: &dyn std::fmt::Display| Failure::new(Exit::Usage, format!("--secret-from {error}"));
        let source: Source = self.secret_from.parse().map_err(|error| usage(&error))?;
        let _lock = lock(home, "gateway add")?;
        let estate = estate(home)?;
        let repository = self.repository()?;
        let addition = Addition {
            name: self.name.clone(),
            repository: repository.clone(),
            csd: self.csd.clone(),
            authority: estate.as_ref().map(|(_, estate)| connection(estate)),
        };
        let addition = addition.checked(home).map_err(|failure| ours(&failure))?;
        let secret = match &source {
            Source::Same => {
                let places = estate.map_or_else(Vec::new, |(folder, estate)| secrets(&folder, &estate));
                let found = block_on(addition.accepted(home, places))?;
                found.map_err(|failure| ours(&failure))?
            }
            source => source.read().map_err(|error| Failure::refused(format!("--secret-from: {error}")))?,
        };
        let keystore = addition.add(home, &secret).map_err(|failure| ours(&failure))?;
        recorded(home, scope, &RepositoryChange::Added(&self.name, &repository));
        taken_up(home, scope);
        let text = format!(
            "{}: added; its keystore will be {keystore}. Register it with `countersign gateway register`.",
            self.name
        );
        scope.print(&text, &json!({ "repository": self.name, "keystore": keystore, "status": "New" }));
        Ok(Exit::Done)
    }

    fn repository(&self) -> Result<Repository, Failure> {
        let absolute = |file: &Option<PathBuf>| {
            let absolute = file.as_ref().map(std::path::absolute).transpose();
            absolute.map_err(|error| Failure::refused(format!("a certificate's path cannot be used: {error}")))
        };
        let csd = self.csd.as_ref().and_then(|file| file.file_name()).map(|name| name.to_string_lossy().into_owned());
        Ok(Repository {
            host: self.host.clone(),
            address: self.address,
            https_port: self.https_port,
            client_auth_port: self.client_auth_port,
            domain: self.domain.clone(),
            csd: csd.unwrap_or_else(|| CSD.to_owned()),
            certificate: absolute(&self.certificate)?,
            client_auth_certificate: absolute(&self.client_auth_certificate)?,
            keystore: if self.keystore == "jks" { Kind::Jks } else { Kind::Pkcs12 },
            elsewhere: self.elsewhere,
            ..Repository::default()
        })
    }
}

fn connection(estate: &Estate) -> Connection {
    let authority = &estate.authority;
    Connection {
        host: authority.host.clone(),
        https_port: authority.https_port,
        client_auth_port: authority.client_auth_port,
        domain: authority.domain.clone(),
    }
}

/// What the places of an estate's components hold.
fn secrets(folder: &Path, estate: &Estate) -> Vec<Secret> {
    home::components(folder, &estate.components)
        .iter()
        .flat_map(|component| {
            let places = component.places().collect::<Vec<_>>();
            places.into_iter().filter_map(|(place, file)| held_in(place, &file))
        })
        .collect()
}

/// The secret in a place, if it can be read there.
fn held_in(place: &Place, file: &Path) -> Option<Secret> {
    let text = Zeroizing::new(std::fs::read(file).ok()?);
    Shape::named(&place.format, &place.form).ok()?.read(&text, &place.key).ok().flatten()
}
