//! Runs of a vendor's installer: the product is there and ours to change, its recorded silent files can be read and hold
//! every secret that a run may have to put in.

use std::os::unix::fs::MetadataExt;
use std::time::Duration;

use super::Problem;
use crate::apply::Context;
use crate::apply::act::silent_files;
use crate::estate::signs::listed;
use crate::logfile::compile;
use crate::plan::{Back, InstallerRun, Plan, Step};
use crate::profile::{Profile, Values, component_name, known};

pub(super) fn problems(plan: &Plan, context: &Context) -> Vec<Problem> {
    let runs = plan.steps.iter().filter_map(|step| match step {
        Step::RunInstaller(run) => Some(run),
        _ => None,
    });
    runs.flat_map(|run| of(run, context)).collect()
}

fn of(run: &InstallerRun, context: &Context) -> Vec<Problem> {
    let profile = known().iter().find(|profile| profile.product.id == run.product);
    let mut problems: Vec<Problem> = standing(run).into_iter().collect();
    if problems.is_empty() && run.back == Back::Again {
        problems.extend(profile.and_then(|profile| unlisted(run, profile)));
    }
    if let (Some(profile), Some(secret)) = (profile, context.secret.as_deref()) {
        problems.extend(profile.place.iter().filter(|place| place.file.is_empty()).filter_map(|place| {
            let text =
                format!("the secret cannot stand in {}: {}", component_name(&place.component), place.refuses(secret)?);
            Some(Problem::new("secret-not-accepted", text))
        }));
    }
    problems.extend(silent(run, context));
    let patterns = [&run.success, &run.failure].into_iter().filter_map(|patterns| compile(patterns).err());
    problems.extend(patterns.map(|error| Problem::new("pattern", format!("{}'s installer: {error}", run.name))));
    problems
}

/// What the recorded silent files are in the way of.
fn silent(run: &InstallerRun, context: &Context) -> Vec<Problem> {
    let name = &run.name;
    if run.secret.is_empty() {
        return vec![Problem::new(
            "silent-file",
            format!(
                "{name}'s profile names no variable that holds the secret: add it as [[secret]], or make it with `countersign profile adopt`"
            ),
        )];
    }
    let mut texts: Vec<String> = Vec::new();
    let secrets = [("", context.secret.as_deref()), ("the previous secret: ", context.previous.as_deref())];
    for (lead, secret) in secrets.into_iter().filter(|(_, secret)| secret.is_some()) {
        let refused = silent_files(run, secret).err().unwrap_or_default();
        for text in refused.iter().map(|text: &String| context.masked(text)) {
            // What both meet is not the secret's fault.
            if !texts.iter().any(|known| known.ends_with(text.as_str())) {
                texts.push(format!("{lead}{text}"));
            }
        }
    }
    texts.into_iter().map(|text| Problem::new("silent-file", format!("{name}: {text}"))).collect()
}

/// Whether the product's folder is as the run needs it.
fn standing(run: &InstallerRun) -> Option<Problem> {
    let (name, home) = (&run.name, run.home.display());
    let problem = |text: String| Some(Problem::new("product", text));
    if run.back != Back::Again {
        let taken = run.home.exists();
        return if taken {
            problem(format!("{name} is to be installed in {home}, and something is there: use `countersign configure`"))
        } else {
            None
        };
    }
    let meta = match std::fs::metadata(&run.home) {
        Ok(meta) if meta.is_dir() => meta,
        Ok(_) => return problem(format!("{name}'s folder {home} is no folder: correct its profile")),
        Err(error) => return problem(format!("{name}'s folder {home} cannot be used ({error}): correct its profile")),
    };
    let us = rustix::process::geteuid();
    (!us.is_root() && meta.uid() != us.as_raw()).then(|| {
        let text = format!(
            "{name} in {home} belongs to the user with id {}, whose installer must run as that user: run countersign as \
             that user",
            meta.uid()
        );
        Problem::new("other-user", text)
    })
}

/// Whether the product's own command lists it, where the profile has one.
fn unlisted(run: &InstallerRun, profile: &Profile) -> Option<Problem> {
    let values = Values::default().with("home", run.home.display().to_string());
    let deadline = Duration::from_secs(profile.lifecycle.deadline);
    profile.detect.commands.iter().find_map(|command| {
        let command = values.fill_all(command);
        let text = match listed(&command, &profile.detect.lists, deadline) {
            Ok(Some(_)) => return None,
            Ok(None) => {
                format!("{} does not list {}: is it installed in {}?", command.join(" "), run.name, run.home.display())
            }
            Err(why) => why,
        };
        Some(Problem::new("product", text))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn patterns_that_cannot_be_used_are_told_before_the_installer_runs() {
        let texts = |text: &str| vec![text.to_owned()];
        let run = InstallerRun {
            product: "x".into(),
            name: "X".into(),
            home: "/".into(),
            command: texts("true"),
            back: Back::Again,
            silent: "/nowhere".into(),
            work: "/nowhere".into(),
            set: vec![],
            select: vec![],
            secret: vec![],
            log: "/nowhere".into(),
            success: texts("("),
            failure: texts("x{60000}{60000}"),
            deadline: 1,
        };
        let problems = of(&run, &Context::default());
        let patterns: Vec<&str> =
            problems.iter().filter(|problem| problem.code == "pattern").map(|problem| problem.text.as_str()).collect();
        assert_eq!(patterns.len(), 2, "{problems:#?}");
        assert!(patterns[0].starts_with("X's installer: the pattern `(` cannot be used"), "{}", patterns[0]);
    }
}
