//! The messages of a registration that the vendor's gateway writes into its trace, wherever a line was wrapped.

use std::sync::LazyLock;

use regex::Regex;

use crate::doctor::codes::Code;

/// The documented texts, up to the status (the vendor's guide to its gateway, on the authority's repository).
pub const MESSAGES: [(Code, &str); 5] = [
    (
        Code::WaitingValidation,
        "Registration is still in progress. Certificate Signing Request has not yet been validated, please try again \
         later.",
    ),
    (
        Code::WaitingSigning,
        "Registration is still in progress. Certificate Signing Request has not yet been signed, please try again later.",
    ),
    (
        Code::Refused,
        "Registration has been refused. Please contact the PassPort Administrator for further information.",
    ),
    (
        Code::Failed,
        "Registration has failed and API Gateway is unable to communicate with PassPort. Please contact the PassPort \
         Administrator or try manually re-triggering registration.",
    ),
    (Code::ClockAhead, "java.security.cert.CertificateNotYetValidException"),
];

/// What stands before a status.
const STATUS: &str = "[status:";
/// The longest status that is looked for, in bytes without blanks.
const LONGEST_STATUS: usize = 200;
/// How far before a message its entry's time may stand, in bytes.
const ENTRY: usize = 4096;

/// The times at which entries begin: `15/Jun/2012:09:54:01` and `2012-06-15 09:54:01`.
static TIME: LazyLock<Option<Regex>> = LazyLock::new(|| {
    Regex::new(r"\d{2}/[A-Z][a-z]{2}/\d{4}:\d{2}:\d{2}:\d{2}|\d{4}-\d{2}-\d{2}[ T]\d{2}:\d{2}:\d{2}").ok()
});

/// One message in a trace.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Message {
    /// Which.
    pub code: Code,
    /// What stands in `[Status:…]`, as it stands there but for wraps.
    pub status: Option<String>,
    /// The time of its entry, as it stands there.
    pub time: Option<String>,
    /// What stands in its entry before it.
    pub before: String,
}

/// The messages in a text, the latest first.
pub fn latest_first(text: &str) -> impl Iterator<Item = Message> + '_ {
    let squeezed = Squeezed::new(text);
    let mut found: Vec<(usize, Code, usize)> = Vec::new();
    for (code, message) in MESSAGES {
        let needle = squeeze(message);
        found.extend(squeezed.text.match_indices(&needle).map(|(at, _)| (at, code, needle.len())));
    }
    found.sort_unstable();
    found.into_iter().rev().map(move |(at, code, length)| squeezed.message(code, at, length))
}

/// A text without blanks and in lower case, and where each of its bytes stands in the original: a message is recognised
/// there wherever its lines were wrapped.
struct Squeezed<'a> {
    original: &'a str,
    text: String,
    at: Vec<u32>,
}

impl<'a> Squeezed<'a> {
    fn new(original: &'a str) -> Self {
        let (mut text, mut at) = (String::with_capacity(original.len()), Vec::with_capacity(original.len()));
        for (index, letter) in original.char_indices().filter(|(_, letter)| !letter.is_whitespace()) {
            text.push(letter.to_ascii_lowercase());
            at.resize(text.len(), u32::try_from(index).unwrap_or(u32::MAX));
        }
        Self { original, text, at }
    }

    fn message(&self, code: Code, at: usize, length: usize) -> Message {
        let start = self.place(at);
        let from = self.original.floor_char_boundary(start.saturating_sub(ENTRY));
        let window = &self.original[from..start];
        let time = TIME.as_ref().and_then(|pattern| pattern.find_iter(window).last());
        Message {
            code,
            status: self.status(at + length),
            time: time.map(|time| time.as_str().to_owned()),
            before: window[time.map_or(0, |time| time.end())..].to_owned(),
        }
    }

    /// What stands in the status that begins here.
    fn status(&self, at: usize) -> Option<String> {
        let behind = self.text[at..].strip_prefix(STATUS)?;
        let length = behind.bytes().take(LONGEST_STATUS).position(|byte| byte == b']')?;
        let from = at + STATUS.len();
        let status = &self.original[self.place(from)..self.place(from + length)];
        let words: Vec<&str> = status.split_whitespace().collect();
        (!words.is_empty()).then(|| words.join(" "))
    }

    fn place(&self, at: usize) -> usize {
        self.at.get(at).map_or(self.original.len(), |place| *place as usize)
    }
}

