//! Moments, handed over as the time that has passed since: a clock of one process says nothing to another.

use std::time::{Duration, Instant};

use serde::{Deserialize, Deserializer, Serialize, Serializer};

/// Writes how long ago it was.
pub fn serialize<S: Serializer>(moment: &Instant, serializer: S) -> Result<S::Ok, S::Error> {
    moment.elapsed().serialize(serializer)
}

/// Reads how long ago it was.
pub fn deserialize<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Instant, D::Error> {
    Duration::deserialize(deserializer).map(before)
}

/// The same for a moment that may not have come.
pub mod option {
    use super::{Deserialize, Deserializer, Duration, Instant, Serialize, Serializer, before};

    #[expect(clippy::ref_option, reason = "this is how it is called")]
    pub fn serialize<S: Serializer>(moment: &Option<Instant>, serializer: S) -> Result<S::Ok, S::Error> {
        moment.map(|moment| moment.elapsed()).serialize(serializer)
    }

    pub fn deserialize<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<Instant>, D::Error> {
        Ok(Option::<Duration>::deserialize(deserializer)?.map(before))
    }
}

fn before(age: Duration) -> Instant {
    let now = Instant::now();
    now.checked_sub(age).unwrap_or(now)
}
