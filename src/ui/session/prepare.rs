//! From answers to a plan: look at the folder, read the secrets, plan.

use std::path::Path;

use serde::{Deserialize, Serialize};

use crate::alignment::{self, Entry, Level, Verdict};
use crate::answers;
use crate::apply::{Context, Lock, Witness, journal};
use crate::estate::home::{authority, authority_runs, components};
use crate::estate::record::{ANSWERS, Estate};
use crate::estate::site::belongs;
use crate::estate::{Finding, detect};
use crate::plan::{Plan, Settings, install, start};
use crate::profile::{component_name, is_site};
use crate::secret::Source;
use crate::wizard::repositories::TABLE;
use crate::wizard::{Answers, Origin, Value, missing};

use super::configure::configure;
use super::pinned::pinned;
use super::repositories::with_certificates;
use super::secrets::{Typed, all_given, given, new_secret};
use super::wanted::accepted_elsewhere;
use super::{Refusal, site};

/// What stood in the folder.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum Situation {
    /// Nothing: everything is new.
    Fresh,
    /// A whole estate with the same answers: what is stopped is started.
    Whole,
    /// A whole estate that is changed.
    Configure,
}

/// A plan and all it needs.
pub struct Prepared {
    /// What will be done.
    pub plan: Plan,
    /// The secrets it needs.
    pub context: Context,
    /// What stood in the folder.
    pub situation: Situation,
    /// How every file that the plan touches looked when it was made.
    pub witness: Witness,
}

impl Prepared {
    /// A plan made now.
    pub fn new(plan: Plan, context: Context, situation: Situation) -> Self {
        Self { witness: Witness::take(&plan), plan, context, situation }
    }
}

/// Plans an installation from answers. Nothing is touched.
///
/// # Errors
/// Everything that stands in the way.
pub fn prepare(answers: &Answers, typed: &Typed) -> Result<Prepared, Refusal> {
    let broken: Vec<String> =
        missing(answers).into_iter().map(|missing| format!("{} {}", missing.field, missing.rule)).collect();
    if !broken.is_empty() {
        return Err(Refusal::Rules(broken));
    }
    site::take_values(answers)?;
    let asked = Path::new(answers.text("estate.dir"));
    let detected = detect(asked).map_err(|error| {
        Refusal::rule(format!(
            "estate.dir: {} cannot be read ({error}): change its owner or choose another",
            asked.display()
        ))
    })?;
    must_be_free(&detected.dir)?;
    belongs(&detected.dir).map_err(Refusal::rule)?;
    if is_site() {
        return site::prepare(&detected.dir, &detected.finding, answers, typed);
    }
    let shown = detected.dir.display().to_string();
    match detected.finding {
        Finding::Empty if answers.configures() => {
            Err(Refusal::rule(format!("{shown} holds no estate, so there is nothing to configure: install")))
        }
        Finding::Whole(estate) if answers.configures() => configure(&detected.dir, &estate, answers, typed),
        Finding::Empty => {
            let settings = with_certificates(Settings::new(detected.dir, answers), answers)?;
            fresh(&pinned(settings, answers)?, answers, typed)
        }
        Finding::Whole(estate) => whole(&detected.dir, &estate, answers, typed),
        Finding::Half(what) => Err(Refusal::rule(format!(
            "estate.dir: {shown} is half an estate ({what}): restore what is missing, or move the folder away"
        ))),
        Finding::Foreign(what) => Err(foreign(&detected.dir, &what)),
    }
}

/// Of a folder that holds something else.
pub(super) fn foreign(dir: &Path, what: &str) -> Refusal {
    Refusal::rule(format!("estate.dir: {} is not an estate ({what}): choose another folder", dir.display()))
}

/// Refused while another run holds the estate in this folder, or a change of it was interrupted.
pub fn must_be_free(dir: &Path) -> Result<(), Refusal> {
    if let Ok(Some(holder)) = Lock::living_holder(dir) {
        return Err(Refusal::Held(holder));
    }
    // What a dead run's commands still have in hand comes second to the change that it left.
    if let Some(change) = journal::unfinished(dir)? {
        return Err(Refusal::interrupted(&change));
    }
    match Lock::holder(dir) {
        Ok(Some(holder)) => Err(Refusal::Held(holder)),
        _ => Ok(()),
    }
}

