//! The components that the authority knows.

use std::path::{Path, PathBuf};

use clap::{Args, Subcommand};
use serde_json::{Value, json};

use super::process::act;
use super::records::{joined, locally, lock, text};
use super::{Exit, Scope, done, unreadable};
use crate::passport::Home;

/// `passport component …`
#[derive(Debug, Subcommand)]
pub enum Component {
    /// Take a component's CSD in, with its default instance
    Import {
        /// The CSD, an XML file
        file: PathBuf,
    },
    /// Show those that are known, and which secret each proved last
    List,
    /// Further instances of a known component
    #[command(subcommand)]
    Instance(Instance),
    /// Forget an instance and its requests
    Remove {
        /// `NAME` for the default instance, else `NAME/INSTANCE`
        #[arg(value_name = "NAME[/INSTANCE]")]
        component: String,
        /// Revoke its certificates; without it they are in the way
        #[arg(long)]
        revoke: bool,
        #[command(flatten)]
        kind: Kind,
    },
}

/// `passport component instance …`
#[derive(Debug, Subcommand)]
pub enum Instance {
    /// Add one, without importing again
    Add {
        /// The component's name
        name: String,
        /// The new instance
        instance: String,
        #[command(flatten)]
        kind: Kind,
    },
}

/// Which of several components of one name is meant.
#[derive(Debug, Args)]
pub struct Kind {
    /// Its version, where the name has several
    #[arg(long, value_name = "VERSION")]
    component_version: Option<String>,
    /// Its group, where the name has several
    #[arg(long, value_name = "GROUP")]
    component_group: Option<String>,
}

impl Component {
    pub(super) fn run(&self, home: &Home, scope: &Scope) -> anyhow::Result<Exit> {
        match self {
            Self::Import { file } => import(home, file, scope),
            Self::List => {
                let components = locally(home, async |local| local.components().await)?;
                let lines = components.as_array().into_iter().flatten().map(line);
                Ok(done(scope, &joined(lines), &components))
            }
            Self::Instance(Instance::Add { name, instance, kind }) => {
                let _lock = lock(home, "passport component instance add")?;
                let Kind { component_version: version, component_group: group } = kind;
                let add = async |local: &crate::passport::local::Local| {
                    local.add_instance(name, version.clone(), group.clone(), instance).await
                };
                let identity = locally(home, add)?;
                Ok(done(scope, &format!("{name}/{instance} is known now"), &json!({ "identity": identity })))
            }
            Self::Remove { component, revoke, kind } => {
                let _lock = lock(home, "passport component remove")?;
                let (name, instance) = match component.split_once('/') {
                    Some((name, instance)) => (name, Some(instance)),
                    None => (component.as_str(), None),
                };
                let answer = act(
                    home,
                    &json!({
                        "do": "component-drop", "name": name, "instance": instance, "revoke": revoke,
                        "version": kind.component_version, "group": kind.component_group,
                    }),
                )?;
                let text = format!("{component} is removed; certificates revoked: {}", answer["revoked"]);
                Ok(done(scope, &text, &answer))
            }
        }
    }
}

fn import(home: &Home, file: &Path, scope: &Scope) -> anyhow::Result<Exit> {
    let csd = std::fs::read_to_string(file).map_err(|error| unreadable(file, &error))?;
    let _lock = lock(home, "passport component import")?;
    let (identity, new) = locally(home, async |local| local.import(&csd).await)?;
    let how = if new { "is new" } else { "was known" };
    let text = format!("{} {} ({}) {how}", identity.name, identity.version, identity.group);
    Ok(done(scope, &text, &json!({ "identity": identity, "new": new })))
}

fn line(one: &Value) -> String {
    let parts = ["name", "version", "group", "instance"].map(|part| text(&one["identity"][part])).join("  ");
    format!("{parts}  proved {} {}", text(&one["proved"]["secret_id"]), text(&one["proved"]["time"]))
}
