//! The profile format: what a product is made of, where its secret stands, how it is started and probed.

mod alphabet;
mod fill;
mod identity;
mod model;

pub use alphabet::common_alphabet;
pub use fill::Values;
pub use identity::Identity;
pub use model::{
    Component, Connection, File, Group, GroupRule, Lifecycle, Place, Probe, Product, Profile, Registration,
    RegistrationBy, Role, Strategy,
};

use std::sync::LazyLock;

/// The profiles of the embedded estate, in the order in which their products start.
pub fn embedded() -> &'static [Profile] {
    static PROFILES: LazyLock<Vec<Profile>> = LazyLock::new(|| {
        let mut profiles: Vec<Profile> =
            [include_str!("../../profiles/passport.toml"), include_str!("../../profiles/b2bi.toml")]
                .into_iter()
                .filter_map(|text| toml::from_str(text).ok())
                .collect();
        profiles.sort_by_key(|profile| profile.lifecycle.order);
        profiles
    });
    &PROFILES
}

/// The profile and component that a component id names.
pub fn component(id: &str) -> Option<(&'static Profile, &'static Component)> {
    embedded().iter().find_map(|profile| {
        profile.component.iter().find(|component| component.id == id).map(|component| (profile, component))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn both_embedded_profiles_are_read_and_the_authority_comes_first() {
        let ids: Vec<&str> = embedded().iter().map(|profile| profile.product.id.as_str()).collect();
        assert_eq!(ids, ["passport", "b2bi"]);
    }

    #[test]
    fn every_place_and_group_names_components_that_exist() {
        for profile in embedded() {
            let named = profile.place.iter().map(|place| &place.component);
            let grouped = profile.group.iter().flat_map(|group| &group.members);
            for id in named.chain(grouped) {
                assert!(profile.component.iter().any(|component| component.id == *id), "{id} is no component");
            }
        }
    }
}
