//! Which secrets the authority of this estate accepts, and for how long: asked on its administration socket.

use std::path::Path;

use serde_json::{Value, json};

use super::{PROCESS_DEADLINE, asking};
use crate::estate::home;
use crate::estate::record::Estate;

/// The secrets that the authority knows, and who lags behind.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Accepted {
    secrets: Vec<Known>,
    /// Components that have not proved the current secret yet, while the previous one is accepted beside it.
    pub waiting: Vec<String>,
}

/// One of the authority's secrets.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Known {
    id: String,
    state: String,
    until: Option<String>,
}

impl Accepted {
    /// Asks the authority; `None` when it is on another host or does not answer.
    pub(super) async fn ask(dir: &Path, estate: &Estate) -> Option<Self> {
        let socket = home::authority(dir, &estate.components)?.control();
        let answer = asking::ask(socket, json!({ "do": "secret-list" }), PROCESS_DEADLINE).await.ok()?;
        Some(Self::of(&answer))
    }

    /// As the answer to `secret-list` tells it.
    pub(super) fn of(answer: &Value) -> Self {
        let texts = |value: &Value| -> Vec<String> {
            value.as_array().into_iter().flatten().filter_map(|text| Some(text.as_str()?.to_owned())).collect()
        };
        let known = |secret: &Value| {
            let text = |key: &str| secret[key].as_str().map(str::to_owned);
            Some(Known { id: text("id")?, state: text("state")?, until: text("until") })
        };
        let secrets = answer["secrets"].as_array().into_iter().flatten().filter_map(known).collect();
        Self { secrets, waiting: texts(&answer["waiting"]) }
    }

    /// Id of the current secret.
    pub fn current(&self) -> Option<&str> {
        self.in_state("current").map(|known| known.id.as_str())
    }

    /// Whether the previous secret is accepted beside the current one, and until when, as far as that is settled.
    pub fn previous(&self) -> Option<Option<&str>> {
        self.in_state("retiring").map(|known| known.until.as_deref())
    }

    /// What a secret is that was proved and is not the current one.
    pub(super) fn describe(&self, id: &str) -> String {
        let known = self.secrets.iter().find(|known| known.id == id);
        let as_what = match known.map(|known| (known.state.as_str(), &known.until)) {
            Some(("next", _)) => "but as the next secret, which is not the current one yet",
            Some(("retiring", Some(until))) => &format!("but as the previous secret, and only until {until}"),
            Some(("retiring", None)) => "but as the previous secret, which is not the current one any more",
            _ => "but it is not the current secret",
        };
        format!("the authority accepts it, {as_what}")
    }

    fn in_state(&self, state: &str) -> Option<&Known> {
        self.secrets.iter().find(|known| known.state == state)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_answer_without_the_window_is_understood_too() {
        let accepted = Accepted::of(&json!({ "ok": true, "secrets": [{ "id": "a", "state": "current" }] }));
        assert_eq!((accepted.current(), accepted.previous(), accepted.waiting.len()), (Some("a"), None, 0));
        assert_eq!(accepted.describe("b"), "the authority accepts it, but it is not the current secret");
    }

    #[test]
    fn the_window_and_those_who_lag_behind_are_told() {
        let accepted = Accepted::of(&json!({
            "secrets": [{ "id": "b", "state": "current" }, { "id": "a", "state": "retiring", "until": "later" }],
            "waiting": ["interchange"],
        }));
        assert_eq!(
            (accepted.previous(), accepted.waiting.as_slice()),
            (Some(Some("later")), ["interchange".to_owned()].as_slice())
        );
    }
}
