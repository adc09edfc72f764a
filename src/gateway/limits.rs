//! Failed logins make their source wait, and nobody else.

use std::collections::HashMap;
use std::net::{IpAddr, Ipv6Addr};
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use tokio::time::Instant;

/// Sources remembered at most.
const SOURCES: usize = 4096;
/// What the first failure beyond those that are free costs; twice as much after each.
const FIRST: Duration = Duration::from_secs(1);
/// The longest that a source waits.
const LONGEST: Duration = Duration::from_mins(1);

/// Who failed how often.
#[derive(Debug, Default)]
pub struct Limits {
    free: u32,
    sources: Mutex<HashMap<IpAddr, Bucket>>,
}

#[derive(Debug, Clone, Copy)]
struct Bucket {
    failures: u32,
    free_at: Instant,
}

impl Limits {
    /// With so many failures that cost nothing.
    pub fn new(free: u32) -> Self {
        Self { free, sources: Mutex::default() }
    }

    /// How long this source must wait now, in whole seconds; `None` when it may try.
    pub fn wait(&self, source: IpAddr) -> Option<u64> {
        let now = Instant::now();
        let bucket = *self.lock().get(&network(source))?;
        (bucket.free_at > now).then(|| (bucket.free_at - now).as_secs() + 1)
    }

    /// A login of this source failed.
    pub fn failed(&self, source: IpAddr) {
        let now = Instant::now();
        let mut sources = self.lock();
        let source = network(source);
        if sources.len() >= SOURCES {
            sources.retain(|_, bucket| now < bucket.free_at + LONGEST);
        }
        if sources.len() >= SOURCES && !sources.contains_key(&source) {
            let oldest = sources.iter().min_by_key(|(_, bucket)| bucket.free_at).map(|(source, _)| *source);
            oldest.map(|source| sources.remove(&source));
        }
        let bucket = sources.entry(source).or_insert(Bucket { failures: 0, free_at: now });
        bucket.failures = bucket.failures.saturating_add(1);
        let beyond = bucket.failures.saturating_sub(self.free);
        let delay =
            if beyond == 0 { Duration::ZERO } else { FIRST.saturating_mul(1 << (beyond - 1).min(6)).min(LONGEST) };
        bucket.free_at = now + delay;
    }

    /// A login of this source succeeded.
    pub fn succeeded(&self, source: IpAddr) {
        self.lock().remove(&network(source));
    }

    fn lock(&self) -> MutexGuard<'_, HashMap<IpAddr, Bucket>> {
        self.sources.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Of IPv6 the network, since one host has all of it.
fn network(address: IpAddr) -> IpAddr {
    match address.to_canonical() {
        IpAddr::V6(address) => IpAddr::V6(Ipv6Addr::from_bits(address.to_bits() & !u128::from(u64::MAX))),
        v4 @ IpAddr::V4(_) => v4,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test(start_paused = true)]
    async fn a_source_waits_longer_after_each_failure_and_others_never() {
        let limits = Limits::new(2);
        let (one, other) = (IpAddr::from([192, 0, 2, 1]), IpAddr::from([192, 0, 2, 2]));
        for expected in [None, None, Some(2), Some(3), Some(5), Some(9), Some(17), Some(33), Some(61), Some(61)] {
            limits.failed(one);
            assert_eq!(limits.wait(one), expected);
        }
        assert_eq!(limits.wait(other), None);
        tokio::time::advance(LONGEST).await;
        assert_eq!(limits.wait(one), None);
        limits.succeeded(one);
        limits.failed(one);
        assert_eq!(limits.wait(one), None, "it begins from the front");
        for last in 0..u16::try_from(SOURCES).expect("small") + 9 {
            let [high, low] = last.to_be_bytes();
            limits.failed(IpAddr::from([198, 51, high, low]));
        }
        assert!(limits.lock().len() <= SOURCES);
    }

    #[test]
    fn one_host_s_ipv6_network_is_one_source() {
        let of = |text: &str| network(text.parse().expect("an address"));
        assert_eq!(of("2001:db8::1"), of("2001:db8::ffff:1"));
        assert_ne!(of("2001:db8:0:1::1"), of("2001:db8::1"));
    }
}
