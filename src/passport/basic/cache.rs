//! What was verified lately, under a key of this process: neither a secret nor anything guessable from a copy of it.

use std::collections::VecDeque;
use std::time::Duration;

use tokio::time::Instant;

/// How long a verified secret is known, in memory alone.
const HELD_FOR: Duration = Duration::from_mins(5);
/// How long a wrong one is known.
const WRONG_FOR: Duration = Duration::from_mins(1);
/// Wrong ones known at most; the oldest give way. They never push out a good one.
const MOST_WRONG: usize = 256;

/// HMAC-SHA-256 of what was given.
pub type Digest = [u8; 32];

/// What is known of one digest.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Known {
    /// It is the secret with this id.
    Held(String),
    /// It is none of those that are accepted now.
    Wrong,
}

/// Both kinds. There are never more good ones than accepted secrets.
#[derive(Debug, Default)]
pub struct Cache {
    held: Vec<(Digest, String, Instant)>,
    wrong: VecDeque<(Digest, Vec<String>, Instant)>,
}

impl Cache {
    /// What is known of a digest while these ids are accepted. Whatever was learnt while others were is forgotten here,
    /// so that it does not matter who changed the secrets, or on which node.
    pub fn find(&mut self, digest: &Digest, accepted: &[&str]) -> Option<Known> {
        let now = Instant::now();
        self.held.retain(|(_, id, until)| *until > now && accepted.contains(&id.as_str()));
        self.wrong
            .retain(|(_, ids, until)| *until > now && accepted.iter().all(|id| ids.iter().any(|known| known == id)));
        let held = self.held.iter().find(|(known, ..)| known == digest).map(|(_, id, _)| Known::Held(id.clone()));
        held.or_else(|| self.wrong.iter().any(|(known, ..)| known == digest).then_some(Known::Wrong))
    }

    /// Keeps what was found while these ids were accepted.
    pub fn learn(&mut self, digest: Digest, id: Option<String>, accepted: &[&str]) -> Known {
        if let Some(id) = id {
            self.held.retain(|(known, ..)| *known != digest);
            self.held.push((digest, id.clone(), Instant::now() + HELD_FOR));
            return Known::Held(id);
        }
        if self.wrong.len() == MOST_WRONG {
            self.wrong.pop_front();
        }
        let ids = accepted.iter().map(|id| (*id).to_owned()).collect();
        self.wrong.push_back((digest, ids, Instant::now() + WRONG_FOR));
        Known::Wrong
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test(start_paused = true)]
    async fn what_is_known_ends_with_its_time_and_with_any_change_of_the_secrets() {
        let mut cache = Cache::default();
        cache.learn([1; 32], Some("a".into()), &["a"]);
        cache.learn([2; 32], None, &["a", "b"]);
        assert_eq!(cache.find(&[1; 32], &["a", "b"]), Some(Known::Held("a".into())));
        assert_eq!(cache.find(&[2; 32], &["a"]), Some(Known::Wrong), "one fewer makes nothing right");
        assert_eq!(cache.find(&[3; 32], &["a", "b"]), None);
        assert_eq!(cache.find(&[2; 32], &["a", "c"]), None, "it may be the new one");
        assert_eq!(cache.find(&[1; 32], &["c"]), None, "retired");
        assert_eq!(cache.find(&[1; 32], &["a"]), None, "and forgotten");
        cache.learn([1; 32], Some("a".into()), &["a"]);
        tokio::time::advance(HELD_FOR).await;
        assert_eq!(cache.find(&[1; 32], &["a"]), None);
    }

    #[tokio::test(start_paused = true)]
    async fn many_wrong_ones_never_push_out_a_good_one() {
        let mut cache = Cache::default();
        cache.learn([255; 32], Some("a".into()), &["a"]);
        for number in 0..2 * MOST_WRONG {
            let mut digest = [0; 32];
            digest[..8].copy_from_slice(&number.to_be_bytes());
            cache.learn(digest, None, &["a"]);
        }
        assert_eq!(cache.wrong.len(), MOST_WRONG);
        assert_eq!(cache.find(&[255; 32], &["a"]), Some(Known::Held("a".into())));
    }
}
