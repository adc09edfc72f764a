//! `countersign profile new`: a profile to fill in.

use std::path::PathBuf;

use clap::Args;
use serde_json::json;

use super::super::Scope;
use super::{Exit, Failure};
use crate::fs::{create, create_folders};
use crate::profile::{shipped, skeleton};
use crate::tree::suggest;

/// A profile holds no secret, and others may read it.
const MODE: u32 = 0o644;

/// Arguments of `profile new`.
#[derive(Debug, Args)]
pub struct New {
    /// The product's id: small letters, digits, dashes
    id: String,
    /// A shipped profile to give the site's values for; else a whole profile is begun
    #[arg(long, value_name = "B")]
    base: Option<String>,
    /// The file to write; must not exist yet
    #[arg(long, value_name = "FILE")]
    out: PathBuf,
}

impl New {
    /// Runs it.
    pub fn run(&self, scope: &Scope) -> anyhow::Result<Exit> {
        let text = self.text()?;
        let out = std::path::absolute(&self.out)?;
        let shown = out.display();
        let refuse = |error: std::io::Error| match error.kind() {
            std::io::ErrorKind::AlreadyExists => {
                Failure::refused(format!("{shown} is there already: name another --out"))
            }
            _ => Failure::refused(format!("{shown} cannot be written ({error}): name another --out")),
        };
        if let Some(folder) = out.parent() {
            create_folders(folder).map_err(refuse)?;
        }
        create(&out, text.as_bytes(), MODE).map_err(refuse)?;
        let told = format!("{shown} is written: fill it in, then `countersign profile validate {shown}`");
        scope.print(&told, &json!({ "profile": out }));
        Ok(Exit::Done)
    }

    fn text(&self) -> Result<String, Failure> {
        let Some(base) = &self.base else {
            return skeleton::whole(&self.id)
                .ok_or_else(|| Failure::refused(format!("the id {}", crate::profile::words::ID_RULE)));
        };
        let Some((id, profile)) = shipped::all().iter().find(|(id, _)| id == base) else {
            let near = suggest::nearest(base, shipped::SHIPPED.iter().map(|shipped| shipped.id));
            let hint =
                near.map_or("`countersign profile list` shows them".to_owned(), |near| format!("did you mean {near}?"));
            return Err(Failure::refused(format!("--base names no shipped profile; {hint}")));
        };
        if profile.product.id != self.id {
            let rule = format!(
                "{id} describes {0}, so the id is {0}: `countersign profile new {0} --base {id}`",
                profile.product.id
            );
            return Err(Failure::refused(rule));
        }
        Ok(skeleton::site(id, profile, &skeleton::Told::default()))
    }
}
