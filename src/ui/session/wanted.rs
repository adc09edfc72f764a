//! Which secret an installed estate shall have: the one it has, or another.

use std::path::Path;
use std::sync::Arc;

use super::rotate::known_as;
use super::secrets::{AUTHORITY_FIELD, Given, components_given, generated, given};
use super::{Refusal, Typed, held};
use crate::alignment;
use crate::apply::Context;
use crate::estate::home::{authority, components};
use crate::estate::record::Estate;
use crate::estate::{ComponentHome, ProductHome};
use crate::plan::rotate::Change;
use crate::plan::{NewSecret, Settings};
use crate::profile::{authority_name, known};
use crate::secret::{Secret, Source};
use crate::wizard::{Answers, Origin};

/// The secret after the change.
pub(super) enum Wanted {
    /// The one that the estate has; its value where a place will be made for it.
    Kept(Option<Arc<Secret>>),
    /// Another one, and the one it replaces.
    New(NewSecret, Arc<Secret>, Option<Arc<Secret>>),
}

impl Wanted {
    /// How the secret changes, if it does.
    pub fn change(&self) -> Option<NewSecret> {
        match self {
            Self::Kept(_) => None,
            Self::New(change, ..) => Some(change.clone()),
        }
    }

    /// The value, as far as it is needed.
    pub fn secret(&self) -> Option<&Secret> {
        match self {
            Self::Kept(secret) => secret.as_deref(),
            Self::New(_, secret, _) => Some(secret),
        }
    }

    /// What the steps need.
    pub fn into_context(self) -> Context {
        match self {
            Self::Kept(secret) => Context { secret, ..Context::default() },
            Self::New(_, secret, previous) => Context { secret: Some(secret), previous, ..Context::default() },
        }
    }
}

/// Reads what the answers give and finds out what it is to the authority.
///
/// # Errors
/// The authority does not accept it, or no place here holds what is to be kept.
pub(super) fn wanted(
    dir: &Path,
    estate: &Estate,
    settings: &Settings,
    answers: &Answers,
    typed: &Typed,
) -> Result<Wanted, Refusal> {
    let wish = Wish { dir, estate, settings, here: authority(dir, &estate.components) };
    let given = wish.given(answers, typed)?;
    let own = components_given(answers, typed)?;
    if given.is_none() && own.is_empty() && !wish.makes_places() {
        return Ok(Wanted::Kept(None));
    }
    wish.must_answer()?;
    let wanted = match given {
        Some(secret) => wish.judge(secret)?,
        None => Wanted::Kept(wish.found_here()?),
    };
    wish.same(&wanted, own)?;
    Ok(wanted)
}

/// An authority on another host must accept the secret already. A foreign one cannot be asked before the enrolment.
///
/// # Errors
/// It does not, or it could not be asked.
pub(super) fn accepted_elsewhere(settings: &Settings, secret: &Secret) -> Result<(), Refusal> {
    if settings.authority.is_est() {
        return Ok(());
    }
    let place = format!("{}:{}", settings.authority.host, settings.authority.https_port);
    match alignment::proves(&settings.dir, &settings.estate(), secret) {
        Ok(true) => Ok(()),
        Ok(false) => Err(Refusal::rule(format!(
            "{AUTHORITY_FIELD}: the authority at {place} does not accept this secret: give the one that it has"
        ))),
        Err(error) => Err(Refusal::rule(format!("{AUTHORITY_FIELD}: {error}"))),
    }
}

/// An estate and what it shall become.
struct Wish<'a> {
    dir: &'a Path,
    estate: &'a Estate,
    settings: &'a Settings,
    here: Option<ProductHome>,
}

