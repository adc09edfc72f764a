//! Failed proofs slow their source down, and nobody else.
//!
//! A bucket is a source (a component's certificate, else the address) and a kind (components, checks, probes, EST). A
//! failed proof makes the bucket's next start wait 250 ms, doubling to 2 s, one start after the other; a success clears
//! it. Sources that never proved anything also share their failures. Waiting is all that happens to anybody, until more
//! than [`QUEUE`] sources that never proved wait at once.

use std::collections::{HashMap, HashSet};
use std::hash::Hash;
use std::net::{IpAddr, Ipv6Addr};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};
use tokio::sync::Notify;
use tokio::time::{Instant, sleep_until};

use super::news::{News, Post};

/// Starts of never-proved sources that may wait at once, for each kind.
pub const QUEUE: usize = 64;
const FIRST_DELAY: Duration = Duration::from_millis(250);
const LONGEST_DELAY: Duration = Duration::from_secs(2);
/// After this long without a failure a bucket is forgotten; nobody gains, since guessing once in it is slower.
const QUIET: Duration = Duration::from_mins(1);
/// The longest that a login waits; one that would wait longer is refused. Several components may let the same user in, so
/// that one of them must not make the others wait without an end.
const LONGEST_LOGIN: Duration = Duration::from_secs(10);
/// Sources remembered at most.
const SOURCES: usize = 4096;

/// Who proves.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum Source {
    /// A certificate that we issued, by its SHA-256.
    Certificate([u8; 32]),
    /// An address; of IPv6 the network, since one host has all of it.
    Address(IpAddr),
    /// A user's name and domain, known or not, by their SHA-256.
    User([u8; 32]),
}

impl Source {
    /// The source that an address stands for.
    pub fn address(address: IpAddr) -> Self {
        Self::Address(match address.to_canonical() {
            IpAddr::V6(address) => IpAddr::V6(Ipv6Addr::from_bits(address.to_bits() & !u128::from(u64::MAX))),
            v4 @ IpAddr::V4(_) => v4,
        })
    }

    /// The source that a user is, whoever logs in for it.
    pub fn user(name: &str, domain: &str) -> Self {
        Self::User(Sha256::new().chain_update(domain).chain_update([0]).chain_update(name).finalize().into())
    }
}

/// Whose failures are counted together.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum Kind {
    /// Components that prove or enrol.
    Component,
    /// Checks: they never slow a component down.
    Check,
    /// The probe, which always fails: it never slows a check down.
    Probe,
    /// Logins of users.
    Login,
    /// The secret in plain by EST: third parties never slow a component down.
    Est,
}

type Key = (Source, Kind);

/// A failed proof, as other nodes are told of it.
#[derive(Debug, Clone, Copy, Serialize, Deserialize)]
pub struct Failure(Key);

/// Too many wait already: sources that never proved, or logins of one user or source.
#[derive(Debug)]
pub struct Busy;

/// All buckets.
#[derive(Debug, Default)]
pub struct Limits {
    state: Mutex<State>,
    /// Told whenever a bucket was cleared.
    cleared: Notify,
    /// The other nodes, who slow the same sources down.
    post: Option<Post>,
}

#[derive(Debug, Default)]
struct State {
    buckets: HashMap<Key, Bucket>,
    /// Failures of all sources that never proved, by kind.
    strangers: HashMap<Kind, Bucket>,
    proved: HashSet<Key>,
    waiting: HashMap<Kind, usize>,
    /// Numbers the buckets, so that a waiting start sees that its own was cleared.
    next: u64,
}

#[derive(Debug, Clone, Copy)]
struct Bucket {
    number: u64,
    failures: u32,
    last: Instant,
    /// When the next start may begin.
    free: Instant,
}

/// One start. Dropped without [`Attempt::succeeded`] or [`Attempt::withdrawn`] it counts as a failed proof.
#[derive(Debug)]
pub struct Attempt {
    limits: Arc<Limits>,
    key: Key,
    counts: bool,
}