fn squeeze(text: &str) -> String {
    text.chars().filter(|letter| !letter.is_whitespace()).map(|letter| letter.to_ascii_lowercase()).collect()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::logfile::Patterns;
    use crate::registration::state::State;

    /// As the versions write it: a text, and what stands in the status.
    fn written(code: Code, status: &str) -> String {
        let (_, text) = MESSAGES.into_iter().find(|(one, _)| *one == code).expect("a message");
        if status.is_empty() { format!("{text}:{text}") } else { format!("{text} [Status:{status}]") }
    }

    fn latest(text: &str) -> Option<Message> {
        latest_first(text).next()
    }

    #[test]
    fn every_version_and_wrap_is_recognised() {
        let old = "DEBUG 15/Jun/2012:09:54:01.047 [17e8] Authentication exception when authenticating system:\n  \
                   Registration is still in\n  progress. Certificate Signing Request has not yet been\n  validated, please \
                   try again later. [Status:\n  Waiting Validation]\n";
        let new = "ERROR 06/Apr/2018:12:34:56.789 [af] Authentication exception when authenticating \
                   system:com.axway.passport.am.api.v2.service.external.PassportConnectionException:Registration is still \
                   in progress. Certificate Signing Request has not yet been signed, please try again later. \
                   [Status:Waiting Signing]\n";
        let one = latest(old).expect("found");
        assert_eq!((one.code, one.status.as_deref()), (Code::WaitingValidation, Some("Waiting Validation")));
        assert_eq!(one.time.as_deref(), Some("15/Jun/2012:09:54:01"));
        let both = [old, new].concat();
        let two = latest(&both).expect("found");
        assert_eq!((two.code, two.status.as_deref()), (Code::WaitingSigning, Some("Waiting Signing")));
        assert!(two.before.contains("PassportConnectionException:"));
        assert_eq!(latest_first(&both).count(), 2);
        let unknown = written(Code::Failed, " Under\r\n   Repair ");
        assert_eq!(latest(&unknown).expect("found").status.as_deref(), Some("Under Repair"));
        let clock = latest(&written(Code::ClockAhead, "")).expect("found");
        assert_eq!((clock.code, clock.status), (Code::ClockAhead, None));
        assert_eq!(latest("Registration is still to be thought of"), None);
    }

    #[test]
    fn our_own_words_and_the_profile_s_patterns_are_those_of_the_documents() {
        let states =
            [State::WaitingValidation, State::WaitingSigning, State::ValidationRefused, State::Failed].into_iter();
        let profile = include_str!("../../../profiles/axway/api-gateway.toml");
        let profile: crate::profile::Profile = toml::from_str(profile).expect("a profile");
        let watch = profile.registration.expect("a registration").watch.remove(0);
        let patterns = Patterns::new(&[], &watch.differs, &watch.pending).expect("patterns");
        for (state, (code, text)) in states.zip(MESSAGES) {
            let ours = state.message().expect("a message").replace("the component", "API Gateway");
            assert_eq!(ours, format!("{text} [Status:{state}]"));
            let dir = tempfile::tempdir().expect("a folder");
            std::fs::write(dir.path().join("trace"), &ours).expect("written");
            let said = crate::logfile::last(&dir.path().join("trace"), "utf-8", &patterns).expect("read");
            assert!(said.is_some(), "the profile does not recognise {code}");
        }
    }

    proptest! {
        #[test]
        fn wrapped_anywhere_it_is_still_the_same(which in 0_usize..5, width in 9_usize..120, indent in " {0,6}") {
            let (code, _) = MESSAGES[which];
            let status = if code == Code::ClockAhead { "" } else { "Somewhere Else" };
            let text = written(code, status);
            let wrapped: Vec<&str> = text.as_bytes().chunks(width).map(|line| std::str::from_utf8(line).expect("ASCII")).collect();
            let found = latest(&wrapped.join(&format!("\r\n{indent}"))).expect("found");
            prop_assert_eq!(found.code, code);
            let status_of = found.status.unwrap_or_default();
            prop_assert_eq!(status_of.replace(' ', ""), status.replace(' ', ""));
        }

        #[test]
        fn no_text_is_too_strange(text in "(?s).{0,300}") {
            let _ = latest_first(&format!("{text}[Status:{text}")).count();
            let _ = latest_first(&format!("{} [Status:{text}", MESSAGES[3].1)).count();
        }
    }
}
