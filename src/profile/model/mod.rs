//! The profile's tables as types.
//!
//! In argument lists and paths a word in braces is filled in: `{home}` the product's folder, `{component}` the
//! component's id, `{host}`, `{https_port}`, `{client_auth_port}`, `{domain}`, `{csd}`, `{listen}` and `{gateway_listen}` the answers.

mod adopt;
mod detect;
mod documents;
mod installer;
mod lifecycle;
mod place;
mod registration;
mod repositories;
mod site;
mod variable;

use std::collections::BTreeMap;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::{FORMAT, Identity, words};

pub use adopt::Adopt;
pub use detect::Detect;
pub use documents::Documents;
pub use installer::{Installer, Select, Setting, SilentSecret};
pub use lifecycle::{Apply, Lifecycle};
pub use place::{Compare, Edit, Place, Twin};
pub use registration::{Registration, RegistrationBy, Strategy, Watch};
pub use repositories::RepositoriesFile;
pub use site::SiteProfile;
pub use variable::{Variable, VariableKind};

/// Everything Countersign knows of one product.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Profile {
    /// Version of the format; 1.
    #[schemars(extend("const" = FORMAT))]
    pub format: u32,
    /// The product itself.
    pub product: Product,
    /// What only the site knows, asked of it: words that stand in braces elsewhere.
    #[serde(default)]
    pub variable: Vec<Variable>,
    /// By what it is found on a host.
    #[serde(default)]
    pub detect: Detect,
    /// Its parts.
    #[serde(default)]
    pub component: Vec<Component>,
    /// Rules about choosing parts.
    #[serde(default)]
    pub group: Vec<Group>,
    /// Spots that must hold the secret.
    #[serde(default)]
    pub place: Vec<Place>,
    /// Folders that Install makes, below the product's home.
    #[serde(default)]
    pub folder: Vec<String>,
    /// Files that Install lays down, below the product's home.
    #[serde(default)]
    pub file: Vec<File>,
    /// How it is started, stopped and asked.
    #[serde(default)]
    pub lifecycle: Lifecycle,
    /// The vendor's own installer, where only that may change the secret.
    pub installer: Option<Installer>,
    /// How it is known in the silent files of a site's installer.
    #[serde(default)]
    pub adopt: Adopt,
    /// How its components get their certificates.
    pub registration: Option<Registration>,
    /// How it is told where the authority is.
    pub connection: Option<Connection>,
    /// Where it keeps its repositories, where it has several.
    pub repositories: Option<RepositoriesFile>,
    /// Where documents pass through it.
    pub documents: Option<Documents>,
    /// What `verify` asks.
    #[serde(default)]
    pub probe: Vec<Probe>,
}

/// The product itself.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Product {
    /// Its id in file names and JSON.
    #[schemars(extend("pattern" = words::ID, "errorMessage" = words::ID_RULE))]
    pub id: String,
    /// Its name for people.
    #[schemars(length(min = 1))]
    pub name: String,
    /// Whether it checks the secret or holds it.
    pub role: Role,
    /// Its folder: below the estate, or absolute.
    #[schemars(length(min = 1))]
    pub home: String,
    /// Which shared secret it holds: products of different ones are never put into one estate, and `none` has none.
    #[serde(default = "passport_secret")]
    #[schemars(extend("pattern" = words::ID, "errorMessage" = words::ID_RULE))]
    pub secret: String,
    /// Whether all of it was tried on the real product; shown to people where it was not.
    #[serde(default)]
    pub verified: bool,
    /// What people must know of it, in a sentence or two.
    #[serde(default)]
    pub note: String,
}

impl Profile {
    /// Whether the product checks the secret.
    pub fn is_authority(&self) -> bool {
        self.product.role == Role::Authority
    }
}

impl Product {
    /// What people must know of it before they change it; `None` where there is nothing.
    pub fn remark(&self) -> Option<String> {
        let untried = (!self.verified).then_some("Not verified: this profile was not tried on the real product.");
        let said: Vec<&str> = untried.into_iter().chain(self.note.split_whitespace()).collect();
        (!said.is_empty()).then(|| said.join(" "))
    }
}

fn passport_secret() -> String {
    "passport".to_owned()
}