/// Holds the estate in this folder for a verb, unless another run does or a change of it was interrupted.
pub fn hold(dir: &Path, verb: &str) -> Result<Lock, Refusal> {
    let lock = Lock::take(dir, verb).map_err(|error| must_be_free(dir).err().unwrap_or_else(|| error.into()))?;
    match journal::unfinished(dir)? {
        Some(change) => Err(Refusal::interrupted(&change)),
        None => Ok(lock),
    }
}

fn fresh(settings: &Settings, answers: &Answers, typed: &Typed) -> Result<Prepared, Refusal> {
    let homes = settings.homes();
    let secret = new_secret(answers, typed, &homes)?;
    if authority(&settings.dir, &settings.components).is_none() {
        accepted_elsewhere(settings, &secret)?;
    }
    let system_password = match answers.source("authority.system_password_from") {
        Source::Generate => None,
        source => Some(given("authority.system_password_from", &source, typed)?),
    };
    // The record is read from anywhere, so it names the folder wholly.
    let mut record = answers.clone();
    let dir = Value::Text(settings.dir.display().to_string());
    record.set("estate.dir", dir, Origin::Record).map_err(Refusal::rule)?;
    let context = Context { secret: Some(secret), system_password, ..Context::default() };
    Ok(Prepared::new(install(settings, &answers::record(&record)), context, Situation::Fresh))
}

/// An estate that is there already: the same answers and a secret that proves, or a refusal.
fn whole(dir: &Path, estate: &Estate, answers: &Answers, typed: &Typed) -> Result<Prepared, Refusal> {
    let recorded = answers::read_file(&dir.join(ANSWERS)).map_err(|problems| Refusal::rule(problems.to_string()))?;
    let changed = answers::differences(&recorded, answers);
    if !changed.is_empty() {
        let differing = answers::differing(&recorded, answers).join(", ");
        let dir = dir.display();
        return Err(Refusal::rule(if changed.iter().all(|field| field.starts_with(TABLE)) {
            format!(
                "{dir} holds an estate with other repositories; these differ: {differing}: give the same, as \
                 {dir}/{ANSWERS} has them, change them with `countersign gateway add`, `rename` or `remove`, or uninstall \
                 first"
            )
        } else {
            format!(
                "{dir} holds an estate that was installed with other answers for {differing}: give the same, change it \
                 with `countersign configure`, or uninstall first"
            )
        }));
    }
    let homes = components(dir, &estate.components);
    let stopped: Vec<_> = homes.iter().filter(|home| home.runs() == Some(false)).cloned().collect();
    if authority_runs(&homes) && estate.authority.takes_proofs() {
        proves(dir, estate, answers, typed)?;
    } else {
        stands_in_every_place(dir, estate, answers, typed)?;
    }
    Ok(Prepared::new(start(dir, &stopped), Context::default(), Situation::Whole))
}

/// Whether every place holds the authority's secret, and every secret that is given is that one.
fn proves(dir: &Path, estate: &Estate, answers: &Answers, typed: &Typed) -> Result<(), Refusal> {
    let report = alignment::check(dir, estate, &[Level::File]);
    if let Some(entry) = report.places.iter().find(|entry| entry.verdict != Verdict::Aligned) {
        let Entry { component, place, verdict, detail, .. } = entry;
        let component = component_name(component);
        return Err(Refusal::rule(format!("{component}: {place}: {verdict}: {detail}: see `countersign check`")));
    }
    for (field, secret) in all_given(answers, typed)? {
        match alignment::proves(dir, estate, &secret) {
            Ok(true) => {}
            Ok(false) => return Err(other_secret(field)),
            Err(error) => return Err(Refusal::rule(format!("{field}: {error}"))),
        }
    }
    Ok(())
}

/// While the authority is stopped, or cannot be asked: whether every secret that is given is the one that the places hold. The engines prove
/// theirs when they start.
fn stands_in_every_place(dir: &Path, estate: &Estate, answers: &Answers, typed: &Typed) -> Result<(), Refusal> {
    let held = alignment::held(dir, estate).map_err(Refusal::rule)?;
    for (field, secret) in all_given(answers, typed)? {
        if held.iter().any(|held| !held.same_as(&secret)) {
            return Err(other_secret(field));
        }
    }
    Ok(())
}

fn other_secret(field: &str) -> Refusal {
    Refusal::rule(format!(
        "{field}: gives another secret than this estate holds: give the same, change it with `countersign configure`, or \
         uninstall first"
    ))
}
