//! From a wish to change the secret to a plan: look at the estate and its authority, read the secrets, plan.

use std::path::Path;
use std::sync::Arc;

use crate::alignment;
use crate::apply::{Context, preflight, window};
use crate::estate::home::{authority, authority_runs, components, running};
use crate::estate::record::Estate;
use crate::estate::{ComponentHome, ProductHome};
use crate::plan::Plan;
use crate::plan::rotate::{Change, Here, back, can, cutover, follow, overlap};
use crate::profile::{Strategy, authority_name};
use crate::registration::admin::{self, SecretState};
use crate::registration::site::Site;
use crate::registration::state::State;
use crate::secret::{SealingKey, Secret, Source};

use super::prepare::must_be_free;
use super::secrets::{generated, given};
use super::{Prepared, Refusal, Situation, Typed, held};

/// Where the source is given; also how messages name it.
const SOURCE: &str = "--secret-from";

/// How the secret shall be changed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Rotate {
    /// Where the new secret comes from; generated where nothing is said.
    pub source: Option<Source>,
    /// The strategy; overlap where the products can, if nothing is said.
    pub strategy: Option<Strategy>,
    /// Seconds for which the previous secret stays accepted after an overlap.
    pub window: u64,
    /// Whether to go back to the previous secret within its window.
    pub back: bool,
    /// Whether a cutover starts the engines with the old secret in between.
    pub see_refused: bool,
}

/// Plans a change of the secret of a whole estate. Nothing is touched. An empty plan says that there is nothing to do.
///
/// # Errors
/// Everything that stands in the way.
pub fn prepare_rotate(dir: &Path, estate: &Estate, asked: &Rotate) -> Result<Prepared, Refusal> {
    must_be_free(dir)?;
    let components = components(dir, &estate.components);
    let running = running(&components);
    let rotation = Rotation { estate, asked, here: Here { dir, components: &components, running: &running } };
    match authority(dir, &estate.components) {
        None if estate.authority.is_est() => Err(Refusal::rule(format!(
            "the authority at {}:{} is a foreign EST server, which cannot be asked whether it accepts a secret: change it \
             there, then here with `countersign configure --set secret.from=SOURCE`",
            estate.authority.host, estate.authority.https_port
        ))),
        None => rotation.follow(),
        Some(_) if !authority_runs(&components) => {
            Err(Refusal::rule(format!("{} is stopped: countersign start", authority_name())))
        }
        Some(product) if asked.back => rotation.back(&product),
        Some(product) => rotation.change(&product),
    }
}

/// What all ways of changing the secret look at.
struct Rotation<'a> {
    estate: &'a Estate,
    asked: &'a Rotate,
    here: Here<'a>,
}