impl Limits {
    /// Waits until this source may start; the attempt must be ended.
    pub async fn admit(self: &Arc<Self>, source: Source, kind: Kind) -> Result<Attempt, Busy> {
        let key = (source, kind);
        let Some((place, number, until)) = self.place(key)? else { return Ok(self.attempt(key)) };
        loop {
            let cleared = self.cleared.notified();
            tokio::pin!(cleared);
            cleared.as_mut().enable();
            if self.lock().was_cleared(key, number) {
                break;
            }
            tokio::select! {
                () = sleep_until(until) => break,
                () = cleared => {}
            }
        }
        drop(place);
        Ok(self.attempt(key))
    }

    /// Shares failures with the other nodes.
    pub fn shared(post: &Post) -> Self {
        Self { post: Some(post.clone()), ..Self::default() }
    }

    /// Forgets every failure: a new secret was set, and whoever holds it must not wait for those who did not.
    pub fn clear(&self) {
        self.clear_here();
        self.tell(News::Cleared);
    }

    /// Counts a failure that another node saw.
    pub fn failed_elsewhere(&self, failure: Failure) {
        self.lock().failed(failure.0);
    }

    fn tell(&self, news: News) {
        if let Some(post) = &self.post {
            post.tell(news);
        }
    }

    /// Does so when another node set the secret.
    pub fn clear_here(&self) {
        let mut state = self.lock();
        state.buckets.clear();
        state.strangers.clear();
        drop(state);
        self.cleared.notify_waiters();
    }

    /// Whether this source never proved anything.
    pub fn is_stranger(&self, source: Source, kind: Kind) -> bool {
        self.lock().is_stranger((source, kind))
    }

    /// Whether this source has failed lately.
    pub fn has_failed(&self, source: Source, kind: Kind) -> bool {
        let now = Instant::now();
        self.lock().buckets.get(&(source, kind)).is_some_and(|bucket| !bucket.is_quiet(now))
    }

    /// This source proved something without an attempt that would have had to wait.
    pub fn proved(&self, source: Source, kind: Kind) {
        if self.lock().succeeded((source, kind)) {
            self.cleared.notify_waiters();
        }
    }

    /// A place in the queue with the bucket it waits for; `None` when nothing is to be waited for.
    fn place(self: &Arc<Self>, key: Key) -> Result<Option<(Place, Option<u64>, Instant)>, Busy> {
        let now = Instant::now();
        let mut state = self.lock();
        state.forget_quiet(now);
        if key.1 == Kind::Login && state.buckets.get(&key).is_some_and(|own| own.free > now + LONGEST_LOGIN) {
            return Err(Busy);
        }
        let is_stranger = state.is_stranger(key);
        let (number, own) = state.slot(key, now);
        let shared = state.strangers.get(&key.1).filter(|_| is_stranger).map_or(now, |all| all.last + all.delay());
        let until = own.max(shared);
        if until <= now {
            return Ok(None);
        }
        let waiting = state.waiting.entry(key.1).or_default();
        if is_stranger && *waiting >= QUEUE {
            return Err(Busy);
        }
        *waiting += usize::from(is_stranger);
        Ok(Some((Place { limits: self.clone(), kind: is_stranger.then_some(key.1) }, number, until)))
    }

