//! What a difference between the authority's clock and ours comes to.

use super::prove::{MAX_CLOCK_DIFFERENCE, NOTABLE_CLOCK_DIFFERENCE};

/// How much a difference matters.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Matters {
    /// Not at all.
    Not,
    /// People are told.
    Notable,
    /// Nothing is submitted.
    TooMuch,
}

/// Judges the authority's clock less ours, in seconds.
pub fn judge(seconds: i64) -> Matters {
    match seconds.abs() {
        difference if difference > MAX_CLOCK_DIFFERENCE => Matters::TooMuch,
        difference if difference > NOTABLE_CLOCK_DIFFERENCE => Matters::Notable,
        _ => Matters::Not,
    }
}

/// The same for people.
pub fn told(seconds: i64) -> String {
    let way = if seconds < 0 { "behind" } else { "ahead" };
    format!("the authority's clock is {} s {way}", seconds.unsigned_abs())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_minute_is_fine_five_are_notable_and_more_is_too_much() {
        for (seconds, expected) in [
            (0, Matters::Not),
            (-60, Matters::Not),
            (61, Matters::Notable),
            (-300, Matters::Notable),
            (301, Matters::TooMuch),
            (-1200, Matters::TooMuch),
        ] {
            assert_eq!(judge(seconds), expected, "{seconds}");
        }
        assert!(told(-2).ends_with("2 s behind") && told(3).ends_with("3 s ahead"));
    }
}