impl Rotation<'_> {
    /// A new secret, where the authority is in this estate.
    fn change(&self, product: &ProductHome) -> Result<Prepared, Refusal> {
        let strategy = self.strategy()?;
        let overlaps = strategy == Strategy::Overlap;
        let change = known_as(product)?;
        let previous = self.present(Some(&change.current))?;
        if overlaps && previous.is_none() {
            return Err(Refusal::rule(format!(
                "no place here holds {}'s current secret, so nothing can be moved beside it: see `countersign check`, or \
                 give --strategy cutover",
                authority_name()
            )));
        }
        let secret = match &self.asked.source {
            None | Some(Source::Generate) => generated(SOURCE, self.here.components)?,
            Some(source) => {
                let secret = given(SOURCE, source, &Typed::default())?;
                if previous.as_ref().is_some_and(|previous| previous.same_as(&secret)) {
                    return self.nothing_to_do(&secret);
                }
                if overlaps {
                    self.not_accepted_yet(&secret)?;
                }
                secret
            }
        };
        let plan = match strategy {
            Strategy::Overlap => overlap(self.here, &change, self.asked.window),
            Strategy::Cutover => cutover(self.here, &change, self.asked.see_refused),
        };
        self.prepared(plan, secret, previous, overlaps)
    }

    /// The previous secret once more, within its window.
    fn back(&self, product: &ProductHome) -> Result<Prepared, Refusal> {
        let change = known_as(product)?;
        let there = admin::previous(&product.control()).map_err(|error| Refusal::rule(error.to_string()))?;
        let unsealed = SealingKey::from_bytes(there.key.as_slice())
            .ok_or_else(|| std::io::Error::other(format!("{}'s key for it is no key", authority_name())))
            .and_then(|key| window::open(self.here.dir, &there.id, &key));
        let secret = unsealed
            .map_err(|error| Refusal::rule(format!("the previous secret cannot be opened: {error}: rotate anew")))?;
        let previous = self.present(Some(&change.current))?;
        self.prepared(back(self.here, &change, &there.id), Arc::new(secret), previous, true)
    }

    /// The secret that the authority on another host has already.
    fn follow(&self) -> Result<Prepared, Refusal> {
        let place = format!("{}:{}", self.estate.authority.host, self.estate.authority.https_port);
        if self.asked.back || self.asked.strategy.is_some() || self.asked.see_refused {
            return Err(Refusal::rule(format!(
                "the authority at {place} is not in this estate: go back, or choose a strategy, where it is; here \
                 `countersign rotate --secret-from SOURCE` follows it"
            )));
        }
        let source = self.asked.source.as_ref().filter(|source| **source != Source::Generate).ok_or_else(|| {
            Refusal::rule(format!("the authority at {place} is not in this estate: give its new secret with {SOURCE}"))
        })?;
        let secret = given(SOURCE, source, &Typed::default())?;
        if self.accepted_as(&secret)?.is_none() {
            return Err(Refusal::rule(format!(
                "{SOURCE}: the authority at {place} does not accept this secret: change it there first"
            )));
        }
        if held::everywhere(self.here.dir, self.estate, &secret).is_ok() {
            return Ok(nothing(self.here.dir));
        }
        let previous = self.present(None)?;
        self.prepared(follow(self.here), secret, previous, false)
    }

    /// The one that was asked for, or the one that every product can.
    fn strategy(&self) -> Result<Strategy, Refusal> {
        let able = |strategy| can(self.here.components, strategy);
        match self.asked.strategy {
            Some(strategy) if !able(strategy) => {
                Err(Refusal::rule("--strategy: a product of this estate cannot do that: give the other one"))
            }
            Some(strategy) => Ok(strategy),
            None if able(Strategy::Overlap) => Ok(Strategy::Overlap),
            None => Ok(Strategy::Cutover),
        }
    }

    fn present(&self, current: Option<&str>) -> Result<Option<Arc<Secret>>, Refusal> {
        held::accepted(self.here.dir, self.estate, current, |secret| self.accepted_as(secret))
    }

    fn accepted_as(&self, secret: &Secret) -> Result<Option<String>, Refusal> {
        alignment::accepted_as(self.here.dir, self.estate, secret).map_err(|error| Refusal::rule(error.to_string()))
    }

    /// During an overlap a component could not tell two records of one secret apart.
    fn not_accepted_yet(&self, secret: &Secret) -> Result<(), Refusal> {
        match self.accepted_as(secret)? {
            None => Ok(()),
            Some(id) => Err(Refusal::rule(format!(
                "{SOURCE}: {} accepts this secret already, as {id}, which is retiring: `countersign rotate --back` goes \
                 back to it",
                authority_name()
            ))),
        }
    }

    fn nothing_to_do(&self, secret: &Secret) -> Result<Prepared, Refusal> {
        held::everywhere(self.here.dir, self.estate, secret).map_err(|place| {
            Refusal::rule(format!(
                "{SOURCE}: gives {}'s current secret, but {place}: see `countersign check`, and put that right",
                authority_name()
            ))
        })?;
        Ok(nothing(self.here.dir))
    }

    /// The plan with its secrets; refused with everything else that stands in the way when components are not ready.
    fn prepared(
        &self,
        plan: Plan,
        secret: Arc<Secret>,
        previous: Option<Arc<Secret>>,
        all_must_run: bool,
    ) -> Result<Prepared, Refusal> {
        let context = Context { secret: Some(secret), previous, ..Context::default() };
        let mut problems: Vec<String> =
            self.here.holders().filter_map(|holder| self.not_ready(holder, all_must_run)).collect();
        if !problems.is_empty() {
            problems.extend(preflight(&plan, &context).problems.iter().map(ToString::to_string));
            return Err(Refusal::Rules(problems));
        }
        Ok(Prepared::new(plan, context, Situation::Whole))
    }

    /// Why a component's secret cannot be changed now.
    fn not_ready(&self, holder: &ComponentHome, must_run: bool) -> Option<String> {
        let name = &holder.component.name;
        let states: Vec<State> = holder.sites(&self.estate.authority).iter().map(Site::state).collect();
        let pending = states.iter().find(|state| state.is_pending());
        let open = states.iter().find(|state| must_run && **state != State::Registered);
        match (pending, open) {
            (Some(state), _) => {
                Some(format!("{name}'s registration is pending ({state}): finish it with `countersign register`"))
            }
            (None, Some(state)) => {
                Some(format!("{name} is not registered ({state}): countersign register {}", holder.id()))
            }
            (None, None) => {
                (must_run && holder.runs() == Some(false)).then(|| format!("{name} is stopped: countersign start"))
            }
        }
    }
}

/// A new name for a change.
pub(super) fn change_name() -> String {
    format!("c-{:016x}", rand::random::<u64>())
}

/// A new name for this change, and the secret that the authority has now. Refused while another change is open there.
pub(super) fn known_as(product: &ProductHome) -> Result<Change, Refusal> {
    let socket = product.control();
    let known =
        admin::secrets(&socket).map_err(|error| Refusal::rule(format!("{}: {error}", authority_name())))?.secrets;
    let open = known.iter().find(|secret| secret.is_open());
    if let Some(open) = open {
        let name = open.change.as_deref().unwrap_or("without a name");
        return Err(Refusal::Held(format!(
            "the change {name} at {}, which is not finished: resume it or roll it back",
            authority_name()
        )));
    }
    let current = known.into_iter().find(|secret| secret.state == SecretState::Current);
    let current = current
        .ok_or_else(|| Refusal::rule(format!("{} has no shared secret yet: install first", authority_name())))?
        .id;
    Ok(Change { socket, name: change_name(), current })
}

fn nothing(dir: &Path) -> Prepared {
    let plan = Plan { act: "rotate".into(), dir: dir.to_path_buf(), ..Plan::default() };
    Prepared::new(plan, Context::default(), Situation::Whole)
}
