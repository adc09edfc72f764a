//! The repositories of a gateway, each with its access to its authority.

use std::sync::Arc;

use super::failure;
use super::home::Home;
use super::{Failure, Log};
use crate::daemon::access::{Access, Kept};
use crate::forms::Format;
use crate::registration::csd;
use crate::registration::expected::{Expected, Port};
use crate::registration::repository::{Repositories, RepositoriesError, Repository, secret_key};
use crate::registration::signer::Signer;
use crate::registration::wire::Identity;

/// A repository as it is set.
pub struct Named {
    /// Its name.
    pub name: String,
    /// What the file says of it.
    pub repository: Repository,
    /// Its way to its authority, or why there is none.
    pub link: Result<Link, Failure>,
}

/// A repository's way to its authority.
pub struct Link {
    /// The domain of its users.
    pub domain: String,
    /// Secret, proof, registration.
    pub access: Arc<Access>,
}

/// What the file says.
///
/// # Errors
/// There is none, or it cannot be used.
pub fn read(home: &Home) -> Result<Repositories, Failure> {
    let path = home.repositories();
    match Repositories::read(&path) {
        Ok(Some(repositories)) => Ok(repositories),
        Ok(None) => Err(Failure::Refused(format!(
            "{} is missing: there is no repository yet, add one with `countersign gateway add`",
            path.display()
        ))),
        Err(error @ RepositoriesError::File(..)) => Err(Failure::CannotTell(error.to_string())),
        Err(error) => Err(Failure::Refused(error.to_string())),
    }
}

/// Every repository, in the order of their names.
pub fn all(home: &Home, log: &Log) -> Result<Vec<Named>, Failure> {
    let Repositories { authority, repositories, .. } = read(home)?;
    let named = |(name, repository): (String, Repository)| {
        let identity = identity(home, &repository.csd).map_err(|failure| failure::about(&name, failure));
        let link = identity.map(|identity| Link {
            domain: repository.connection(&authority).domain,
            access: Arc::new(Access {
                component: super::NAME,
                home: home.folder().to_path_buf(),
                place: Kept { file: home.repositories(), format: Format::Toml, key: secret_key(&name) },
                site: repository.site(&name, home.conf(), &authority, identity),
                signer: Signer::Ours,
                expected: expected(home, &repository),
                log: log.about(&name),
            }),
        });
        Named { name, repository, link }
    };
    Ok(repositories.into_iter().map(named).collect())
}

/// The repository with this name, or the only one.
pub fn one(home: &Home, name: Option<&str>, log: &Log) -> Result<Named, Failure> {
    let mut all = all(home, log)?;
    let names: Vec<String> = all.iter().map(|one| format!("{:?}", one.name)).collect();
    let known = || format!("the repositories are {}", names.join(", "));
    let at = match name {
        Some(name) => all.iter().position(|one| one.name == name),
        None if all.len() == 1 => Some(0),
        None if all.is_empty() => return Err(Failure::Refused("there is no repository yet: gateway add".to_owned())),
        None => return Err(Failure::Refused(format!("name one with --repository: {}", known()))),
    };
    let missing = || Failure::Refused(format!("there is no repository {:?}: {}", name.unwrap_or_default(), known()));
    at.map(|at| all.swap_remove(at)).ok_or_else(missing)
}

/// Who the gateway is, as a CSD in its conf folder says.
pub fn identity(home: &Home, csd: &str) -> Result<Identity, Failure> {
    let path = home.conf().join(csd);
    let shown = home.shown(&path);
    let text = std::fs::read_to_string(&path).map_err(|error| match error.kind() {
        std::io::ErrorKind::NotFound => Failure::Refused(format!(
            "the CSD {shown} is missing: deploy the one that was imported into PassPort under this name"
        )),
        _ => Failure::CannotTell(format!("the CSD {shown} cannot be read: {error}")),
    })?;
    csd::read(&text).map(|csd| csd.identity).map_err(|error| Failure::Refused(format!("{shown}: {error}")))
}

fn expected(home: &Home, repository: &Repository) -> Vec<Expected> {
    let given = [(&repository.certificate, Port::Https), (&repository.client_auth_certificate, Port::ClientAuth)];
    let one = |(file, port): (&Option<std::path::PathBuf>, Port)| {
        file.as_ref().map(|file| Expected { file: home.conf().join(file), port })
    };
    given.into_iter().filter_map(one).collect()
}
