//! The profiles that the binary carries.

use std::sync::LazyLock;

use super::Profile;

/// A profile that the binary carries.
#[derive(Debug, Clone, Copy)]
pub struct Shipped {
    /// Its id: the file's path below `profiles/`, without the ending.
    pub id: &'static str,
    /// The file.
    pub text: &'static str,
}

macro_rules! shipped {
    ($($id:literal),* $(,)?) => {
        &[$(Shipped { id: $id, text: include_str!(concat!("../../profiles/", $id, ".toml")) }),*]
    };
}

/// Every profile that the binary carries; first those of the embedded estate.
pub const SHIPPED: &[Shipped] = shipped![
    "passport",
    "b2bi",
    "api-gateway",
    "axway/passport",
    "axway/b2bi",
    "axway/api-gateway",
    "axway/gateway",
    "axway/electronic-signature",
    "axway/transfer-cft-cg",
    "axway/transfer-cft-am",
];

/// The shipped profile with this id.
pub fn find(id: &str) -> Option<&'static Shipped> {
    SHIPPED.iter().find(|shipped| shipped.id == id)
}

/// Every shipped profile as it is, with its variables in braces, under its id.
pub fn all() -> &'static [(&'static str, Profile)] {
    static ALL: LazyLock<Vec<(&str, Profile)>> = LazyLock::new(|| {
        let read = |shipped: &Shipped| toml::from_str(shipped.text).ok().map(|profile| (shipped.id, profile));
        SHIPPED.iter().filter_map(read).collect()
    });
    &ALL
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::profile::{Read, read};

    #[test]
    fn every_shipped_profile_validates() {
        for shipped in SHIPPED {
            let read = read(shipped.text, shipped.id).unwrap_or_else(|problems| panic!("{problems}"));
            assert!(matches!(read, Read::Whole(_)), "{}", shipped.id);
        }
        assert_eq!(all().len(), SHIPPED.len());
    }

    #[test]
    fn what_was_not_tried_says_so_and_what_it_needs() {
        for (id, profile) in all().iter().filter(|(id, _)| id.contains('/')) {
            assert!(!profile.product.verified && profile.product.note.len() > 40, "{id}");
        }
    }
}
