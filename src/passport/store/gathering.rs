//! Who is about to write. A commit that waits a little for them makes more durable for the price of one.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::time::Duration;

use tokio::sync::Notify;
use tokio::time::timeout;

/// How long a commit waits at most for those who are expected: some of them may take their time, or never write.
const PATIENCE: Duration = Duration::from_millis(8);

/// Counts them.
#[derive(Debug, Clone, Default)]
pub(super) struct Gathering(Arc<Counts>);

#[derive(Debug, Default)]
struct Counts {
    /// Whether somebody is about to commit.
    commits: AtomicBool,
    expected: AtomicUsize,
    /// Those of them who wrote, and wait for the commit.
    there: AtomicUsize,
    complete: Notify,
}

/// Somebody who may be about to write, until dropped.
#[derive(Debug)]
pub struct Expected(Arc<Counts>);

impl Gathering {
    /// One more is expected.
    pub fn expect(&self) -> Expected {
        self.0.expected.fetch_add(1, Ordering::SeqCst);
        Expected(self.0.clone())
    }

    /// One more is there.
    pub fn arrived(&self) {
        self.0.there.fetch_add(1, Ordering::SeqCst);
        self.0.tell();
    }

    /// Whether the caller is the one to commit: whoever asks first.
    pub fn commits(&self) -> bool {
        !self.0.commits.swap(true, Ordering::SeqCst)
    }

    /// The commit begins; whoever comes now goes with the next.
    pub fn begin_anew(&self) {
        self.0.commits.store(false, Ordering::SeqCst);
        self.0.there.store(0, Ordering::SeqCst);
    }

    /// Waits until everybody expected is there, but not for long.
    pub async fn complete(&self) {
        let complete = async {
            loop {
                let told = self.0.complete.notified();
                if self.0.is_complete() {
                    return;
                }
                told.await;
            }
        };
        // Whoever is late goes with the next.
        let _ = timeout(PATIENCE, complete).await;
    }
}

impl Counts {
    fn is_complete(&self) -> bool {
        self.there.load(Ordering::SeqCst) >= self.expected.load(Ordering::SeqCst)
    }

    fn tell(&self) {
        if self.is_complete() {
            self.complete.notify_one();
        }
    }
}

impl Drop for Expected {
    fn drop(&mut self) {
        self.0.expected.fetch_sub(1, Ordering::SeqCst);
        self.0.tell();
    }
}

#[cfg(test)]
mod tests {
    use tokio::time::Instant;

    use super::*;

    #[tokio::test(start_paused = true)]
    async fn a_commit_waits_for_whoever_is_expected_but_not_for_long() {
        let (gathering, begun) = (Gathering::default(), Instant::now());
        gathering.complete().await;
        assert!(gathering.commits() && !gathering.commits());
        let (_one, other) = (gathering.expect(), gathering.expect());
        let late = gathering.expect();
        gathering.arrived();
        tokio::join!(gathering.complete(), async {
            gathering.arrived();
            drop(late);
        });
        assert!(begun.elapsed().is_zero(), "all were there, or had gone");
        gathering.begin_anew();
        assert!(gathering.commits());
        gathering.arrived();
        gathering.complete().await;
        assert_eq!(begun.elapsed(), PATIENCE);
        drop(other);
        gathering.complete().await;
        assert_eq!(begun.elapsed(), PATIENCE);
    }
}
