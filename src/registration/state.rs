//! The states of a registration, in the words of the documents.

use std::fmt;

use serde::{Deserialize, Serialize};

use crate::profile::authority_name;

/// Where one component stands between key pair and keystore. A status of a foreign authority is kept as it is.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(from = "String", into = "String")]
pub enum State {
    /// Nothing was started.
    New,
    /// The request is at the authority.
    Submitted,
    /// The authority has not validated the request yet.
    WaitingValidation,
    /// Validated, not yet signed.
    WaitingSigning,
    /// The certificate is in the keystore.
    Registered,
    /// An administrator said no.
    ValidationRefused,
    /// The authority cannot be communicated with; see the reason.
    Failed,
    /// A status that we do not know.
    Other(String),
}

/// What a component is called in a message that does not know its name.
pub const COMPONENT: &str = "the component";

const WORDS: [(State, &str); 7] = [
    (State::New, "New"),
    (State::Submitted, "Submitted"),
    (State::WaitingValidation, "Waiting Validation"),
    (State::WaitingSigning, "Waiting Signing"),
    (State::Registered, "Registered"),
    (State::ValidationRefused, "Validation Refused"),
    (State::Failed, "Failed"),
];

impl State {
    /// Whether the authority holds the request: asking again later is the right thing to do.
    pub fn is_pending(&self) -> bool {
        matches!(self, Self::Submitted | Self::WaitingValidation | Self::WaitingSigning)
    }

    /// How much it weighs where several registrations come to one state: what was refused or failed before what waits,
    /// before what was never started, before what is registered.
    pub fn weight(&self) -> u8 {
        match self {
            Self::Registered => 0,
            Self::New => 1,
            Self::Submitted => 2,
            Self::WaitingSigning => 3,
            Self::WaitingValidation => 4,
            Self::Other(_) => 5,
            Self::ValidationRefused | Self::Failed => 6,
        }
    }

    /// The state that a message names, as the vendor's clients write it: `[Status:Waiting Validation]`, with any blanks.
    pub fn named_in(message: &str) -> Option<Self> {
        let (_, behind) = message.split_once("[Status:")?;
        let (words, _) = behind.split_once(']')?;
        Some(Self::from(words.split_whitespace().collect::<Vec<_>>().join(" ")))
    }

    /// The message that the vendor's documents give for this state, for the ones that have one.
    pub fn message(&self) -> Option<String> {
        self.message_for(COMPONENT)
    }

    /// The same, as this component writes it of itself.
    pub fn message_for(&self, component: &str) -> Option<String> {
        let authority = authority_name();
        let still_to_be = |done: &str| {
            format!(
                "Registration is still in progress. Certificate Signing Request has not yet been {done}, please try again \
                 later."
            )
        };
        let text = match self {
            Self::WaitingValidation => still_to_be("validated"),
            Self::WaitingSigning => still_to_be("signed"),
            Self::ValidationRefused => format!(
                "Registration has been refused. Please contact the {authority} Administrator for further information."
            ),
            Self::Failed | Self::Other(_) => format!(
                "Registration has failed and {component} is unable to communicate with {authority}. Please contact the \
                 {authority} Administrator or try manually re-triggering registration."
            ),
            Self::New | Self::Submitted | Self::Registered => return None,
        };
        Some(format!("{text} [Status:{self}]"))
    }
}

impl From<String> for State {
    fn from(text: String) -> Self {
        match WORDS.iter().find(|(_, word)| *word == text) {
            Some((state, _)) => state.clone(),
            None => Self::Other(text),
        }
    }
}

impl From<State> for String {
    fn from(state: State) -> Self {
        state.to_string()
    }
}

impl fmt::Display for State {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let word = match self {
            Self::Other(text) => text,
            known => WORDS.iter().find(|(state, _)| state == known).map_or("", |(_, word)| word),
        };
        f.write_str(word)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_message_names_its_state_whatever_the_blanks() {
        assert_eq!(State::named_in("again later. [Status:  Waiting\n Signing ] x"), Some(State::WaitingSigning));
        assert_eq!(State::named_in("[Status:Somewhere Else]"), Some(State::Other("Somewhere Else".into())));
        assert_eq!(State::named_in("[Status:"), None);
    }

    #[test]
    fn words_read_back_and_unknown_ones_are_kept() {
        for (state, word) in WORDS {
            assert_eq!(State::from(word.to_owned()), state);
            assert_eq!(state.to_string(), word);
        }
        assert_eq!(State::from("Somewhere Else".to_owned()).to_string(), "Somewhere Else");
    }
}
