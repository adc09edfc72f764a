//! `countersign profile adopt`: a site profile from the silent files that an installer left.

mod base;
mod secrets;
mod tell;
mod values;

use std::path::{Path, PathBuf};

use clap::Args;

use super::{Exit, Failure, Scope};
use crate::fs::{PRIVATE_FILE, create, create_folders, is_free};
use crate::installer::adopt::{self, Adopted, fit, look};
use crate::installer::silent::{Rule, SilentError, Tree};
use crate::profile::{shipped, skeleton};
use tell::Told;

/// Arguments of `profile adopt`.
#[derive(Debug, Args)]
pub struct Adopt {
    /// The master silent file, or the folder in which the installer keeps its runs: then the newest counts
    file: PathBuf,
    /// The site profile to write, such as `<estate>/profiles/<product>.toml`; must not exist yet
    #[arg(long, value_name = "PROFILE")]
    out: PathBuf,
    /// The shipped profile to start from, where the silent files do not tell
    #[arg(long, value_name = "ID")]
    base: Option<String>,
    /// The value of one of the shipped profile's variables; may be given several times
    #[arg(long, value_name = "NAME=VALUE", value_parser = pair)]
    set: Vec<(String, String)>,
    /// The variable that holds a component's secret, where its name does not tell; may be given several times
    #[arg(long, value_name = "COMPONENT=VARIABLE", value_parser = pair)]
    secret: Vec<(String, String)>,
    /// A variable whose value is plain though it looks encrypted; may be given several times
    #[arg(long, value_name = "VARIABLE")]
    plain: Vec<String>,
    /// Take what is found without asking
    #[arg(long)]
    yes: bool,
}

fn pair(text: &str) -> Result<(String, String), String> {
    let (name, value) = text.split_once('=').ok_or("write NAME=VALUE")?;
    Ok((name.trim().to_owned(), value.trim().to_owned()))
}

impl Adopt {
    /// Runs it.
    pub fn run(&self, scope: &Scope) -> anyhow::Result<Exit> {
        if !self.yes {
            scope.needs_terminal()?;
        }
        let out = std::path::absolute(&self.out)?;
        if !is_free(&out).map_err(|error| unwritable(&out, &error))? {
            return Err(taken(&out).into());
        }
        let master = adopt::master(&self.file).map_err(Failure::from)?;
        let tree = Tree::read(&master).map_err(Failure::from)?;
        let adopted = self.look(&tree, scope)?;
        scope.note(&tell::seen(&tree, &adopted));
        let (base, profile) = self.base(&tree, &adopted, scope)?;
        base::must_go_together(&out, profile)?;
        let values = self.values(profile, &tree)?;
        let fitting = fit(profile, shipped::all(), &adopted);
        for other in &fitting.others {
            scope.note(&format!("{other} holds another authority's secret and is left alone"));
        }
        let (secrets, kept, selects) = if profile.installer.is_some() {
            let secrets = self.secrets(profile, &tree, fitting.secrets, scope)?;
            let kept = secrets::kept(&secrets);
            (secrets, kept, fitting.selects)
        } else {
            scope.note(
                "this product's secret is not set through silent files, so the variables are told and not written down",
            );
            (secrets::known(fitting.secrets), Vec::new(), Vec::new())
        };

        let of_site = skeleton::Told { values, secrets: kept, selects };
        write(&out, &skeleton::site(base, profile, &of_site))?;
        let missing = skeleton::missing(profile, &of_site.values);
        let told = Told::new(&out, base, &secrets, &of_site.selects, missing);
        scope.print(&told.text(), &told);
        Ok(Exit::Done)
    }

    /// Looks through the tree. On a terminal people may say of a value that looks encrypted that it is plain.
    fn look(&self, tree: &Tree, scope: &Scope) -> Result<Adopted, Failure> {
        let mut plain = self.plain.clone();
        loop {
            let problems = match look(tree, &plain) {
                Ok(adopted) => return Ok(adopted),
                Err(problems) => problems,
            };
            for problem in &problems {
                let Rule::MaybeEncrypted(name) = &problem.rule else { return Err(all(&problems)) };
                let question = format!("{}: {name} looks encrypted, and nothing says so. Is it plain?", problem.at);
                if self.yes || !scope.consent(&question)? {
                    return Err(all(&problems));
                }
                plain.push(name.clone());
            }
        }
    }
}

fn all(problems: &[SilentError]) -> Failure {
    Failure::refused(problems.iter().map(ToString::to_string).collect::<Vec<_>>().join("\n"))
}

impl From<SilentError> for Failure {
    fn from(error: SilentError) -> Self {
        Self::refused(error.to_string())
    }
}

fn write(out: &Path, text: &str) -> Result<(), Failure> {
    let written = match out.parent() {
        Some(folder) => create_folders(folder).map(|_| ()),
        None => Ok(()),
    };
    written.and_then(|()| create(out, text.as_bytes(), PRIVATE_FILE)).map_err(|error| match error.kind() {
        std::io::ErrorKind::AlreadyExists => taken(out),
        _ => unwritable(out, &error),
    })
}

fn unwritable(out: &Path, error: &std::io::Error) -> Failure {
    Failure::refused(format!("{} cannot be written ({error}): name another --out", out.display()))
}

fn taken(out: &Path) -> Failure {
    let out = out.display();
    Failure::refused(format!("{out} is there already and is not overwritten: name another --out, or move it away"))
}