impl Wish<'_> {
    /// The secret that somebody gives. `generate` makes one only when a person at the wizard asks for it.
    fn given(&self, answers: &Answers, typed: &Typed) -> Result<Option<Arc<Secret>>, Refusal> {
        let homes = components(self.dir, &self.settings.components);
        match answers.source(AUTHORITY_FIELD) {
            Source::Generate if typed.get(AUTHORITY_FIELD).is_some() => {
                given(AUTHORITY_FIELD, &Source::Prompt, typed).map(Some)
            }
            Source::Generate if answers.origin(AUTHORITY_FIELD) == Origin::Typed => {
                generated(AUTHORITY_FIELD, &homes).map(Some)
            }
            Source::Keep | Source::Generate => Ok(None),
            source => given(AUTHORITY_FIELD, &source, typed).map(Some),
        }
    }

    /// What a given secret is: the one that is there already, or another.
    fn judge(&self, secret: Arc<Secret>) -> Result<Wanted, Refusal> {
        let Some(product) = &self.here else {
            accepted_elsewhere(self.settings, &secret)?;
            return Ok(if held::everywhere(self.dir, self.estate, &secret).is_ok() {
                Wanted::Kept(Some(secret))
            } else {
                Wanted::New(NewSecret::Elsewhere, secret, self.one_held())
            });
        };
        let change = known_as(product)?;
        match self.accepted_as(&secret)? {
            Some(id) if id == change.current => Ok(Wanted::Kept(Some(secret))),
            Some(_) => Err(Refusal::rule(format!(
                "{AUTHORITY_FIELD}: gives the previous secret, which is retiring: `countersign rotate --back` goes back to it"
            ))),
            None if self.makes_places() && !self.has_places() => Err(Refusal::rule(format!(
                "{AUTHORITY_FIELD}: {0} does not accept this secret, and no component here could be moved to it: give {0}'s \
                 own",
                authority_name()
            ))),
            None => self.another(change, secret),
        }
    }

    fn another(&self, change: Change, secret: Arc<Secret>) -> Result<Wanted, Refusal> {
        let previous = self.held_as(&change.current)?;
        if previous.is_none() && self.has_places() {
            return Err(Refusal::rule(format!(
                "no place here holds {}'s current secret: see `countersign check`, and put that right first",
                authority_name()
            )));
        }
        Ok(Wanted::New(NewSecret::Here(change), secret, previous))
    }

    /// The secret to be kept, from a place that the authority accepts.
    fn found_here(&self) -> Result<Option<Arc<Secret>>, Refusal> {
        if !self.makes_places() {
            return Ok(None);
        }
        let held = match &self.here {
            Some(product) => self.held_as(&known_as(product)?.current)?,
            None => self.one_held(),
        };
        let rule = format!("{AUTHORITY_FIELD}: no place here holds the authority's secret: give a source");
        held.ok_or_else(|| Refusal::rule(rule)).map(Some)
    }

    /// Every component's own source must give the same.
    fn same(&self, wanted: &Wanted, own: Vec<Given>) -> Result<(), Refusal> {
        let mut problems = Vec::new();
        for (field, secret) in own {
            let fits = match wanted.secret() {
                Some(wanted) => wanted.same_as(&secret),
                None => self.accepted_as(&secret)?.is_some(),
            };
            if !fits {
                problems.push(format!(
                    "{field}: gives another secret than {AUTHORITY_FIELD}: every component must hold the same"
                ));
            }
        }
        if problems.is_empty() { Ok(()) } else { Err(Refusal::Rules(problems)) }
    }

    /// An authority that is here must run to be asked.
    fn must_answer(&self) -> Result<(), Refusal> {
        let servers = components(self.dir, &self.estate.components);
        let is_here = |one: &&ComponentHome| self.here.as_ref().is_some_and(|product| product.home == one.product.home);
        match servers.iter().filter(is_here).find(|one| one.runs() == Some(false)) {
            Some(server) => {
                let name = &server.component.name;
                Err(Refusal::rule(format!("{name} is stopped: start it first, with `countersign start`")))
            }
            None => Ok(()),
        }
    }

    /// Asked in the name of any component that can register: a check tells nothing about who is known.
    fn accepted_as(&self, secret: &Secret) -> Result<Option<String>, Refusal> {
        let all = known().iter().flat_map(|profile| &profile.component).map(|component| component.id.clone());
        let authority = if self.here.is_some() { &self.estate.authority } else { &self.settings.authority };
        let asked = Estate { components: all.collect(), authority: authority.clone(), ..self.estate.clone() };
        alignment::accepted_as(self.dir, &asked, secret)
            .map_err(|error| Refusal::rule(format!("{AUTHORITY_FIELD}: {error}")))
    }

    /// What a place holds that the authority accepts as this id.
    fn held_as(&self, id: &str) -> Result<Option<Arc<Secret>>, Refusal> {
        held::accepted(self.dir, self.estate, Some(id), |secret| self.accepted_as(secret))
    }

    fn one_held(&self) -> Option<Arc<Secret>> {
        alignment::read_each(self.dir, self.estate).into_iter().flatten().next().map(Arc::new)
    }

    fn has_places(&self) -> bool {
        components(self.dir, &self.estate.components).iter().any(|one| one.component.holds_secret)
    }

    /// Whether a component comes that holds the secret.
    fn makes_places(&self) -> bool {
        let is_new = |one: &ComponentHome| !self.estate.has(one.id());
        components(self.dir, &self.settings.components).iter().any(|one| one.component.holds_secret && is_new(one))
    }
}
