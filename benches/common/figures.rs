//! Times as figures.

use std::time::Duration;

/// The one in the middle.
pub fn median<T: PartialOrd + Copy>(figures: &[T]) -> T {
    let mut figures = figures.to_vec();
    figures.sort_by(|one, other| one.partial_cmp(other).expect("figures that compare"));
    figures[figures.len() / 2]
}

/// As people read it.
pub fn milliseconds(time: Duration) -> f64 {
    time.as_secs_f64() * 1e3
}