    fn attempt(self: &Arc<Self>, key: Key) -> Attempt {
        Attempt { limits: self.clone(), key, counts: true }
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl State {
    /// When this bucket's next start may begin; the one after it waits once more.
    fn slot(&mut self, key: Key, now: Instant) -> (Option<u64>, Instant) {
        match self.buckets.get_mut(&key) {
            None => (None, now),
            Some(bucket) => {
                let at = bucket.free.max(now);
                bucket.free = at + bucket.delay();
                (Some(bucket.number), at)
            }
        }
    }

    fn was_cleared(&self, key: Key, number: Option<u64>) -> bool {
        match number {
            Some(number) => self.buckets.get(&key).is_none_or(|bucket| bucket.number != number),
            // Waits for what all strangers share.
            None => self.proved.contains(&key) || !self.strangers.contains_key(&key.1),
        }
    }

    fn is_stranger(&self, key: Key) -> bool {
        matches!(key.0, Source::Address(_)) && !self.proved.contains(&key)
    }

    fn failed(&mut self, key: Key) {
        let now = Instant::now();
        self.next += 1;
        let new = Bucket { number: self.next, failures: 0, last: now, free: now };
        if self.is_stranger(key) {
            self.strangers.entry(key.1).or_insert(new).fail(now);
        }
        if self.buckets.len() >= SOURCES && !self.buckets.contains_key(&key) {
            let oldest = self.buckets.iter().min_by_key(|(_, bucket)| bucket.last).map(|(key, _)| *key);
            oldest.map(|key| self.buckets.remove(&key));
        }
        self.buckets.entry(key).or_insert(new).fail(now);
    }

    /// Whether anybody may have waited because of this source's failures, or because it was a stranger.
    fn succeeded(&mut self, key: Key) -> bool {
        let had_failed = self.buckets.remove(&key).is_some();
        let was_stranger = self.is_stranger(key);
        if was_stranger {
            if self.proved.len() >= SOURCES {
                self.proved.clear();
            }
            self.proved.insert(key);
        }
        had_failed || was_stranger
    }

    fn forget_quiet(&mut self, now: Instant) {
        self.buckets.retain(|_, bucket| !bucket.is_quiet(now));
        self.strangers.retain(|_, bucket| !bucket.is_quiet(now));
    }
}

impl Bucket {
    fn fail(&mut self, now: Instant) {
        self.failures = self.failures.saturating_add(1);
        self.last = now;
        self.free = self.free.max(now + self.delay());
    }

    fn is_quiet(&self, now: Instant) -> bool {
        now >= self.free + QUIET
    }

    fn delay(&self) -> Duration {
        match self.failures {
            0 => Duration::ZERO,
            failures => FIRST_DELAY.saturating_mul(1 << (failures - 1).min(8)).min(LONGEST_DELAY),
        }
    }
}

impl Attempt {
    /// The proof succeeded.
    pub fn succeeded(mut self) {
        self.counts = false;
        self.limits.proved(self.key.0, self.key.1);
    }

    /// It never came to a proof, through no fault of the source.
    pub fn withdrawn(mut self) {
        self.counts = false;
    }
}

impl Drop for Attempt {
    fn drop(&mut self) {
        if self.counts {
            self.limits.lock().failed(self.key);
            self.limits.tell(News::Failed(Failure(self.key)));
        }
    }
}

/// A place in the queue; given back when the waiting ends, however it ends.
struct Place {
    limits: Arc<Limits>,
    kind: Option<Kind>,
}

impl Drop for Place {
    fn drop(&mut self) {
        if let Some(kind) = self.kind
            && let Some(waiting) = self.limits.lock().waiting.get_mut(&kind)
        {
            *waiting -= 1;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn from(last: u8) -> Source {
        Source::address(IpAddr::from([192, 0, 2, last]))
    }

    async fn fail(limits: &Arc<Limits>, source: Source, kind: Kind) -> Duration {
        let begun = Instant::now();
        drop(limits.admit(source, kind).await.expect("admitted"));
        begun.elapsed()
    }

    async fn succeed(limits: &Arc<Limits>, source: Source, kind: Kind) -> Duration {
        let begun = Instant::now();
        limits.admit(source, kind).await.expect("admitted").succeeded();
        begun.elapsed()
    }

    #[tokio::test(start_paused = true)]
    async fn the_delay_doubles_to_two_seconds_and_a_success_clears_it() {
        let limits = Arc::new(Limits::default());
        for expected in [0, 250, 500, 1000, 2000, 2000] {
            assert_eq!(fail(&limits, from(1), Kind::Component).await, Duration::from_millis(expected));
        }
        assert_eq!(succeed(&limits, from(1), Kind::Component).await, Duration::from_secs(2));
        assert_eq!(succeed(&limits, from(1), Kind::Component).await, Duration::ZERO);
    }

    #[tokio::test(start_paused = true)]
    async fn checks_and_certificates_are_not_slowed_by_others() {
        let limits = Arc::new(Limits::default());
        for kind in [Kind::Probe, Kind::Check, Kind::Component] {
            assert_eq!(fail(&limits, from(1), kind).await, Duration::ZERO);
            for _ in 0..8 {
                fail(&limits, from(1), kind).await;
            }
        }
        assert_eq!(succeed(&limits, Source::Certificate([1; 32]), Kind::Component).await, Duration::ZERO);
    }

    #[tokio::test(start_paused = true)]
    async fn logins_of_one_user_wait_ten_seconds_at_most_and_are_refused_beyond() {
        let limits = Arc::new(Limits::default());
        let (ada, eve) = (Source::user("ada", "Synchrony"), Source::user("a", "daSynchrony"));
        for _ in 0..5 {
            fail(&limits, ada, Kind::Login).await;
        }
        let begun = Instant::now();
        let many = futures_util::future::join_all((0..20).map(|_| limits.admit(ada, Kind::Login))).await;
        let (admitted, busy): (Vec<_>, Vec<_>) = many.into_iter().partition(Result::is_ok);
        assert!(begun.elapsed() <= LONGEST_LOGIN + LONGEST_DELAY && admitted.len() > 4 && busy.len() > 10);
        assert_eq!(succeed(&limits, eve, Kind::Login).await, Duration::ZERO);
    }

    #[tokio::test(start_paused = true)]
    async fn strangers_share_their_failures_and_whoever_proved_once_is_none() {
        let limits = Arc::new(Limits::default());
        succeed(&limits, from(9), Kind::Component).await;
        for source in 1..8 {
            fail(&limits, from(source), Kind::Component).await;
        }
        assert_eq!(succeed(&limits, from(100), Kind::Component).await, Duration::from_secs(2));
        fail(&limits, from(1), Kind::Component).await;
        assert_eq!(succeed(&limits, from(9), Kind::Component).await, Duration::ZERO);
    }

    #[tokio::test(start_paused = true)]
    async fn starts_at_once_wait_one_after_the_other_and_a_full_queue_says_so() {
        let limits = Arc::new(Limits::default());
        for _ in 0..4 {
            fail(&limits, from(1), Kind::Component).await;
        }
        let begun = Instant::now();
        let starts: Vec<_> = (0..QUEUE)
            .map(|_| {
                let limits = limits.clone();
                tokio::spawn(async move { limits.admit(from(1), Kind::Component).await.expect("admitted").withdrawn() })
            })
            .collect();
        while limits.lock().waiting.get(&Kind::Component) != Some(&QUEUE) {
            tokio::task::yield_now().await;
        }
        assert!(limits.admit(from(1), Kind::Component).await.is_err(), "the queue is full");
        assert!(limits.admit(Source::Certificate([1; 32]), Kind::Component).await.is_ok());
        for start in starts {
            start.await.expect("ended");
        }
        assert_eq!(begun.elapsed(), Duration::from_secs(2) * u32::try_from(QUEUE).expect("small"));
    }

    #[tokio::test(start_paused = true)]
    async fn a_new_secret_lets_everybody_who_waits_go_at_once() {
        let limits = Arc::new(Limits::default());
        for _ in 0..6 {
            fail(&limits, from(1), Kind::Component).await;
        }
        let waiting = {
            let limits = limits.clone();
            tokio::spawn(async move { succeed(&limits, from(1), Kind::Component).await })
        };
        tokio::task::yield_now().await;
        limits.clear();
        assert_eq!(waiting.await.expect("ended"), Duration::ZERO);
        assert_eq!(fail(&limits, from(2), Kind::Component).await, Duration::ZERO);
    }

    #[tokio::test(start_paused = true)]
    async fn failures_are_forgotten_after_a_quiet_while() {
        let limits = Arc::new(Limits::default());
        for _ in 0..6 {
            fail(&limits, from(1), Kind::Component).await;
        }
        tokio::time::advance(QUIET + LONGEST_DELAY).await;
        assert_eq!(fail(&limits, from(1), Kind::Component).await, Duration::ZERO);
        assert_eq!(fail(&limits, from(1), Kind::Component).await, FIRST_DELAY);
    }

    #[test]
    fn one_host_s_ipv6_network_is_one_source() {
        let of = |text: &str| Source::address(text.parse().expect("an address"));
        assert_eq!(of("2001:db8::1"), of("2001:db8::ffff:1"));
        assert_ne!(of("2001:db8:0:1::1"), of("2001:db8::1"));
        assert_eq!(of("::ffff:192.0.2.1"), of("192.0.2.1"));
    }
}
