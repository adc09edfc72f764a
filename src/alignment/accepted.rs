//! Which secrets the authority of this estate accepts, and for how long: asked on its administration socket.

use std::path::Path;

use jiff::Timestamp;
use serde_json::json;

use super::{PROCESS_DEADLINE, asking};
use crate::estate::home;
use crate::estate::record::Estate;
use crate::registration::admin::{Listed, SecretState, Secrets};

/// The secrets that the authority knows, and who lags behind.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Accepted(Secrets);

impl Accepted {
    /// Asks the authority; `None` when it is on another host, is not ours, or does not answer.
    pub(super) async fn ask(dir: &Path, estate: &Estate) -> Option<Self> {
        let product = home::authority(dir, &estate.components)?;
        let socket = (!product.profile.lifecycle.control.is_empty()).then(|| product.control())?;
        let answer = asking::ask(socket, json!({ "do": "secret-list" }), PROCESS_DEADLINE).await.ok()?;
        serde_json::from_value(answer).ok().map(Self)
    }

    /// Id of the current secret.
    pub fn current(&self) -> Option<&str> {
        self.in_state(SecretState::Current).map(|listed| listed.id.as_str())
    }

    /// Whether the previous secret is accepted beside the current one, and until when, as far as that is settled.
    pub fn previous(&self) -> Option<Option<Timestamp>> {
        self.in_state(SecretState::Retiring).map(|listed| listed.until)
    }

    /// Components that have not proved the current secret yet, while the previous one is accepted beside it.
    pub fn waiting(&self) -> &[String] {
        &self.0.waiting
    }

    /// What a secret is that was proved and is not the current one.
    pub(super) fn describe(&self, id: &str) -> String {
        let listed = self.0.secrets.iter().find(|listed| listed.id == id);
        let as_what = match listed.map(|listed| (listed.state, listed.until)) {
            Some((SecretState::Next, _)) => "but as the next secret, which is not the current one yet",
            Some((SecretState::Retiring, Some(until))) => {
                &format!("but as the previous secret, and only until {until}")
            }
            Some((SecretState::Retiring, None)) => "but as the previous secret, which is not the current one any more",
            _ => "but it is not the current secret",
        };
        format!("the authority accepts it, {as_what}")
    }

    fn in_state(&self, state: SecretState) -> Option<&Listed> {
        self.0.secrets.iter().find(|listed| listed.state == state)
    }

    /// As the answer to `secret-list` tells it.
    #[cfg(test)]
    #[expect(clippy::needless_pass_by_value, reason = "its callers write the answer on the spot")]
    pub(super) fn of(secrets: serde_json::Value, waiting: &[&str]) -> Self {
        serde_json::from_value(json!({ "secrets": secrets, "waiting": waiting })).map(Self).expect("an answer")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_window_and_those_who_lag_behind_are_told() {
        let until = "2026-11-23T00:00:00Z";
        let secrets = json!([{ "id": "b", "state": "current" }, { "id": "a", "state": "retiring", "until": until }]);
        let accepted = Accepted::of(secrets, &["interchange"]);
        assert_eq!((accepted.current(), accepted.waiting()), (Some("b"), &["interchange".to_owned()][..]));
        assert_eq!(accepted.previous(), Some(until.parse().ok()));
        assert_eq!(accepted.describe("c"), "the authority accepts it, but it is not the current secret");
    }

    #[test]
    fn outside_of_a_window_there_is_no_previous_secret() {
        let accepted = Accepted::of(json!([{ "id": "a", "state": "current" }, { "id": "z", "state": "retired" }]), &[]);
        assert_eq!((accepted.current(), accepted.previous()), (Some("a"), None));
    }
}
