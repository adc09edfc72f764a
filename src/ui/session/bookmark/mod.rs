//! Where a person left the wizard: what was typed, and which page was shown. The next start offers to go on from there.
//!
//! No secret is in it: an answer names where a secret comes from, and one that was typed is asked for again.

mod slot;

pub use slot::Slot;

use serde::{Deserialize, Serialize};

use super::interrupted::local;
use crate::apply::Finished;
use crate::ui::words::bookmark as word;
use crate::wizard::{Answers, Origin, Value, field, fields, pages};

const FORMAT: u32 = 1;

/// What becomes of the bookmark when a wizard is over.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Leaves {
    /// It stays as it was.
    AsItWas,
    /// This one is kept.
    Keep(Box<Bookmark>),
    /// Nobody needs one any more.
    Nothing,
}

impl Leaves {
    /// Of a wizard that is left on this page; with the result of its run, if there was one.
    pub fn of(answers: &Answers, result: Option<Finished>, page: &str, furthest: &str) -> Self {
        let stands = [Finished::Done, Finished::NothingToDo, Finished::Pending, Finished::Interrupted];
        match Bookmark::of(answers, page, furthest) {
            _ if result.is_some_and(|result| stands.contains(&result)) => Self::Nothing,
            Some(bookmark) => Self::Keep(Box::new(bookmark)),
            None => Self::AsItWas,
        }
    }

    /// Does it; whether the answers are kept.
    pub fn settle(&self, slot: Option<&Slot>) -> bool {
        match (self, slot) {
            (Self::Keep(bookmark), Some(slot)) => slot.keep(bookmark).is_ok(),
            (Self::Nothing, Some(slot)) => {
                slot.forget();
                false
            }
            _ => false,
        }
    }
}

/// The part that every version reads first.
#[derive(Deserialize)]
struct Head {
    format: u32,
    version: String,
}

/// Where a person left.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Bookmark {
    format: u32,
    version: String,
    /// The folder that the wizard was opened for.
    estate: String,
    /// When it was left, in UTC.
    time: String,
    /// The page that was shown, by its id.
    pub page: String,
    /// The furthest page that was seen.
    pub furthest: String,
    /// What was typed, by field.
    answers: Vec<(String, Value)>,
}

impl Bookmark {
    /// Of a wizard that is left on this page; `None` when nothing was typed. What a flag or a file said is said again by
    /// whoever starts the program again.
    pub fn of(answers: &Answers, page: &str, furthest: &str) -> Option<Self> {
        let typed = |id: &str| Some((id.to_owned(), answers.value(id).clone()));
        let typed: Vec<_> = fields()
            .map(|(_, field)| field.id)
            .filter(|id| answers.origin(id) == Origin::Typed)
            .filter_map(typed)
            .collect();
        (!typed.is_empty()).then(|| Self {
            format: FORMAT,
            version: env!("CARGO_PKG_VERSION").to_owned(),
            estate: String::new(),
            time: jiff::Timestamp::now().to_string(),
            page: page.to_owned(),
            furthest: furthest.to_owned(),
            answers: typed,
        })
    }

    /// Gives the answers that were typed, but for those that this start's flags or file give.
    pub fn restore(&self, answers: &mut Answers) {
        let left: Vec<String> = answers.list("ask").to_vec();
        for (id, value) in &self.answers {
            if !answers.is_named(id) || left.contains(id) {
                // It was looked at when it was read.
                let _ = answers.set(id, value.clone(), Origin::Typed);
            }
        }
    }

    /// When and where the wizard was left, in one line.
    pub fn about(&self) -> String {
        let title = pages().iter().find(|page| page.id == self.page).map_or(self.page.as_str(), |page| page.title);
        word::about(&local(&self.time), title)
    }

    /// Reads one; the error says why it cannot be used, and never what is in it.
    fn read(text: &str, estate: &str) -> Result<Self, &'static str> {
        let head: Head = serde_json::from_str(text).map_err(|_| word::BROKEN)?;
        if (head.format, head.version.as_str()) != (FORMAT, env!("CARGO_PKG_VERSION")) {
            return Err(word::OTHER_VERSION);
        }
        let read: Self = serde_json::from_str(text).map_err(|_| word::BROKEN)?;
        let known = |id: &str| pages().iter().any(|page| page.id == id);
        let fits = |(id, value): &(String, Value)| field(id).is_some_and(|field| field.kind.holds(value).is_ok());
        let is_ours = read.estate == estate && known(&read.page) && known(&read.furthest);
        if is_ours && read.answers.iter().all(fits) { Ok(read) } else { Err(word::DOES_NOT_FIT) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_typed_comes_back_and_what_a_flag_says_now_stays() {
        let mut answers = Answers::default();
        assert_eq!(Bookmark::of(&answers, "secret", "secret"), None, "nothing was typed");
        for (id, value) in [("authority.host", "alpha".into()), ("authority.https_port", "abc".into())] {
            answers.set(id, value, Origin::Typed).expect("held while typed");
        }
        answers.set("authority.domain", "Flagged".into(), Origin::Flag).expect("a text");
        answers.set("secret.from", "prompt".into(), Origin::Typed).expect("a source");
        let bookmark = Bookmark::of(&answers, "secret", "review").expect("something was typed");
        let mut again = Answers::default();
        again.set("authority.host", "beta".into(), Origin::Flag).expect("a host");
        bookmark.restore(&mut again);
        assert_eq!((again.text("authority.host"), again.text("authority.https_port")), ("beta", "abc"));
        assert_eq!((again.text("authority.domain"), again.text("secret.from")), ("Synchrony", "prompt"));
        assert!(bookmark.about().contains("Shared secret"), "{}", bookmark.about());
    }
}
