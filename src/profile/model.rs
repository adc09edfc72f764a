//! The profile's tables as types.
//!
//! In argument lists and paths a word in braces is filled in: `{home}` the product's folder, `{component}` the
//! component's id, `{host}`, `{https_port}`, `{client_auth_port}`, `{domain}`, `{csd}` and `{listen}` the answers.

use std::collections::BTreeMap;

use serde::Deserialize;

use super::Identity;

/// Everything Countersign knows of one product.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Profile {
    /// Version of the format; 1.
    pub format: u32,
    /// The product itself.
    pub product: Product,
    /// Its parts.
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
    pub lifecycle: Lifecycle,
    /// How its components get their certificates.
    pub registration: Option<Registration>,
    /// How it is told where the authority is.
    pub connection: Option<Connection>,
    /// What `verify` asks.
    #[serde(default)]
    pub probe: Vec<Probe>,
}

/// The product itself.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Product {
    /// Its id in file names and JSON.
    pub id: String,
    /// Its name for people.
    pub name: String,
    /// Whether it checks the secret or holds it.
    pub role: Role,
    /// Its folder below the estate.
    pub home: String,
}

/// Which side of the secret a product is on.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Role {
    /// Checks the secret and signs requests.
    Authority,
    /// Holds the secret.
    Client,
}

/// One part of a product that can be selected.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Component {
    /// Its id in answer files, JSON and commands.
    pub id: String,
    /// Its name for people.
    pub name: String,
    /// What it is for, in one line.
    pub about: String,
    /// Whether it has a place for the secret.
    #[serde(default)]
    pub holds_secret: bool,
    /// Whether it runs as a process of its own.
    #[serde(default)]
    pub process: bool,
    /// The repository's name in its keystore's file name, when it registers.
    pub repository: Option<String>,
    /// Folder of its keystore, below the product's home.
    pub conf: Option<String>,
    /// The CSD that tells the authority what it is, among the shipped assets.
    pub csd: Option<String>,
    /// Who it is to the authority; as its CSD says.
    pub identity: Option<Identity>,
}

/// A rule about choosing parts.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Group {
    /// Component ids.
    pub members: Vec<String>,
    /// The rule.
    pub rule: GroupRule,
    /// Why, in a sentence for people.
    pub reason: String,
}

/// Kinds of rules about choosing parts.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum GroupRule {
    /// Either every member is selected or none.
    AllOrNothing,
}

/// One spot that must hold the secret.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Place {
    /// Whose place it is.
    pub component: String,
    /// The file, below the product's home.
    pub file: String,
    /// Its format: a name that `forms` knows.
    pub format: String,
    /// Where in the file.
    pub key: String,
    /// How the secret is written there; `plain`.
    pub form: String,
    /// Permissions, octal.
    pub mode: String,
    /// The file as Install lays it down, with an empty value: a shipped asset.
    pub template: String,
    /// Characters it accepts: single ones and ranges such as `a-z`.
    pub alphabet: String,
    /// Least and most characters.
    pub length: [usize; 2],
}

/// A file that Install lays down.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct File {
    /// Where, below the product's home.
    pub path: String,
    /// The shipped asset; words in braces are filled in when `fill` is set.
    pub asset: String,
    /// Whether words in braces are filled in.
    #[serde(default)]
    pub fill: bool,
}

/// How a product is started, stopped and asked. Each command is an argument list; `countersign` is our own binary.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Lifecycle {
    /// Makes its home, where a product has a command for that.
    pub init: Option<Vec<String>>,
    /// Starts one component and returns when it is ready.
    pub start: Vec<String>,
    /// Stops one component and returns when it is gone.
    pub stop: Vec<String>,
    /// Makes a running component read its configuration anew.
    pub reload: Option<Vec<String>>,
    /// Tells how it is.
    pub status: Vec<String>,
    /// The pid file whose lock the running process holds, below the product's home.
    pub pid: String,
    /// The control socket, below the product's home.
    pub control: String,
    /// Files that its output goes to, below the product's home.
    pub log: String,
    /// The probe that says it is ready.
    pub ready: String,
    /// Rank among the products: the lowest starts first and stops last.
    pub order: u32,
    /// Products that must run before.
    #[serde(default)]
    pub after: Vec<String>,
}

/// How a product is told where the authority is: in a file, and by a command once a component has taken the file over.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Connection {
    /// The file, below the product's home; `{conf}` is the component's folder.
    pub file: String,
    /// Its format: `toml`, or a name that `forms` knows.
    pub format: String,
    /// Where each answer stands in it, by the answer's word in braces.
    pub keys: BTreeMap<String, String>,
    /// Shows what a component was told, as JSON: `started` says whether it took the file over, `connection` holds the
    /// answers. Without it the file counts for good.
    pub show: Option<Vec<String>>,
    /// Tells a component that took the file over.
    pub change: Option<Vec<String>>,
}

/// How a product's components get their certificates.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Registration {
    /// Who drives it.
    pub by: RegistrationBy,
    /// Drives one component's registration once, as a process of the product.
    pub command: Vec<String>,
    /// How the secret can be changed.
    pub strategy: Vec<Strategy>,
}

/// Who drives a registration.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum RegistrationBy {
    /// We do.
    Countersign,
    /// The product's own process does.
    Product,
}

/// How the secret can be changed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Strategy {
    /// The next secret is accepted beside the current one.
    Overlap,
    /// Authority first, then everything else.
    Cutover,
}

/// One question of the verification.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Probe {
    /// Its id in the report.
    pub id: String,
    /// What is asked: a kind that `verify` knows.
    pub kind: String,
    /// Of which component; the product itself when empty.
    #[serde(default)]
    pub target: String,
    /// Milliseconds it may take.
    pub deadline: u64,
}
