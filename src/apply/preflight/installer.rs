//! Runs of a vendor's installer: the product is there and ours to change, its recorded silent files can be read and hold
//! every secret that a run may have to put in.

use std::os::unix::fs::MetadataExt;
use std::time::Duration;

use regex::Regex;

use super::Problem;
use crate::apply::Context;
use crate::apply::act::silent_files;
use crate::estate::capture::{End, capture};
use crate::estate::command::Input;
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
        problems.extend(profile.and_then(|profile| listed(run, profile)));
    }
    if let (Some(profile), Some(secret)) = (profile, context.secret.as_deref()) {
        problems.extend(profile.place.iter().filter(|place| place.file.is_empty()).filter_map(|place| {
            let text =
                format!("the secret cannot stand in {}: {}", component_name(&place.component), place.refuses(secret)?);
            Some(Problem::new("secret-not-accepted", text))
        }));
    }
    problems.extend(silent(run, context));
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
fn listed(run: &InstallerRun, profile: &Profile) -> Option<Problem> {
    let values = Values::default().with("home", run.home.display().to_string());
    let lists: Vec<Regex> = profile.detect.lists.iter().filter_map(|pattern| Regex::new(pattern).ok()).collect();
    let deadline = Duration::from_secs(profile.lifecycle.deadline);
    let name = &run.name;
    profile.detect.commands.iter().find_map(|command| {
        let command = values.fill_all(command);
        let shown = command.join(" ");
        let problem = |text: String| Some(Problem::new("product", text));
        match capture(&command, Input::Nothing, deadline) {
            Err(error) => problem(format!("{shown}, which lists what is installed, cannot be started: {error}")),
            Ok(captured) if matches!(captured.end, End::Late(_)) => {
                problem(format!("{shown}, which lists what is installed, did not end within {} s", deadline.as_secs()))
            }
            Ok(captured) => {
                let bytes = captured.output.bytes();
                let text = String::from_utf8_lossy(&bytes);
                let found = lists.is_empty() || lists.iter().any(|pattern| pattern.is_match(&text));
                if found {
                    None
                } else {
                    problem(format!("{shown} does not list {name}: is it installed in {}?", run.home.display()))
                }
            }
        }
    })
}
