//! A shipped profile and a site's silent files put together: which variables hold this product's secret, and whose.

use super::known::{KNOWN, Pattern};
use super::look::Adopted;
use super::modules::Module;
use super::secrets::Candidate;
use crate::installer::silent::Tree;
use crate::profile::{Component, Profile, Select};

/// The shipped profiles that silent files name.
pub fn bases<'a>(
    shipped: &'a [(&'static str, Profile)],
    tree: &Tree,
    adopted: &Adopted,
) -> Vec<(&'static str, &'a Profile)> {
    let is_named = |profile: &Profile| adopted.products.iter().any(|product| names(profile, &product.name));
    let is =
        |(variable, value): (&String, &String)| tree.get(variable).is_some_and(|is| is.eq_ignore_ascii_case(value));
    let fits = |profile: &Profile| is_named(profile) && profile.adopt.when.iter().all(is);
    shipped.iter().filter(|(_, profile)| fits(profile)).map(|(id, profile)| (*id, profile)).collect()
}

/// Whether silent files call a product this.
fn names(profile: &Profile, product: &str) -> bool {
    any_fits(&profile.adopt.products, product)
}

/// What of a tree is a product's.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fitting {
    /// The variables that hold its secret; the component is `None` where the names do not tell which one's it is.
    pub secrets: Vec<(Option<String>, Candidate)>,
    /// Variables that hold another authority's secret: never offered.
    pub others: Vec<String>,
    /// What selects its components.
    pub selects: Vec<Select>,
}

/// What of a tree is the product's that this profile describes. Files that only other shipped profiles name are left
/// out.
pub fn fit(profile: &Profile, shipped: &[(&str, Profile)], adopted: &Adopted) -> Fitting {
    let is_elsewhere =
        |product: &str| !names(profile, product) && shipped.iter().any(|(_, other)| names(other, product));
    let own = &profile.adopt.secrets;
    let is_own = |name: &str| if own.is_empty() { KNOWN.secret.fits(name) } else { any_fits(own, name) };
    let (mut secrets, mut others) = (Vec::new(), Vec::new());
    for candidate in adopted.secrets.iter().filter(|candidate| !is_elsewhere(&candidate.product)) {
        if is_anothers(profile, candidate) {
            others.push(candidate.variable.clone());
        } else if is_own(&candidate.bare) {
            secrets.push((whose(profile, candidate), candidate.clone()));
        }
    }
    let modules = adopted.modules.iter().filter(|module| !is_elsewhere(&module.product));
    let selects = modules.filter_map(|module| selecting(profile, module)).collect();
    Fitting { secrets, others, selects }
}

/// Whether a variable holds the secret of another authority, as the profile knows.
pub fn is_anothers(profile: &Profile, candidate: &Candidate) -> bool {
    any_fits(&profile.adopt.other_secrets, &candidate.bare)
}

fn any_fits(patterns: &[String], text: &str) -> bool {
    patterns.iter().any(|pattern| Pattern::new(pattern).fits(text))
}

/// The components that hold the secret: those with a place, else those that say so.
pub fn holders(profile: &Profile) -> Vec<&str> {
    let mut holders: Vec<&str> = Vec::new();
    for place in &profile.place {
        if !holders.contains(&place.component.as_str()) {
            holders.push(&place.component);
        }
    }
    if holders.is_empty() {
        holders = profile.component.iter().filter(|part| part.holds_secret).map(|part| part.id.as_str()).collect();
    }
    holders
}

/// Whose secret a variable holds: the only one's that has a place, or the one's that its name or its file's spells out.
fn whose(profile: &Profile, candidate: &Candidate) -> Option<String> {
    match holders(profile).as_slice() {
        [only] => Some((*only).to_owned()),
        several => [&candidate.bare, &candidate.product].into_iter().find_map(|name| {
            let is_in =
                |part: &&Component| calls(part, name, |name, own| name.contains(own)) || fits(profile, &part.id, name);
            let parts = profile.component.iter().filter(|part| several.contains(&part.id.as_str()));
            let found: Vec<&Component> = parts.filter(is_in).collect();
            if let [one] = found.as_slice() { Some(one.id.clone()) } else { None }
        }),
    }
}

/// By what a module is called; by a pattern only where that says nothing.
fn selecting(profile: &Profile, module: &Module) -> Option<Select> {
    let (variable, value) = module.select.clone()?;
    let mut parts = profile.component.iter();
    let is_called = |part: &&Component| module.names.iter().any(|name| calls(part, name, |name, own| name == own));
    let fits = |part: &&Component| module.names.iter().any(|name| fits(profile, &part.id, name));
    let component = parts.clone().find(is_called).or_else(|| parts.find(fits))?.id.clone();
    Some(Select { component, variable, value })
}

/// Whether a name fits a component's pattern.
fn fits(profile: &Profile, id: &str, name: &str) -> bool {
    profile.adopt.component.get(id).is_some_and(|pattern| Pattern::new(pattern).fits(name))
}

/// Whether a name is a component's id or name, but for case, blanks and signs.
fn calls(part: &Component, name: &str, is: impl Fn(&str, &str) -> bool) -> bool {
    let plain = |text: &str| -> String {
        text.chars().filter(char::is_ascii_alphanumeric).map(|c| c.to_ascii_lowercase()).collect()
    };
    [&part.id, &part.name].into_iter().any(|own| is(&plain(name), &plain(own)))
}
