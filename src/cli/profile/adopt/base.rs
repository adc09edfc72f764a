//! Which shipped profile a site's own one starts from.

use std::ffi::OsStr;
use std::path::Path;

use super::super::{Failure, Scope};
use super::Adopt;
use crate::installer::adopt::{Adopted, bases};
use crate::installer::silent::Tree;
use crate::profile::{Product, Profile, Read, read, shipped, site};

/// A shipped profile under its id.
type Base = (&'static str, &'static Profile);

impl Adopt {
    /// The shipped profile that is named, or that the silent files name.
    pub(super) fn base(&self, tree: &Tree, adopted: &Adopted, scope: &Scope) -> Result<Base, Failure> {
        let (id, profile) = match &self.base {
            None => self.guess(tree, adopted, scope)?,
            Some(given) => shipped_as(given).ok_or_else(|| {
                let ids: Vec<&str> = shipped::all().iter().map(|(id, _)| *id).collect();
                Failure::refused(format!("--base {given} is no shipped profile; there are {}", ids.join(", ")))
            })?,
        };
        let Product { name, secret, note, .. } = &profile.product;
        if secret == NONE {
            let text = format!("{name} holds no shared secret, so there is nothing to adopt. {note}");
            return Err(Failure::refused(text.split_whitespace().collect::<Vec<_>>().join(" ")));
        }
        Ok((id, profile))
    }

    fn guess(&self, tree: &Tree, adopted: &Adopted, scope: &Scope) -> Result<Base, Failure> {
        let fitting = bases(shipped::all(), tree, adopted);
        match fitting.as_slice() {
            [one] => return Ok(*one),
            [] => {
                let names: Vec<&str> = adopted.products.iter().map(|product| product.name.as_str()).collect();
                let names = if names.is_empty() { "no product".to_owned() } else { names.join(", ") };
                let text = format!(
                    "the silent files include {names}, which no shipped profile describes as they stand there: give --base"
                );
                return Err(Failure::refused(text));
            }
            several if !self.yes => {
                for base in several {
                    if scope.consent(&format!("Several shipped profiles fit. Is it {}?", base.0))? {
                        return Ok(*base);
                    }
                }
            }
            _ => {}
        }
        let ids: Vec<&str> = fitting.iter().map(|(id, _)| *id).collect();
        Err(Failure::refused(format!("several shipped profiles fit: give --base with one of {}", ids.join(", "))))
    }
}

/// What a profile says of a product that holds no shared secret.
const NONE: &str = "none";

fn shipped_as(id: &str) -> Option<Base> {
    shipped::all().iter().find(|(known, _)| *known == id).map(|(id, profile)| (*id, profile))
}

/// A folder of profiles is of one secret: a product of another one is never put beside the rest.
pub(super) fn must_go_together(out: &Path, profile: &Profile) -> Result<(), Failure> {
    let entries = out.parent().and_then(|folder| std::fs::read_dir(folder).ok());
    let files = entries.into_iter().flatten().filter_map(|entry| Some(entry.ok()?.path()));
    for path in files.filter(|path| path.extension() == Some(OsStr::new("toml"))) {
        let name = path.display().to_string();
        // A file that is no profile is told of where the folder is used.
        let Ok(kept) = site::text(&path).and_then(|text| read(&text, &name)) else { continue };
        let secret = match &kept {
            Read::Whole(whole) => Some(&whole.product.secret),
            Read::Site(site) => shipped_as(&site.base).map(|(_, profile)| &profile.product.secret),
        };
        if secret.is_some_and(|secret| *secret != profile.product.secret) {
            return Err(Failure::refused(format!(
                "{name} is of a product with another shared secret than {}: name an --out elsewhere",
                profile.product.name
            )));
        }
    }
    Ok(())
}
