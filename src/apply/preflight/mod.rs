//! What must hold before the first write, asked all at once.

mod clock;
mod commands;
mod files;
mod forms;
mod installer;
mod online;
mod ports;
mod products;
mod space;
mod units;

use std::fmt;
use std::path::{Path, PathBuf};

use super::Context;
use crate::plan::{Plan, Step};
use crate::profile::known;

/// One thing that stands in the way: where, what, and what to do.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Problem {
    /// A code for the reference page.
    pub code: &'static str,
    /// One line for people.
    pub text: String,
}

/// What was found.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Preflight {
    /// Everything that stands in the way.
    pub problems: Vec<Problem>,
    /// What does not, but should be known: one line each.
    pub warnings: Vec<String>,
}

impl Problem {
    fn new(code: &'static str, text: impl Into<String>) -> Self {
        Self { code, text: text.into() }
    }
}

impl fmt::Display for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.text)
    }
}

/// Looks for everything that stands in the way of a plan; nothing is touched. Must not be called within tokio.
pub fn preflight(plan: &Plan, context: &Context) -> Preflight {
    let (mut problems, clock, mut warnings) = std::thread::scope(|scope| {
        let clock = scope.spawn(|| clock::ask(plan));
        let products = scope.spawn(|| products::warnings(plan));
        let mut problems = files::problems(plan);
        problems.extend(space::problems(plan));
        problems.extend(ports::problems(plan));
        problems.extend(units::problems(plan));
        problems.extend(commands::problems(plan));
        problems.extend(refused(plan, context));
        problems.extend(forms::problems(plan, context));
        problems.extend(installer::problems(plan, context));
        problems.extend(online::problems(plan, context));
        (problems, clock.join().unwrap_or_default(), products.join().unwrap_or_default())
    });
    let clock::Clock { problem, warning } = clock;
    problems.extend(problem);
    warnings.extend(warning);
    Preflight { problems, warnings }
}

/// Places that do not take the secret.
fn refused(plan: &Plan, context: &Context) -> Vec<Problem> {
    let Some(secret) = &context.secret else { return Vec::new() };
    let places = plan.steps.iter().flat_map(|step| match step {
        Step::CreatePlace { component, path, key, .. } => vec![(component, path, key)],
        Step::WriteSecret { spots, .. } => spots.iter().map(|spot| (&spot.component, &spot.path, &spot.key)).collect(),
        _ => Vec::new(),
    });
    let online = plan.steps.iter().flat_map(|step| match step {
        Step::WriteSecret { online, .. } => online.as_slice(),
        _ => &[],
    });
    let told = online.filter_map(|told| {
        let mut known = known().iter().flat_map(|profile| &profile.place);
        let place = known.find(|place| place.component == told.component && place.is_online())?;
        Some((&told.component, place.refuses(secret)?))
    });
    // A twin has no rules of its own.
    let rules = places.filter_map(|(component, path, key)| {
        let mut known = known().iter().flat_map(|profile| &profile.place);
        let place =
            known.find(|place| place.component == *component && path.ends_with(&place.file) && place.key == *key)?;
        Some((component, place.refuses(secret)?))
    });
    let refused = |(component, rule): (&String, String)| {
        Problem::new("secret-not-accepted", format!("the secret cannot stand in {component}'s place: {rule}"))
    };
    rules.chain(told).map(refused).collect()
}

/// A path, or the nearest folder above it that is there.
fn nearest(path: &Path) -> Option<&Path> {
    path.ancestors().find(|path| !path.as_os_str().is_empty() && path.exists())
}

/// The folders in which this plan makes, renames or removes something, the estate's own first; each once, and only
/// those that are there.
fn folders(plan: &Plan) -> Vec<PathBuf> {
    let mut folders = vec![plan.dir.clone()];
    let mut above = |path: &Path| folders.extend(path.parent().map(Path::to_path_buf));
    for step in &plan.steps {
        match step {
            Step::MakeHome { home, .. } | Step::MakeFolders { home, .. } => above(home),
            Step::CreateFile { path, .. }
            | Step::CreatePlace { path, .. }
            | Step::EditFile { path, .. }
            | Step::SetValues { path, .. } => above(path),
            Step::WriteSecret { spots, .. } => spots.iter().for_each(|spot| above(&spot.path)),
            Step::MoveAside { path, to } => [path, to].into_iter().for_each(|path| above(path)),
            Step::Register { site, .. } => above(&site.keystore()),
            Step::RunInstaller(run) => above(&run.work),
            _ => {}
        }
    }
    let mut there: Vec<PathBuf> = Vec::new();
    for folder in folders.iter().filter_map(|folder| nearest(folder)) {
        if !there.iter().any(|known| known == folder) {
            there.push(folder.to_path_buf());
        }
    }
    there
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use super::*;
    use crate::estate::home::components;
    use crate::plan::rotate::{Here, follow};
    use crate::secret::Secret;

    #[test]
    fn everything_that_stands_in_the_way_comes_at_once() {
        let folder = tempfile::tempdir().expect("a folder");
        let selected = ["integrator", "interchange"].map(str::to_owned);
        let components = components(folder.path(), &selected);
        let plan = follow(Here { dir: folder.path(), components: &components, running: &[] });
        let context = Context { secret: Some(Arc::new(Secret::new("short".into()))), ..Context::default() };
        let codes: Vec<&str> = preflight(&plan, &context).problems.iter().map(|problem| problem.code).collect();
        assert_eq!(codes, ["place", "place", "secret-not-accepted", "secret-not-accepted"]);
    }

    #[test]
    fn folders_are_named_once_and_are_there() {
        let folder = tempfile::tempdir().expect("a folder");
        let dir = folder.path().join("estate");
        let create = |name: &str| Step::CreateFile { path: dir.join(name), content: String::new() };
        let steps = vec![create("a"), create("deep/b")];
        let plan = Plan { dir: dir.clone(), steps, ..Plan::default() };
        assert_eq!(folders(&plan), [folder.path()]);
    }
}
