//! `countersign profile show`: one product, with the site's values in it.

use std::path::PathBuf;

use clap::Args;
use serde_json::json;

use super::super::Scope;
use super::{Exit, Failure};
use crate::estate::ProductHome;
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
        // It is shown until the process ends.
        let own: &'static [(PathBuf, Profile)] = Vec::leak(own);
        let (file, profile) = self.find(own)?;
        // A shipped profile has no values of a site's yet, so there is nothing to look for.
        let signs = file.and_then(|_| ProductHome { profile, home: scope.dir().join(&profile.product.home) }.signs());
        let text = report::profile::show(&self.id, file.map(PathBuf::as_path), profile, signs.as_deref());
        scope.print(&text, &json!({ "id": self.id, "file": file, "profile": profile, "found": signs }));
        Ok(Exit::Done)
    }

    fn find(
        &self,
        own: &'static [(PathBuf, Profile)],
    ) -> Result<(Option<&'static PathBuf>, &'static Profile), Failure> {
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