/// Which side of the secret a product is on.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum Role {
    /// Checks the secret and signs requests.
    Authority,
    /// Holds the secret.
    Client,
}

/// One part of a product that can be selected.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Component {
    /// Its id in answer files, JSON and commands.
    #[schemars(extend("pattern" = words::ID, "errorMessage" = words::ID_RULE))]
    pub id: String,
    /// Its name for people.
    #[schemars(length(min = 1))]
    pub name: String,
    /// What it is for, in one line.
    #[schemars(length(min = 1))]
    pub about: String,
    /// Whether it has a place for the secret.
    #[serde(default)]
    pub holds_secret: bool,
    /// Whether it is left out unless somebody selects it.
    #[serde(default)]
    pub optional: bool,
    /// Whether it runs as a process of its own.
    #[serde(default)]
    pub process: bool,
    /// The repository's name in its keystore's file name, when it registers.
    #[schemars(length(min = 1))]
    pub repository: Option<String>,
    /// Folder of its keystore, below the product's home.
    #[schemars(length(min = 1))]
    pub conf: Option<String>,
    /// The CSD that tells the authority what it is, among the shipped assets.
    #[schemars(length(min = 1))]
    pub csd: Option<String>,
    /// Who it is to the authority; as its CSD says.
    pub identity: Option<Identity>,
}

/// A rule about choosing parts.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Group {
    /// Component ids.
    #[schemars(length(min = 2))]
    pub members: Vec<String>,
    /// The rule.
    pub rule: GroupRule,
    /// Why, in a sentence for people.
    #[schemars(length(min = 1))]
    pub reason: String,
}

/// Kinds of rules about choosing parts.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum GroupRule {
    /// Either every member is selected or none.
    AllOrNothing,
}

/// A file that Install lays down.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct File {
    /// Where, below the product's home.
    #[schemars(length(min = 1))]
    pub path: String,
    /// The shipped asset; words in braces are filled in when `fill` is set.
    #[schemars(length(min = 1))]
    pub asset: String,
    /// Whether words in braces are filled in.
    #[serde(default)]
    pub fill: bool,
    /// Values that differ from the asset's, by their keys: for a TOML file that stands by itself, too.
    #[serde(default)]
    pub set: BTreeMap<String, String>,
}

/// How a product is told where the authority is: in a file, and by a command once a component has taken the file over.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Connection {
    /// The file, below the product's home; `{conf}` is the component's folder.
    #[schemars(length(min = 1))]
    pub file: String,
    /// Its format.
    #[schemars(extend("enum" = words::formats()))]
    pub format: String,
    /// Where each answer stands in it, by the answer's word in braces.
    pub keys: BTreeMap<String, String>,
    /// Shows what a component was told, as JSON: `started` says whether it took the file over, `connection` holds the
    /// answers. Without it the file counts for good.
    pub show: Option<Vec<String>>,
    /// Tells a component that took the file over.
    pub change: Option<Vec<String>>,
}

/// One question of the verification.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Probe {
    /// Its id in the report.
    #[schemars(extend("pattern" = words::ID, "errorMessage" = words::ID_RULE))]
    pub id: String,
    /// What is asked.
    #[schemars(extend("enum" = words::PROBES))]
    pub kind: String,
    /// Of which component; the product itself when empty.
    #[serde(default)]
    pub target: String,
    /// Milliseconds it may take.
    #[schemars(range(min = 1, max = 600_000))]
    pub deadline: u64,
    /// What a probe of kind `command` runs: an argument list.
    #[serde(default)]
    pub command: Vec<String>,
    /// Patterns in what it prints, or in the log that a probe of kind `log` reads, that say "aligned". A command without
    /// any is judged by its exit code.
    #[serde(default)]
    pub aligned: Vec<String>,
    /// Patterns that say "differs". What fits none says nothing: "can't tell".
    #[serde(default)]
    pub differs: Vec<String>,
    /// The log that a probe of kind `log` reads, below the product's home.
    #[serde(default)]
    pub log: String,
    /// How that log is written: `utf-8`, `utf-16`, `latin-1` or `windows-1252`.
    #[serde(default = "registration::utf8")]
    #[schemars(extend("enum" = words::ENCODINGS))]
    pub encoding: String,
}
