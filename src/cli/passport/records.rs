//! What the authority has on record: properties.

use clap::Subcommand;
use serde_json::{Value, json};

use super::{Exit, Failure, Scope, block_on, done, failure};
use crate::apply::Lock;
use crate::estate::record;
use crate::passport::local::Local;
use crate::passport::{Fault, Home};

/// `passport property …`
#[derive(Debug, Subcommand)]
pub enum Property {
    /// Show one
    Get {
        /// Its name
        name: String,
    },
    /// Change one; it counts at once
    Set {
        /// Its name
        name: String,
        /// Its value
        value: String,
    },
    /// Show all
    List,
}

impl Property {
    pub(super) fn run(&self, home: &Home, scope: &Scope) -> anyhow::Result<Exit> {
        match self {
            Self::Get { name } => {
                let value = locally(home, async |local| local.property(name).await)?;
                Ok(done(scope, &value, &json!({ "name": name, "value": value })))
            }
            Self::Set { name, value } => {
                let _lock = lock(home, "passport property set")?;
                locally(home, async |local| local.set_property(name, value).await)?;
                Ok(done(scope, &format!("{name} = {value}"), &json!({ "name": name, "value": value })))
            }
            Self::List => {
                let all = locally(home, async |local| local.properties().await)?;
                let lines = all.iter().map(|(name, value)| format!("{name} = {value}"));
                Ok(done(scope, &joined(lines), &all.iter().map(|(name, value)| (name.clone(), json!(value))).collect()))
            }
        }
    }
}

/// The lock of the estate in which this home lies, whichever one the flags name; none for an authority on its own.
pub(super) fn lock(home: &Home, verb: &str) -> Result<Option<Lock>, Failure> {
    let estate = home.path().parent().filter(|folder| folder.join(record::FILE).exists());
    estate.map(|folder| Scope::new(false, Some(folder.to_path_buf())).lock(verb)).transpose()
}

/// Works on the database of this home.
pub(super) fn locally<T>(home: &Home, work: impl AsyncFnOnce(&Local) -> Result<T, Fault>) -> anyhow::Result<T> {
    let done = async {
        let local = Local::open(home).await?;
        let result = work(&local).await;
        local.close().await;
        result
    };
    Ok(block_on(done)?.map_err(|fault| failure(&fault))?)
}

pub(super) fn text(value: &Value) -> &str {
    value.as_str().unwrap_or("-")
}

pub(super) fn joined(lines: impl Iterator<Item = String>) -> String {
    lines.collect::<Vec<_>>().join("\n")
}
