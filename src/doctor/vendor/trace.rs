//! The latest message of a registration in an instance's traces, for each repository that can be told apart.

use std::collections::BTreeMap;
use std::io;
use std::path::{Path, PathBuf};
use std::time::SystemTime;

use jiff::civil::DateTime;
use jiff::tz::TimeZone;

use super::messages::{Message, latest_first};
use crate::logfile::{Encoding, files, tail};

/// The most that is read of one trace, from its end, in bytes.
const MOST: u64 = 4 << 20;
/// The newest traces that are looked through.
const TRACES: usize = 8;
/// Messages of one trace that are looked at, the latest.
const MESSAGES: usize = 1000;

/// A message, and where it stands.
pub struct Told {
    /// The message.
    pub message: Message,
    /// The trace.
    pub file: PathBuf,
    /// When it was written: by its entry, else by its file.
    pub at: Option<SystemTime>,
}

/// Looks through the newest traces until one holds a message. Each repository that is named before a message has its
/// own; what names none is under the empty name.
///
/// # Errors
/// The folder or a trace cannot be read.
pub fn latest(pattern: &Path, repositories: &[&str]) -> io::Result<BTreeMap<String, Told>> {
    let mut all = files(pattern)?;
    all.reverse();
    for file in all.into_iter().take(TRACES) {
        let text = tail(&file, Encoding::Utf8, MOST)
            .map_err(|error| io::Error::new(error.kind(), format!("{}: {error}", file.display())))?;
        let mut told: BTreeMap<String, Told> = BTreeMap::new();
        for message in latest_first(&text).take(MESSAGES) {
            let of = repositories.iter().find(|stem| is_named(&message.before, stem)).copied().unwrap_or_default();
            told.entry(of.to_owned()).or_insert_with(|| {
                let at = message.time.as_deref().and_then(time).or_else(|| file.metadata().ok()?.modified().ok());
                Told { message, file: file.clone(), at }
            });
        }
        if !told.is_empty() {
            return Ok(told);
        }
    }
    Ok(BTreeMap::new())
}

/// Whether a text names the repository that this keystore is of, in the letters that file names keep.
fn is_named(text: &str, stem: &str) -> bool {
    let plain: String = text.chars().map(|one| if one.is_ascii_alphanumeric() { one } else { '_' }).collect();
    let repository = stem.split_once('_').and_then(|(_, rest)| rest.rsplit_once('_')).map_or(stem, |(name, _)| name);
    plain.contains(repository)
}

/// The time of an entry, which the gateway writes by its host's clock.
fn time(text: &str) -> Option<SystemTime> {
    let parsed = ["%d/%b/%Y:%H:%M:%S", "%Y-%m-%d %H:%M:%S", "%Y-%m-%dT%H:%M:%S"]
        .iter()
        .find_map(|shape| DateTime::strptime(shape, text).ok())?;
    parsed.to_zoned(TimeZone::system()).ok().map(|zoned| zoned.timestamp().into())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_of_both_shapes_are_read_and_repositories_recognised() {
        assert!(time("15/Jun/2012:09:54:01").is_some());
        assert_eq!(time("2012-06-15 09:54:01"), time("15/Jun/2012:09:54:01"));
        assert_eq!(time("once upon a time"), None);
        let stem = "keystore_PassPort___local_passport_host_6666";
        assert!(is_named("for repository keystore_PassPort___local_passport_host_6666.jks:", stem));
        assert!(is_named("'PassPort - local passport-host'", stem) && !is_named("PassPort - other", stem));
    }
}
