//! The answers that a plan is made from, as types.

use std::collections::BTreeMap;
use std::path::PathBuf;
use std::sync::Arc;

use super::repositories::repositories;
use crate::estate::ComponentHome;
use crate::estate::home::planned;
use crate::estate::record::{Authority, Estate};
use crate::profile::Values;
use crate::registration::repository::Repositories;
use crate::wizard::Answers;
use crate::wizard::repositories::LISTEN;

/// What Install needs to know.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Settings {
    /// The estate's folder, absolute.
    pub dir: PathBuf,
    /// Component ids.
    pub components: Vec<String>,
    /// Where the authority is.
    pub authority: Authority,
    /// The label in the paths of a foreign EST server; empty for none.
    pub label: String,
    /// The CA certificates that such a server must show one of, as PEM; empty for an authority of ours.
    pub certificate: String,
    /// The CSD's file name.
    pub csd: String,
    /// Address on which an embedded authority listens.
    pub listen: String,
    /// Where API Gateway answers web servers.
    pub gateway_listen: String,
    /// Where the password of the user `system` comes from.
    pub system_password_from: String,
    /// The repositories of a component that has some: what its file says, or will say.
    pub repositories: Option<Arc<Repositories>>,
    /// The certificates that those are to show, as PEM, by the names of the files that hold them.
    pub certificates: BTreeMap<String, String>,
}

impl Settings {
    /// Takes them from answers that passed every check.
    pub fn new(dir: PathBuf, answers: &Answers) -> Self {
        let authority = Authority {
            kind: answers.text("authority.kind").to_owned(),
            host: answers.text("authority.host").to_owned(),
            https_port: answers.port("authority.https_port"),
            client_auth_port: answers.port("authority.client_auth_port"),
            domain: answers.text("authority.domain").to_owned(),
        };
        Self {
            dir,
            components: answers.list("components").to_vec(),
            repositories: repositories(answers, &authority).map(Arc::new),
            certificates: BTreeMap::new(),
            authority,
            label: answers.text("authority.label").to_owned(),
            certificate: String::new(),
            csd: answers.text("authority.csd").to_owned(),
            listen: answers.text("authority.listen").to_owned(),
            gateway_listen: answers.text(LISTEN).to_owned(),
            system_password_from: answers.text("authority.system_password_from").to_owned(),
        }
    }

    /// The components, in the order in which they start, with the repositories that they will have.
    pub fn homes(&self) -> Vec<ComponentHome> {
        planned(&self.dir, &self.components, self.repositories.as_ref())
    }

    /// The values for words in braces in a product's commands and files.
    pub fn values(&self, product: Values) -> Values {
        product
            .with("host", self.authority.host.as_str())
            .with("https_port", self.authority.https_port.to_string())
            .with("client_auth_port", self.authority.client_auth_port.to_string())
            .with("domain", self.authority.domain.as_str())
            .with("authority_kind", self.authority.kind.as_str())
            .with("authority_label", self.label.as_str())
            .with("authority_certificate", self.certificate.as_str())
            .with("csd", self.csd.as_str())
            .with("listen", self.listen.as_str())
            .with("gateway_listen", self.gateway_listen.as_str())
    }

    /// What `estate.toml` will say.
    pub fn estate(&self) -> Estate {
        Estate {
            format: 1,
            components: self.homes().iter().map(|component| component.id().to_owned()).collect(),
            authority: self.authority.clone(),
        }
    }
}
