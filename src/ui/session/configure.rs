//! From answers to the plan of changing an installed estate.

use std::path::Path;

use super::Typed;
use super::look::Look;
use super::prepare::{Prepared, Situation};
use super::refusal::Refusal;
use super::repositories;
use super::rotate::change_name;
use super::wanted::{Wanted, accepted_elsewhere, wanted};
use crate::alignment;
use crate::answers;
use crate::apply::Context;
use crate::estate::home::authority;
use crate::estate::record::{ANSWERS, Estate};
use crate::plan::{NewSecret, Plan, Settings, configure as plan};
use crate::wizard::Answers;

/// How long the previous secret stays accepted when nothing else is said, in seconds.
pub(super) const WINDOW: u64 = 24 * 60 * 60;
/// Fields that an installed estate keeps.
const FIXED: [&str; 4] = [KIND, "authority.certificate", "authority.label", SYSTEM_PASSWORD];
const KIND: &str = "authority.kind";
const SYSTEM_PASSWORD: &str = "authority.system_password_from";
/// A field that only the record knows.
const RECORD_ONLY: &str = "authority.csd";

/// Plans the change of a whole estate. Nothing is touched. An empty plan says that there is nothing to do.
///
/// # Errors
/// Everything that stands in the way.
pub(super) fn configure(dir: &Path, estate: &Estate, answers: &Answers, typed: &Typed) -> Result<Prepared, Refusal> {
    let recorded = answers::read_file(&dir.join(ANSWERS)).map_err(|problems| Refusal::rule(problems.to_string()))?;
    let changed = answers::differences(&recorded, answers);
    let settings = repositories::settings(dir, estate, answers)?;
    let problems: Vec<String> = fixed(&recorded, answers)
        .chain(moved(dir, estate, &settings))
        .chain(repositories::kept(estate, &recorded, answers, &changed))
        .collect();
    if !problems.is_empty() {
        return Err(Refusal::Rules(problems));
    }
    let structure = changed.iter().any(|field| *field != RECORD_ONLY);
    let wanted = wanted(dir, estate, &settings, answers, typed)?;
    let secret = wanted.change();
    if changed.is_empty() && secret.is_none() {
        let nothing = Plan { act: "configure".into(), dir: dir.to_path_buf(), ..Plan::default() };
        return Ok(Prepared::new(nothing, Context::default(), Situation::Configure));
    }
    let look = Look::new(dir, estate, &settings);
    if structure || secret.is_some() {
        look.ready(!structure)?;
    }
    if structure {
        accepted_there(dir, estate, &settings, &wanted)?;
    }
    let name = match &secret {
        Some(NewSecret::Here(change)) => change.name.clone(),
        _ => change_name(),
    };
    let record = answers::record_of(dir, &recorded, answers);
    let secret = secret.as_ref().map(|secret| (secret, WINDOW));
    let plan = plan(&look.found(structure)?, &settings, &record, secret, &name).map_err(Refusal::rule)?;
    Ok(Prepared::new(plan, wanted.into_context(), Situation::Configure))
}

/// What differs and cannot be changed.
fn fixed<'a>(recorded: &'a Answers, answers: &'a Answers) -> impl Iterator<Item = String> + 'a {
    FIXED.into_iter().filter(|field| answers.is_named(field) && answers.value(field) != recorded.value(field)).map(
        |field| {
            let instead = match field {
                KIND => "uninstall and install anew",
                SYSTEM_PASSWORD => "change it with `countersign passport user password system`",
                _ if recorded.text(KIND) == "est" => {
                    "change it in b2bi/common/conf/b2bi.toml and start the engines anew"
                }
                _ => {
                    return format!("{field}: only a foreign EST server has it, and this estate has none: take it out");
                }
            };
            format!("{field}: an installed estate keeps it: give the same, or {instead}")
        },
    )
}

/// The authority itself neither comes nor goes.
fn moved(dir: &Path, estate: &Estate, settings: &Settings) -> Option<String> {
    match (authority(dir, &estate.components), authority(dir, &settings.components)) {
        (Some(product), None) => Some(format!(
            "components: {} is the authority of what stays here: keep it, or uninstall the estate",
            product.profile.product.id
        )),
        (None, Some(product)) => Some(format!(
            "components: {} cannot be added, since the authority of this estate is on another host: install it in a \
             folder of its own",
            product.profile.product.id
        )),
        _ => None,
    }
}

/// Whether an authority on another host accepts what the components here will hold; ours is asked by the plan.
fn accepted_there(dir: &Path, estate: &Estate, settings: &Settings, wanted: &Wanted) -> Result<(), Refusal> {
    if authority(dir, &settings.components).is_some() || settings.authority == estate.authority {
        return Ok(());
    }
    let held = alignment::read_each(dir, estate).into_iter().flatten().next();
    match wanted.secret().or(held.as_ref()) {
        Some(secret) => accepted_elsewhere(settings, secret),
        None => Ok(()),
    }
}
