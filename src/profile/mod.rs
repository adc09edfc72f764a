//! The profile format: what a product is made of, where its secret stands, how it is started and probed.

mod alphabet;
mod braces;
mod fill;
mod identity;
mod model;
mod read;
mod reference;
mod rules;
mod schema;
mod shape;
pub mod shipped;
pub mod site;
pub mod skeleton;
mod spot;
#[cfg(test)]
mod tests;
mod typed;
pub mod words;

pub use alphabet::common_alphabet;
pub use fill::Values;
pub use identity::Identity;
pub use model::{
    Adopt, Apply, Compare, Component, Connection, Detect, Documents, Edit, File, Group, GroupRule, Installer,
    Lifecycle, Place, Probe, Product, Profile, Registration, RegistrationBy, RepositoriesFile, Role, Select, Setting,
    SilentSecret, SiteProfile, Strategy, Twin, Variable, VariableKind, Watch,
};
pub use read::{FORMAT, Read, product_id, read, read_beside};
pub use reference::reference;
pub use schema::schema;

use std::sync::{LazyLock, PoisonError, RwLock};

/// The shipped profiles of the embedded estate.
const EMBEDDED: [&str; 3] = ["passport", "b2bi", "api-gateway"];

/// The site's own profiles, once they are known.
static SITE: RwLock<Option<&'static [Profile]>> = RwLock::new(None);

fn site() -> Option<&'static [Profile]> {
    *SITE.read().unwrap_or_else(PoisonError::into_inner)
}

/// The profiles of the estate that this process works on: the site's own where it has any, else those of the embedded
/// estate; in the order in which their products start.
pub fn known() -> &'static [Profile] {
    site().unwrap_or_else(embedded)
}

/// Whether the estate that this process works on is the site's own, described by its own profiles.
pub fn is_site() -> bool {
    site().is_some()
}

/// Works on a site's own estate from here on; called again with the same profiles when answers give their variables
/// other values. What others hold of them stays, so they are never given back: a person changes few values.
pub fn use_site(mut profiles: Vec<Profile>) {
    profiles.sort_by_key(|profile| profile.lifecycle.order);
    *SITE.write().unwrap_or_else(PoisonError::into_inner) = Some(profiles.leak());
}

/// The profiles of the embedded estate, in the order in which their products start.
pub fn embedded() -> &'static [Profile] {
    static PROFILES: LazyLock<Vec<Profile>> = LazyLock::new(|| {
        let mut profiles: Vec<Profile> =
            EMBEDDED.iter().filter_map(|id| toml::from_str(shipped::find(id)?.text).ok()).collect();
        profiles.sort_by_key(|profile| profile.lifecycle.order);
        profiles
    });
    &PROFILES
}

/// What people call the authority of the estate that this process works on.
pub fn authority_name() -> &'static str {
    let authority = known().iter().find(|profile| profile.is_authority());
    authority.map_or("the authority", |profile| &profile.product.name)
}

/// What people call a component; its id where nobody knows it.
pub fn component_name(id: &str) -> &str {
    component(id).map_or(id, |(_, component)| &component.name)
}

/// The profile and component that a component id names.
pub fn component(id: &str) -> Option<(&'static Profile, &'static Component)> {
    known().iter().find_map(|profile| {
        profile.component.iter().find(|component| component.id == id).map(|component| (profile, component))
    })
}
