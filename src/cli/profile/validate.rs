//! `countersign profile validate`: every mistake of some profiles.

use std::path::PathBuf;

use clap::Args;
use serde_json::json;

use super::super::Scope;
use super::Exit;
use crate::profile::{product_id, read_beside, site};
use crate::tree::{Problem, Problems};

/// Arguments of `profile validate`.
#[derive(Debug, Args)]
pub struct Validate {
    /// Whole profiles, and site profiles, which are judged with their base
    #[arg(required = true)]
    file: Vec<PathBuf>,
}

impl Validate {
    /// Runs it.
    pub fn run(&self, scope: &Scope) -> Exit {
        let texts: Vec<(String, Result<String, Problems>)> =
            self.file.iter().map(|path| (path.display().to_string(), site::text(path))).collect();
        let products: Vec<String> = texts.iter().filter_map(|(_, text)| product_id(text.as_deref().ok()?)).collect();
        let mut fine = Vec::new();
        let mut problems: Vec<Problem> = Vec::new();
        for (name, text) in texts {
            match text.and_then(|text| read_beside(&text, &name, &products)) {
                Ok(_) => fine.push(name),
                Err(Problems(found)) => problems.extend(found),
            }
        }
        let told = problems.iter().map(ToString::to_string);
        let text: String =
            told.chain(fine.iter().map(|name| format!("{name}: fine"))).map(|line| line + "\n").collect();
        scope.print(&text, &json!({ "ok": problems.is_empty(), "fine": fine, "problems": problems }));
        if problems.is_empty() { Exit::Done } else { Exit::Refused }
    }
}
