//! What people and programs are told. Never a value of a secret.

use std::path::Path;

use serde::Serialize;

use super::secrets::Held;
use crate::installer::adopt::Adopted;
use crate::installer::silent::Tree;
use crate::profile::Select;

/// What `profile adopt --json` prints.
#[derive(Serialize)]
pub(super) struct Told<'a> {
    profile: String,
    base: &'a str,
    secrets: Vec<Secret<'a>>,
    selects: &'a [Select],
    missing: Vec<&'a str>,
}

#[derive(Serialize)]
struct Secret<'a> {
    component: &'a str,
    variable: &'a str,
    twin: Option<&'a str>,
    encrypted: bool,
}

impl<'a> Told<'a> {
    pub fn new(out: &Path, base: &'a str, secrets: &'a [Held], selects: &'a [Select], missing: Vec<&'a str>) -> Self {
        let secrets = secrets.iter().map(|(component, candidate)| Secret {
            component,
            variable: &candidate.variable,
            twin: candidate.twin.as_deref(),
            encrypted: candidate.encrypted,
        });
        Self { profile: out.display().to_string(), base, secrets: secrets.collect(), selects, missing }
    }

    /// The same for people.
    pub fn text(&self) -> String {
        let mut text = format!("{} says what this site has, over {}\n", self.profile, self.base);
        for Secret { component, variable, twin, encrypted } in &self.secrets {
            let twin = twin.map_or_else(String::new, |twin| format!(", confirmed by {twin}"));
            let kept = if *encrypted { ", encrypted now" } else { "" };
            text += &format!("  secret of {component}: {variable}{twin}{kept}\n");
        }
        for Select { component, variable, value } in self.selects {
            text += &format!("  selects {component}: {variable} = {value}\n");
        }
        if !self.missing.is_empty() {
            text += &format!("Still to say in it: {}\n", self.missing.join(", "));
        }
        text
    }
}

/// What was found, before anything is asked.
pub(super) fn seen(tree: &Tree, adopted: &Adopted) -> String {
    let mut text = format!("silent files: {}", tree.master().display());
    if let Some(version) = &adopted.installer {
        text += &format!(", installer {version}");
    }
    if let Some(name) = &adopted.logical_name {
        text += &format!(", installation {name}");
    }
    if let Some(dir) = &adopted.install_dir {
        text += &format!(" in {dir}");
    }
    for product in &adopted.products {
        let version = product.version.as_ref().map_or_else(String::new, |version| format!(" {version}"));
        text += &format!("\nproduct: {}{version}", product.name);
    }
    text
}
