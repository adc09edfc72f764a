//! Who writes together. A commit that lets others go first makes more durable for the price of one.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::time::Duration;

use tokio::task::yield_now;
use tokio::time::Instant;

/// How long a commit lets others go first.
const PATIENCE: Duration = Duration::from_millis(10);

/// Counts them.
#[derive(Debug, Clone, Default)]
pub(super) struct Gathering(Arc<Counts>);

#[derive(Debug, Default)]
struct Counts {
    /// Whether somebody is about to commit.
    commits: AtomicBool,
    /// Those who wrote, and wait for the commit.
    there: AtomicUsize,
}

impl Gathering {
    /// One more is there.
    pub fn arrived(&self) {
        self.0.there.fetch_add(1, Ordering::SeqCst);
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

    /// Lets everybody go first who can go on by now, as long as that brings somebody who wrote. Where nobody can, no
    /// time is lost.
    pub async fn complete(&self) {
        let begun = Instant::now();
        while begun.elapsed() < PATIENCE {
            let there = self.there();
            yield_now().await;
            if there == self.there() {
                return;
            }
        }
    }

    fn there(&self) -> usize {
        self.0.there.load(Ordering::SeqCst)
    }
}

#[cfg(test)]
mod tests {
    use std::future::pending;

    use super::*;

    #[tokio::test(start_paused = true)]
    async fn a_commit_lets_others_go_first_while_they_come() {
        let (gathering, begun) = (Gathering::default(), Instant::now());
        assert!(gathering.commits() && !gathering.commits());
        let come = async {
            for _ in 0..9 {
                gathering.arrived();
                yield_now().await;
            }
            pending::<()>().await;
        };
        tokio::select! {
            biased;
            () = gathering.complete() => {}
            () = come => {}
        }
        assert_eq!(gathering.there(), 9);
        gathering.begin_anew();
        assert!(gathering.commits());
        gathering.complete().await;
        assert!(begun.elapsed().is_zero());
    }
}
