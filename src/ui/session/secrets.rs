//! Turning the answers' sources into the secret of this run.

use std::collections::BTreeMap;
use std::sync::Arc;

use crate::estate::home::ComponentHome;
use crate::profile::{Place, common_alphabet};
use crate::secret::{Secret, Source, generate};
use crate::wizard::{Answers, Field, FieldKind, fields};

use super::Refusal;

/// Secrets that were typed, pasted or generated on a terminal, by field id.
#[derive(Clone, Default)]
pub struct Typed(BTreeMap<String, Arc<Secret>>);

impl Typed {
    /// Keeps a secret for a field; the one before is wiped.
    pub fn put(&mut self, field: &str, secret: Secret) {
        self.0.insert(field.to_owned(), Arc::new(secret));
    }

    /// Forgets a field's secret.
    pub fn take_away(&mut self, field: &str) {
        self.0.remove(field);
    }

    /// A field's secret.
    pub fn get(&self, field: &str) -> Option<&Arc<Secret>> {
        self.0.get(field)
    }
}

/// The field of the authority's secret.
pub const AUTHORITY_FIELD: &str = "secret.from";

/// The fields of the selected components' own secrets. A component of a site's own has none: it holds what all hold.
fn own_fields(answers: &Answers) -> impl Iterator<Item = &'static str> {
    let own = |field: &Field| matches!(field.kind, FieldKind::SecretSource { same: true, .. });
    let asked = fields().filter(move |(page, field)| own(field) && (page.visible_if)(answers));
    asked.filter(|(_, field)| (field.visible_if)(answers)).map(|(_, field)| field.id)
}

/// The secret of a new estate: read, typed or generated; every component's own source must give the same.
pub fn new_secret(answers: &Answers, typed: &Typed, homes: &[ComponentHome]) -> Result<Arc<Secret>, Refusal> {
    let secret = match answers.source(AUTHORITY_FIELD) {
        Source::Generate => generated(AUTHORITY_FIELD, homes)?,
        source => given(AUTHORITY_FIELD, &source, typed)?,
    };
    let mut problems = Vec::new();
    for field in own_fields(answers) {
        match answers.source(field) {
            Source::Same => {}
            source => match given(field, &source, typed) {
                Ok(own) if own.same_as(&secret) => {}
                Ok(_) => problems.push(format!(
                    "{field}: gives another secret than {AUTHORITY_FIELD}: every component must hold the same"
                )),
                Err(refusal) => problems.push(refusal.to_string()),
            },
        }
    }
    if problems.is_empty() { Ok(secret) } else { Err(Refusal::Rules(problems)) }
}

/// A new secret, of characters that every place of these components takes; `field` is whose it is to be.
pub fn generated(field: &str, homes: &[ComponentHome]) -> Result<Arc<Secret>, Refusal> {
    let places: Vec<&Place> = homes.iter().flat_map(|home| home.places().map(|(place, _)| place)).collect();
    if places.is_empty() {
        return Err(Refusal::rule(format!(
            "{field}: nothing would hold a generated secret, so it could never be read again: give a source"
        )));
    }
    generate(&common_alphabet(&places)).map(Arc::new).ok_or_else(|| {
        Refusal::rule(format!("{field}: the places have too few characters in common to generate one: give a source"))
    })
}

/// A secret that somebody gives: typed on a terminal or read from its source.
pub fn given(field: &str, source: &Source, typed: &Typed) -> Result<Arc<Secret>, Refusal> {
    match typed.get(field) {
        Some(secret) => Ok(secret.clone()),
        None => match source {
            Source::Prompt => Err(Refusal::rule(format!(
                "{field}: is asked on a terminal, and nobody was asked: open the wizard, or give another source"
            ))),
            source => source.read().map(Arc::new).map_err(|error| Refusal::rule(format!("{field}: {error}"))),
        },
    }
}

/// Every secret that the answers give, with the field that gives it.
pub fn all_given(answers: &Answers, typed: &Typed) -> Result<Vec<Given>, Refusal> {
    let mut all: Vec<Given> = given_by(AUTHORITY_FIELD, answers, typed).into_iter().collect::<Result<_, _>>()?;
    all.extend(components_given(answers, typed)?);
    Ok(all)
}

/// The secrets of the selected components that have a source of their own.
pub fn components_given(answers: &Answers, typed: &Typed) -> Result<Vec<Given>, Refusal> {
    own_fields(answers).filter_map(|field| given_by(field, answers, typed)).collect()
}

/// A field's id and the secret that it gives.
pub type Given = (&'static str, Arc<Secret>);

fn given_by(field: &'static str, answers: &Answers, typed: &Typed) -> Option<Result<Given, Refusal>> {
    match answers.source(field) {
        Source::Generate | Source::Keep | Source::Same => None,
        source => Some(given(field, &source, typed).map(|secret| (field, secret))),
    }
}
