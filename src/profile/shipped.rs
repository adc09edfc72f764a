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
pub const SHIPPED: &[Shipped] = shipped!["passport", "b2bi", "axway/passport", "axway/b2bi"];

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
