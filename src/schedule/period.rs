//! A length of time as people write it: `90d`, `12h`, `2w`, `1h 30m`.

use std::fmt;
use std::str::FromStr;
use std::time::Duration;

use jiff::{SignedDuration, Span, SpanRelativeTo};
use serde::{Serialize, Serializer};
use thiserror::Error;

/// The units in which a period is shown, the largest first, in seconds.
const UNITS: [(u64, &str); 4] = [(86_400, "d"), (3600, "h"), (60, "m"), (1, "s")];
/// The longest period: ten years.
const MOST: Duration = Duration::from_hours(10 * 366 * 24);

/// Whole seconds, at most ten years. A day has 24 hours.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Period(Duration);

/// The text is no period.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[error("`{0}` is no length of time: write it as 90d, 12h or 2w, at most ten years")]
pub struct NoPeriod(String);

impl Period {
    /// Of so many days.
    pub const fn days(days: u64) -> Self {
        Self(Duration::from_hours(days * 24))
    }

    /// Its length.
    pub fn duration(self) -> Duration {
        self.0
    }

    /// Its length in seconds.
    pub fn seconds(self) -> u64 {
        self.0.as_secs()
    }
}

impl FromStr for Period {
    type Err = NoPeriod;

    fn from_str(text: &str) -> Result<Self, NoPeriod> {
        let no = || NoPeriod(text.to_owned());
        let span: Span = text.trim().parse().map_err(|_| no())?;
        // Months and years have no fixed length, so they are refused here.
        let length: SignedDuration = span.to_duration(SpanRelativeTo::days_are_24_hours()).map_err(|_| no())?;
        let length = Duration::try_from(length).map_err(|_| no())?;
        let whole = length.subsec_nanos() == 0 && length <= MOST;
        if whole { Ok(Self(length)) } else { Err(no()) }
    }
}

impl fmt::Display for Period {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let seconds = self.seconds();
        let whole = UNITS.into_iter().find(|(unit, _)| seconds > 0 && seconds.is_multiple_of(*unit));
        let (unit, letter) = whole.unwrap_or((1, "s"));
        f.pad(&format!("{}{letter}", seconds / unit))
    }
}

impl Serialize for Period {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lengths_read_as_people_write_them_and_show_in_the_largest_unit() {
        for (text, seconds, shown) in [
            ("90d", 90 * 86_400, "90d"),
            ("12h", 43_200, "12h"),
            ("2w", 14 * 86_400, "14d"),
            ("1h 30m", 5400, "90m"),
            (" 45 days ", 45 * 86_400, "45d"),
            ("61s", 61, "61s"),
            ("0s", 0, "0s"),
        ] {
            let period: Period = text.parse().expect(text);
            assert_eq!((period.seconds(), period.to_string().as_str()), (seconds, shown));
            assert_eq!(shown.parse(), Ok(period));
        }
    }

    #[test]
    fn what_is_no_length_of_time_is_refused() {
        for text in ["", "90", "d", "-1d", "1 month", "1y", "100 ms", "400000d", "daily", "1d ago"] {
            assert!(text.parse::<Period>().is_err(), "{text}");
        }
    }
}
