//! The ways in which a person can give a secret.

use super::Typed;
use crate::profile;
use crate::secret::{Secret, Source};
use crate::ui::words;
use crate::wizard::{Answers, Field, FieldKind};

/// The ways in which a secret can be given.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Way {
    /// The one that the estate holds stays.
    Keep,
    /// The authority's.
    Same,
    /// A new one is made.
    Generate,
    /// It is typed or pasted here.
    Type,
    /// It is read from somewhere.
    Read,
}

impl Way {
    /// The ways that make sense for a field, given the other answers; none for one that takes no secret. What would be
    /// refused is not offered, unless it is what the field says now: then its problem is told beside it.
    pub fn of(field: &Field, answers: &Answers) -> Vec<Self> {
        let FieldKind::SecretSource { same, generate, keep } = field.kind else { return Vec::new() };
        let possible = |source: &Source| {
            answers.source(field.id) == *source || field.accepts(&source.to_string().as_str().into(), answers).is_ok()
        };
        [
            (keep && answers.configures() && possible(&Source::Keep), Self::Keep),
            (same, Self::Same),
            (generate && possible(&Source::Generate), Self::Generate),
            (true, Self::Type),
            (true, Self::Read),
        ]
        .into_iter()
        .filter_map(|(offered, way)| offered.then_some(way))
        .collect()
    }

    /// The way to a source.
    pub fn to(source: &Source) -> Self {
        match source {
            Source::Keep => Self::Keep,
            Source::Same => Self::Same,
            Source::Generate => Self::Generate,
            Source::Prompt => Self::Type,
            _ => Self::Read,
        }
    }
}

/// The source that a text names, if a wizard on a terminal can read it.
pub fn readable(text: &str) -> Option<Source> {
    match text.trim().parse().ok()? {
        // The terminal is what the wizard itself reads from.
        Source::Same | Source::Generate | Source::Keep | Source::Prompt | Source::Stdin | Source::Fd(0..=2) => None,
        source => Some(source),
    }
}

/// Why a place that would hold a secret cannot; the text holds no part of it.
pub fn refused(field: &Field, secret: &Secret, answers: &Answers) -> Option<String> {
    if !is_shared(field) {
        return None;
    }
    profile::known()
        .iter()
        .flat_map(|profile| &profile.place)
        .filter(|place| answers.has_component(&place.component))
        .find_map(|place| place.refuses(secret))
        .map(|rule| words::not_accepted(&rule))
}

/// Which place refuses a secret, in words for whoever is typing it: a character that the place forbids is named, since
/// it can be part of no secret.
pub fn forbids(field: &Field, secret: &Secret, answers: &Answers) -> Option<String> {
    let refused = refused(field, secret, answers)?;
    let selected = profile::known()
        .iter()
        .flat_map(|profile| &profile.place)
        .filter(|place| answers.has_component(&place.component));
    let found = selected.filter(|place| place.refuses(secret).is_some()).find_map(|place| {
        let character = secret.expose().chars().find(|character| !place.allows(*character))?;
        Some(words::forbidden(profile::component_name(&place.component), character))
    });
    Some(found.unwrap_or(refused))
}

/// How a component's own secret compares with the authority's, as far as that can be said before anything is read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Comparison {
    /// They are the same.
    Same,
    /// They differ: the authority would refuse the component.
    Differs,
    /// Only reading tells.
    Open,
}

/// Compares a component's secret with the authority's; `None` for the authority's own and where one is still missing.
pub fn compare(field: &Field, answers: &Answers, typed: &Typed) -> Option<Comparison> {
    let shared = super::secrets::AUTHORITY_FIELD;
    if !is_shared(field) || field.id == shared {
        return None;
    }
    match (answers.source(field.id), answers.source(shared)) {
        (Source::Same, _) => Some(Comparison::Same),
        (Source::Prompt, Source::Prompt) => {
            let same = typed.get(field.id)?.same_as(typed.get(shared)?);
            Some(if same { Comparison::Same } else { Comparison::Differs })
        }
        (_, Source::Generate) => Some(Comparison::Differs),
        (own, theirs) if own == theirs => Some(Comparison::Same),
        _ => Some(Comparison::Open),
    }
}

/// Whether a field's secret is the one that all places hold; the other is the password of the user `system`.
fn is_shared(field: &Field) -> bool {
    field.id == "secret.from" || field.key() == "secret"
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::wizard::{Origin, Value, field};

    #[test]
    fn ways_are_offered_as_the_field_allows() {
        let mut answers = Answers::default();
        let of = |id, answers: &Answers| Way::of(field(id).expect("a field"), answers);
        assert_eq!(of("secret.from", &answers), [Way::Generate, Way::Type, Way::Read]);
        assert_eq!(of("integrator.secret", &answers), [Way::Same, Way::Type, Way::Read]);
        assert_eq!(of("authority.host", &answers), []);
        answers.set("mode", "configure".into(), Origin::Typed).expect("a mode");
        assert_eq!(of("secret.from", &answers), [Way::Keep, Way::Generate, Way::Type, Way::Read]);
    }

    #[test]
    fn what_would_be_refused_is_offered_only_while_it_is_the_answer() {
        let mut answers = Answers::default();
        let ways = |answers: &Answers| Way::of(field("secret.from").expect("a field"), answers);
        answers.set("components", Value::List(vec!["passport".into()]), Origin::Typed).expect("a list");
        assert_eq!(ways(&answers), [Way::Generate, Way::Type, Way::Read]);
        answers.set("secret.from", "prompt".into(), Origin::Typed).expect("a source");
        assert_eq!(ways(&answers), [Way::Type, Way::Read]);
    }
}
