//! `countersign profile show`: one product, with the site's values in it.

use std::path::PathBuf;

use clap::Args;
use serde_json::json;

use super::super::Scope;
use super::{Exit, Failure};
use crate::profile::{Profile, shipped, site};
use crate::tree::suggest;
use crate::ui::report;

/// Arguments of `profile show`.
#[derive(Debug, Args)]
pub struct Show {
    /// A product of the estate's own profiles, else a shipped profile, such as axway/b2bi
    id: String,
}

impl Show {
    /// Runs it.
    pub fn run(&self, scope: &Scope) -> anyhow::Result<Exit> {
        let own = site::load_files(&scope.dir()).map_err(|problems| Failure::refused(problems.to_string()))?;
        let (file, profile) = self.find(&own)?;
        let text = report::profile::show(&self.id, file.map(PathBuf::as_path), profile);
        scope.print(&text, &json!({ "id": self.id, "file": file, "profile": profile }));
        Ok(Exit::Done)
    }

    fn find<'a>(&self, own: &'a [(PathBuf, Profile)]) -> Result<(Option<&'a PathBuf>, &'a Profile), Failure> {
        if let Some((file, profile)) = own.iter().find(|(_, profile)| profile.product.id == self.id) {
            return Ok((Some(file), profile));
        }
        if let Some((_, profile)) = shipped::all().iter().find(|(id, _)| *id == self.id) {
            return Ok((None, profile));
        }
        let known = own.iter().map(|(_, profile)| profile.product.id.as_str());
        let hint = match suggest::nearest(&self.id, known.chain(shipped::SHIPPED.iter().map(|shipped| shipped.id))) {
            Some(near) => format!("did you mean {near}?"),
            None => "`countersign profile list` shows them".to_owned(),
        };
        Err(Failure::refused(format!("there is no profile with this id; {hint}")))
    }
}
