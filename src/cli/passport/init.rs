//! `passport init`: a new authority, or one more node of one.

use std::net::IpAddr;
use std::path::PathBuf;

use clap::Args;
use serde_json::json;

use super::{block_on, done, failure};
use crate::cli::Scope;
use crate::cli::exit::Exit;
use crate::cli::failure::Failure;
use crate::passport::config::{Config, FIRST_NODE};
use crate::passport::init::{self, Storage};
use crate::passport::{Home, Node};
use crate::secret::{Secret, Source};

/// Arguments of `passport init`.
#[derive(Debug, Args)]
pub struct Init {
    /// The name by which clients reach it
    #[arg(long, default_value = "localhost")]
    host: String,
    /// Port for registration
    #[arg(long, default_value_t = 6453, value_name = "PORT")]
    https_port: u16,
    /// Port that requires a client certificate
    #[arg(long, default_value_t = 6666, value_name = "PORT")]
    client_auth_port: u16,
    /// Domain of its users
    #[arg(long, default_value = "Synchrony")]
    domain: String,
    /// Address that both ports listen on
    #[arg(long, default_value = "127.0.0.1", value_name = "IP")]
    listen: IpAddr,
    /// Where the password of the user system comes from: `generate`, `stdin`, `file:PATH` …
    #[arg(long, default_value = "generate", value_name = "SOURCE")]
    system_password_from: String,
    /// Where it keeps what it knows
    #[arg(long, value_enum, default_value = "sqlite", value_name = "KIND")]
    store: Kind,
    /// Where the address of the PostgreSQL comes from, with its password: `file:PATH`, `stdin`, `env:NAME` …
    #[arg(long, value_name = "SOURCE", required_if_eq("store", "postgres"))]
    store_from: Option<String>,
    /// Become one more node of the PassPort in that PostgreSQL
    #[arg(long, requires = "node_key")]
    join: bool,
    /// The file `conf/node.key` of another node
    #[arg(long, value_name = "FILE", requires = "join")]
    node_key: Option<PathBuf>,
}

/// The databases.
#[derive(Debug, Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
enum Kind {
    /// A file of its own: one node
    Sqlite,
    /// A PostgreSQL that several nodes share
    Postgres,
}

impl Init {
    /// Makes it.
    pub(super) fn run(&self, home: &Home, scope: &Scope) -> anyhow::Result<Exit> {
        let password = match source("--system-password-from", &self.system_password_from)? {
            Source::Generate => None,
            source => Some(read(&source)?),
        };
        let storage = self.storage()?;
        let config = Config {
            host: self.host.clone(),
            listen: self.listen,
            https_port: self.https_port,
            client_auth_port: self.client_auth_port,
            domain: self.domain.clone(),
            node: FIRST_NODE.to_owned(),
        };
        block_on(init::init(home, &config, password, &storage))?.map_err(|fault| failure(&fault))?;
        Ok(done(scope, &format!("PassPort was made in {}", home.path().display()), &json!({ "home": home.path() })))
    }

    fn storage(&self) -> Result<Storage, Failure> {
        let Some(from) = self.store_from.as_deref().filter(|_| self.store == Kind::Postgres) else {
            if self.join || self.store_from.is_some() {
                return Err(Failure::new(Exit::Usage, "--join and --store-from need --store postgres"));
            }
            return Ok(Storage::Sqlite);
        };
        let address = match source("--store-from", from)? {
            Source::Generate => return Err(Failure::new(Exit::Usage, "--store-from: an address cannot be generated")),
            source => read(&source)?,
        };
        match &self.node_key {
            None => Ok(Storage::Postgres(address)),
            Some(file) => Ok(Storage::Join { address, key: Node::read_key(file).map_err(|fault| failure(&fault))? }),
        }
    }
}

fn source(flag: &str, text: &str) -> Result<Source, Failure> {
    text.parse().map_err(|error| Failure::new(Exit::Usage, format!("{flag} {error}")))
}

fn read(source: &Source) -> Result<Secret, Failure> {
    source.read().map_err(|error| Failure::refused(error.to_string()))
}
