//! The two engines and what tells them apart.

use std::fmt;
use std::path::PathBuf;
use std::str::FromStr;

use crate::forms::Format;

/// One of the two processes of the B2Bi Server.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Engine {
    /// The integration engine: turns documents with maps.
    Integrator,
    /// The trading engine: takes documents in.
    Interchange,
}

/// Where an engine keeps the shared secret.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct SecretPlace {
    /// The file, below the home.
    pub file: &'static str,
    /// Its format's name, one that `forms` knows.
    pub format: &'static str,
    /// Property or element.
    pub key: &'static str,
}

impl Engine {
    /// Both, in the order in which they start.
    pub const ALL: [Self; 2] = [Self::Integrator, Self::Interchange];

    /// Its id: the component's id, the name of its files in `run/`, and its repository's name.
    pub fn id(self) -> &'static str {
        match self {
            Self::Integrator => "integrator",
            Self::Interchange => "interchange",
        }
    }

    /// Its name for people, which is also its folder.
    pub fn name(self) -> &'static str {
        match self {
            Self::Integrator => "Integrator",
            Self::Interchange => "Interchange",
        }
    }

    /// The folder of its configuration and keystore, below the home.
    pub fn conf(self) -> PathBuf {
        PathBuf::from(self.name()).join("conf")
    }

    /// Its log, below the home.
    pub fn log(self) -> &'static str {
        match self {
            Self::Integrator => "logs/IE.log",
            Self::Interchange => "logs/TE.log",
        }
    }

    /// Where it keeps the shared secret.
    pub fn place(self) -> SecretPlace {
        match self {
            Self::Integrator => SecretPlace {
                file: "Integrator/conf/passport-access.properties",
                format: "properties",
                key: "passport.shared.secret",
            },
            Self::Interchange => {
                SecretPlace { file: "Interchange/conf/passport-access.xml", format: "xml", key: "sharedSecret" }
            }
        }
    }
}

impl SecretPlace {
    /// The format as `forms` has it; `None` only if the two disagree about its name.
    pub fn form(self) -> Option<Format> {
        self.format.parse().ok()
    }
}

impl fmt::Display for Engine {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

impl FromStr for Engine {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        Self::ALL
            .into_iter()
            .find(|engine| engine.id() == text)
            .ok_or_else(|| "the engines are integrator and interchange".to_owned())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_profile_and_the_engines_agree_about_places_and_folders() {
        for engine in Engine::ALL {
            let (profile, component) = crate::profile::component(engine.id()).expect("in the profile");
            assert_eq!(component.conf.as_deref(), engine.conf().to_str());
            assert_eq!(component.repository.as_deref(), Some(engine.id()));
            let place = profile.place.iter().find(|place| place.component == engine.id()).expect("a place");
            let ours = engine.place();
            assert_eq!((ours.file, ours.format, ours.key), (&*place.file, &*place.format, &*place.key));
        }
    }
}
