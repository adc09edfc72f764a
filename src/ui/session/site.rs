//! From answers to the plan for a site's own estate, whose products only their vendors' tools may change. Nothing there
//! can be read, so what is in use now has to be given too.

use std::path::Path;
use std::sync::Arc;

use super::Refusal;
use super::prepare::{Prepared, Situation, foreign};
use super::secrets::{AUTHORITY_FIELD, Typed, given, new_secret};
use crate::answers;
use crate::apply::Context;
use crate::estate::home::{components, products, running};
use crate::estate::record::{ANSWERS, Estate, FILE};
use crate::estate::site::{rewritten, use_values};
use crate::estate::{ComponentHome, Finding};
use crate::plan::{Plan, Settings, SiteFound, SiteSecret, site as plan};
use crate::profile::Profile;
use crate::profile::site::Given;
use crate::secret::{Secret, Source};
use crate::wizard::{Answers, Field, FieldKind, PREVIOUS_FIELD, fields};

/// The secret of a product that has none.
const NONE: &str = "none";

/// Goes on with the values that the answers give the profiles' variables. Nothing is written.
///
/// # Errors
/// The profiles cannot be used with them.
pub(super) fn take_values(answers: &Answers) -> Result<(), Refusal> {
    use_values(&values(answers)).map_err(Refusal::from)
}

/// The values that are not what the profiles say.
fn values(answers: &Answers) -> Given {
    let other = |field: &&Field| *answers.value(field.id) != (field.default)();
    let of_site = fields().map(|(_, field)| field).filter(|field| matches!(field.kind, FieldKind::Variable(_)));
    let value = |field: &Field| {
        let product = field.table()?.split_once('.')?.1;
        Some(((product.to_owned(), field.key().to_owned()), answers.text(field.id).to_owned()))
    };
    of_site.filter(other).filter_map(value).collect()
}

/// Plans the installation or the change of a site. Nothing is touched. An empty plan says that there is nothing to do.
///
/// # Errors
/// Everything that stands in the way.
pub(super) fn prepare(dir: &Path, finding: &Finding, answers: &Answers, typed: &Typed) -> Result<Prepared, Refusal> {
    let settings = Settings::new(dir.to_path_buf(), answers);
    let homes = components(dir, &settings.components);
    let problems = unable(dir, &settings, &homes);
    if !problems.is_empty() {
        return Err(Refusal::Rules(problems));
    }
    match finding {
        Finding::Whole(estate) if answers.configures() => changed(dir, estate, &settings, answers, typed),
        Finding::Whole(_) => Err(Refusal::rule(format!(
            "{} is the record of a site that is installed: change it with `countersign configure`",
            dir.display()
        ))),
        Finding::Empty => first(dir, &settings, answers, typed),
        Finding::Half(what) => Err(Refusal::rule(format!(
            "estate.dir: {} is half an estate ({what}): restore what is missing, or correct its profiles",
            dir.display()
        ))),
        Finding::Foreign(what) => Err(foreign(dir, what)),
    }
}

/// The first change of a site: there is no record yet.
fn first(dir: &Path, settings: &Settings, answers: &Answers, typed: &Typed) -> Result<Prepared, Refusal> {
    let (secret, context) = secrets(dir, settings, answers, typed)?;
    let record = record(dir, answers);
    let profiles = rewritten(dir, &values(answers))?;
    let found = SiteFound { running: running(&components(dir, &settings.components)), records: None, profiles };
    Ok(Prepared::new(plan(&found, settings, &record, secret), context, Situation::Fresh))
}

/// A change of a site that is on record.
fn changed(
    dir: &Path,
    estate: &Estate,
    settings: &Settings,
    answers: &Answers,
    typed: &Typed,
) -> Result<Prepared, Refusal> {
    let recorded = answers::read_file(&dir.join(ANSWERS)).map_err(|problems| Refusal::rule(problems.to_string()))?;
    let (secret, context) = secrets(dir, settings, answers, typed)?;
    let same = settings.estate() == *estate && answers::differences(&recorded, answers).is_empty();
    let profiles = rewritten(dir, &values(answers))?;
    if secret == SiteSecret::Kept && same && profiles.is_empty() {
        let nothing = Plan { act: "configure".into(), dir: dir.to_path_buf(), ..Plan::default() };
        return Ok(Prepared::new(nothing, Context::default(), Situation::Configure));
    }
    let text = |name: &str| {
        let path = dir.join(name);
        std::fs::read_to_string(&path)
            .map_err(|error| Refusal::rule(format!("{} cannot be read: {error}", path.display())))
    };
    let records = Some([text(ANSWERS)?, text(FILE)?]);
    let record = answers::record_of(dir, &recorded, answers);
    let found = SiteFound { running: running(&components(dir, &settings.components)), records, profiles };
    Ok(Prepared::new(plan(&found, settings, &record, secret), context, Situation::Configure))
}

/// What becomes of the secret, and what the steps need of it.
fn secrets(
    dir: &Path,
    settings: &Settings,
    answers: &Answers,
    typed: &Typed,
) -> Result<(SiteSecret, Context), Refusal> {
    if answers.source(AUTHORITY_FIELD) == Source::Keep {
        return Ok((SiteSecret::Kept, Context::default()));
    }
    let secret = new_secret(answers, typed, &components(dir, &settings.components))?;
    if !answers.configures() {
        return Ok((SiteSecret::First, context(secret, None)));
    }
    let previous = given(PREVIOUS_FIELD, &answers.source(PREVIOUS_FIELD), typed)?;
    if previous.same_as(&secret) {
        return Ok((SiteSecret::Kept, Context::default()));
    }
    Ok((SiteSecret::Next, context(secret, Some(previous))))
}

fn context(secret: Arc<Secret>, previous: Option<Arc<Secret>>) -> Context {
    Context { secret: Some(secret), previous, ..Context::default() }
}

/// What these profiles cannot do.
fn unable(dir: &Path, settings: &Settings, homes: &[ComponentHome]) -> Vec<String> {
    let profiles: Vec<&Profile> =
        products(dir, &settings.components).into_iter().map(|product| product.profile).collect();
    let authority = profiles.iter().find(|profile| profile.is_authority());
    let first = authority.or_else(|| profiles.iter().find(|profile| profile.product.secret != NONE));
    let mut problems: Vec<String> = Vec::new();
    for profile in &profiles {
        let product = &profile.product;
        if let Some(first) = first.map(|first| &first.product)
            && ![first.secret.as_str(), NONE].contains(&product.secret.as_str())
        {
            problems.push(format!(
                "components: {} has a secret of its own ({}), which is never mixed with {}'s: give it an estate of its own",
                product.name, product.secret, first.name
            ));
        }
        if profile.installer.is_none() {
            problems.extend(
                homes.iter().filter(|home| home.product.profile.product.id == product.id).filter_map(unwritable),
            );
        }
    }
    problems
}

/// A component whose places nothing here can write.
fn unwritable(home: &ComponentHome) -> Option<String> {
    let mut places = home.places().map(|(place, _)| place).peekable();
    let written = places.peek().is_some() && places.all(|place| !place.file.is_empty() || !place.write.is_empty());
    (home.component.holds_secret && !written).then(|| {
        let told = format!(
            "components: nothing here can write {}'s secret, so leave it out and change it by hand. {}",
            home.component.name, home.product.profile.product.note
        );
        told.split_whitespace().collect::<Vec<_>>().join(" ")
    })
}

/// The first record: it names the folder wholly, and nothing of what was in use before.
fn record(dir: &Path, answers: &Answers) -> String {
    answers::record_of(dir, answers, answers)
}
