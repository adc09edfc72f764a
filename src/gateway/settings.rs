//! `gateway.toml`: where API Gateway listens, what it remembers, how much it takes.

use std::io;
use std::net::{IpAddr, Ipv4Addr, SocketAddr};
use std::path::Path;
use std::time::Duration;

use serde::Deserialize;

use super::Failure;

/// Where web servers ask, where nobody says otherwise.
pub const LISTEN: SocketAddr = SocketAddr::new(IpAddr::V4(Ipv4Addr::LOCALHOST), 6180);
/// The longest that a login may be remembered, in seconds.
const LONGEST_CACHE: u64 = 3600;
/// The most entries and connections that may be set.
const MOST: usize = 1_000_000;

/// The settings.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Settings {
    /// Where web servers ask, if the file says so.
    pub listen: Option<SocketAddr>,
    /// How long an accepted login is remembered.
    pub good: Duration,
    /// How long a refused one is.
    pub bad: Duration,
    /// The most logins remembered.
    pub entries: usize,
    /// Failed logins of one source before it must wait.
    pub failures: u32,
    /// The most connections at once.
    pub connections: usize,
}

#[derive(Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
struct Raw {
    listen: Option<SocketAddr>,
    cache: Cache,
    limits: Limits,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields, default)]
struct Cache {
    good: u64,
    bad: u64,
    entries: usize,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields, default)]
struct Limits {
    failures: u32,
    connections: usize,
}

impl Default for Cache {
    fn default() -> Self {
        Self { good: 30, bad: 5, entries: 4096 }
    }
}

impl Default for Limits {
    fn default() -> Self {
        Self { failures: 10, connections: 512 }
    }
}

impl Settings {
    /// Reads and checks the file; what is missing, the file too, has its default.
    pub fn read(path: &Path) -> Result<Self, Failure> {
        let text = match std::fs::read_to_string(path) {
            Ok(text) => text,
            Err(error) if error.kind() == io::ErrorKind::NotFound => String::new(),
            Err(error) => return Err(Failure::CannotTell(format!("{} cannot be read: {error}", path.display()))),
        };
        Self::parse(&text).map_err(|why| Failure::Refused(format!("{}:{why}", path.display())))
    }

    /// The error is the line and what is wrong there.
    fn parse(text: &str) -> Result<Self, String> {
        let Raw { listen, cache, limits } = toml::from_str(text).map_err(|error| {
            let line = error.span().map_or(1, |span| 1 + text[..span.start].matches('\n').count());
            format!("{line}: {}", error.message())
        })?;
        if cache.good > LONGEST_CACHE || cache.bad > LONGEST_CACHE {
            return Err(format!(" cache.good and cache.bad must be 0 to {LONGEST_CACHE} seconds"));
        }
        let counts = [("cache.entries", cache.entries), ("limits.connections", limits.connections)];
        if let Some((name, _)) = counts.iter().find(|(_, count)| !(1..=MOST).contains(count)) {
            return Err(format!(" {name} must be 1 to {MOST}"));
        }
        Ok(Self {
            listen,
            good: Duration::from_secs(cache.good),
            bad: Duration::from_secs(cache.bad),
            entries: cache.entries,
            failures: limits.failures,
            connections: limits.connections,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_shipped_settings_are_the_defaults_and_a_mistake_is_named() {
        let shipped = include_str!("../../installer-assets/api-gateway/gateway.toml");
        let defaults = Settings::parse("").expect("read");
        assert_eq!(Settings::parse(shipped), Ok(Settings { listen: Some(LISTEN), ..defaults }));
        assert!(Settings::parse("\nlisen = 'x'").expect_err("unknown").starts_with("2: "));
        assert!(Settings::parse("[cache]\ngood = 9999").expect_err("too long").contains("cache.good"));
        assert!(Settings::parse("[limits]\nconnections = 0").expect_err("none").contains("limits.connections"));
    }
}
