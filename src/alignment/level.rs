//! At which level alignment is asked.

use std::fmt;
use std::str::FromStr;

use serde::Serialize;
use thiserror::Error;

/// What a place's verdict speaks of.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Level {
    /// What is written in the place.
    File,
    /// What the process uses.
    Running,
    /// What live connections were authenticated with.
    Session,
}

/// The text names no level.
#[derive(Debug, Error)]
#[error("the levels are file, running and session")]
pub struct UnknownLevel;

impl Level {
    /// Every level.
    pub const ALL: [Self; 3] = [Self::File, Self::Running, Self::Session];

    fn word(self) -> &'static str {
        match self {
            Self::File => "file",
            Self::Running => "running",
            Self::Session => "session",
        }
    }
}

impl fmt::Display for Level {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.word())
    }
}

impl FromStr for Level {
    type Err = UnknownLevel;

    fn from_str(text: &str) -> Result<Self, UnknownLevel> {
        Self::ALL.into_iter().find(|level| level.word() == text).ok_or(UnknownLevel)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_read_back_and_stand_in_json() {
        for level in Level::ALL {
            assert_eq!(level.to_string().parse::<Level>().expect("a level"), level);
            assert_eq!(serde_json::to_value(level).expect("json"), level.to_string());
        }
        assert!("files".parse::<Level>().is_err());
    }
}
