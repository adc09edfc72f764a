//! `common/conf/b2bi.toml`: what both engines share.

use std::io;
use std::path::Path;
use std::time::Duration;

use serde::Deserialize;

use super::failure::Failure;

const MIB: usize = 1024 * 1024;
/// The most that the largest document may be set to, in bytes.
pub const MAX_LIMIT: usize = 64 * MIB;
/// The most that a map's deadline may be set to, in seconds.
const MAX_DEADLINE: u64 = 60;

/// The settings, checked.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Settings {
    /// Port on which the integration engine takes documents; 0 is any free one.
    pub exchange_port: u16,
    /// The largest document, in bytes.
    pub document_limit: usize,
    /// How long a map may work on one document.
    pub map_deadline: Duration,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields, default)]
struct Raw {
    exchange_port: u16,
    document_limit: usize,
    map_deadline: u64,
}

impl Default for Raw {
    fn default() -> Self {
        Self { exchange_port: 0, document_limit: 16, map_deadline: 5 }
    }
}

impl Settings {
    /// Reads and checks the file; what is missing, the file too, has its default.
    pub fn read(path: &Path) -> Result<Self, Failure> {
        match std::fs::read_to_string(path) {
            Ok(text) => Self::parse(&text).map_err(|why| Failure::Refused(format!("{}:{why}", path.display()))),
            Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(Self::checked(&Raw::default())),
            Err(error) => Err(Failure::CannotTell(format!("{} cannot be read: {error}", path.display()))),
        }
    }

    fn parse(text: &str) -> Result<Self, String> {
        let raw: Raw = toml::from_str(text).map_err(|error| {
            let line = error.span().map_or(1, |span| 1 + text[..span.start].matches('\n').count());
            format!("{line}: {}", error.message())
        })?;
        if !(1..=MAX_LIMIT / MIB).contains(&raw.document_limit) {
            return Err(format!(" document_limit must be 1 to {} MiB", MAX_LIMIT / MIB));
        }
        if !(1..=MAX_DEADLINE).contains(&raw.map_deadline) {
            return Err(format!(" map_deadline must be 1 to {MAX_DEADLINE} seconds"));
        }
        Ok(Self::checked(&raw))
    }

    fn checked(raw: &Raw) -> Self {
        Self {
            exchange_port: raw.exchange_port,
            document_limit: raw.document_limit * MIB,
            map_deadline: Duration::from_secs(raw.map_deadline),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_shipped_settings_are_the_defaults() {
        let shipped = include_str!("../../installer-assets/b2bi/common/conf/b2bi.toml");
        assert_eq!(Settings::parse(shipped), Ok(Settings::checked(&Raw::default())));
    }

    #[test]
    fn a_mistake_is_named_with_its_line() {
        let unknown = Settings::parse("exchange_port = 0\nexchang = 1\n").expect_err("unknown");
        assert!(unknown.starts_with("2: "), "{unknown}");
        assert!(Settings::parse("document_limit = 0").expect_err("too small").contains("document_limit"));
        assert!(Settings::parse("map_deadline = 3600").expect_err("too long").contains("map_deadline"));
    }
}
