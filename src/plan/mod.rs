//! Answers and what was detected become steps and a diff. Pure: no input or output.

mod configure;
pub mod diff;
pub(crate) mod edit;
mod install;
pub mod repositories;
pub mod rotate;
mod settings;
mod site;
mod step;
mod uninstall;
mod whose;
mod written;

pub use configure::{Client, Found, NewSecret, configure};
pub use install::{install, process, start};
pub use settings::Settings;
pub use site::{SiteFound, SiteSecret, silent_folder, site};
pub use step::{Back, InstallerRun, NewValue, Online, Phase, Process, Spot, Step, TakeOver};
pub use uninstall::{ASIDE, uninstall};

use std::fmt;
use std::path::PathBuf;

use serde::{Deserialize, Serialize};

/// What will be done, in order.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Plan {
    /// What the plan is for: `install`, `start`, `configure`, `rotate`, `uninstall`.
    pub act: String,
    /// The estate's folder, absolute.
    pub dir: PathBuf,
    /// The steps. Each can be undone.
    pub steps: Vec<Step>,
    /// What is done after the commit. None of it can be undone, each of it can be repeated.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub finish: Vec<Step>,
    /// The processes that run before, in the order in which they start: they run again when all is put back.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub running: Vec<Process>,
    /// What people have to do besides, on other hosts: one line each.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub still_to_do: Vec<String>,
    /// What people should know of the products before they consent: one line each.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub remarks: Vec<String>,
}

/// How much a plan touches.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize)]
pub struct Counts {
    /// Files written.
    pub files: usize,
    /// Places that get the secret.
    pub places: usize,
    /// Processes that take the secret over without a stop.
    pub reloads: usize,
    /// Processes started.
    pub starts: usize,
    /// Processes stopped.
    pub stops: usize,
    /// Components registered.
    pub registrations: usize,
    /// Runs of a vendor's installer.
    pub installers: usize,
}

impl Plan {
    /// Counts what is touched.
    pub fn counts(&self) -> Counts {
        Counts::of(&self.steps)
    }

    /// Whether anything would be done.
    pub fn is_empty(&self) -> bool {
        self.steps.is_empty() && self.finish.is_empty()
    }
}

impl Counts {
    /// Counts what these steps touch.
    pub fn of(steps: &[Step]) -> Self {
        let count = |wanted: fn(&Step) -> bool| steps.iter().filter(|step| wanted(step)).count();
        let written = |count: fn(&[Spot], &[Online], &[TakeOver]) -> usize| -> usize {
            let counted = |step: &Step| match step {
                Step::WriteSecret { spots, online, takes_over, .. } => count(spots, online, takes_over),
                _ => 0,
            };
            steps.iter().map(counted).sum()
        };
        Self {
            files: count(|step| {
                use Step::{CreateFile, CreatePlace, EditFile, SetValues};
                matches!(step, CreateFile { .. } | CreatePlace { .. } | EditFile { .. } | SetValues { .. })
            }) + written(|spots, _, _| files(spots)),
            places: steps.iter().map(created).sum::<usize>() + written(|spots, online, _| spots.len() + online.len()),
            reloads: written(|_, _, takes_over| takes_over.len() - restarts(takes_over)),
            starts: count(|step| matches!(step, Step::Start(_))) + written(|_, _, takes_over| restarts(takes_over)),
            stops: count(|step| matches!(step, Step::Stop(_))) + written(|_, _, takes_over| restarts(takes_over)),
            registrations: count(|step| matches!(step, Step::Register { .. })),
            installers: count(|step| matches!(step, Step::RunInstaller(_))),
        }
    }
}

fn created(step: &Step) -> usize {
    match step {
        Step::CreatePlace { twins, .. } => 1 + twins.len(),
        _ => 0,
    }
}

fn restarts(takes_over: &[TakeOver]) -> usize {
    takes_over.iter().filter(|one| matches!(one, TakeOver::Restart(_))).count()
}

/// In how many files these are: twins may share one.
fn files(spots: &[Spot]) -> usize {
    spots.iter().map(|spot| &spot.path).collect::<std::collections::BTreeSet<_>>().len()
}

impl Counts {
    /// The same where there is little room: `2 files, 1 place, 1 start`.
    pub fn in_short(&self) -> String {
        self.to_string().replace(" for the secret", "").replace(" of an installer", "")
    }
}

impl fmt::Display for Counts {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let parts = [
            (self.files, "file"),
            (self.places, "place for the secret"),
            (self.reloads, "reload"),
            (self.stops, "stop"),
            (self.starts, "start"),
            (self.registrations, "registration"),
            (self.installers, "run of an installer"),
        ];
        let mut first = true;
        for (count, word) in parts.into_iter().filter(|(count, _)| *count > 0) {
            let separator = if first { "" } else { ", " };
            let word = if count == 1 { word.to_owned() } else { plural(word) };
            write!(f, "{separator}{count} {word}")?;
            first = false;
        }
        if first { f.write_str("nothing to do") } else { Ok(()) }
    }
}

fn plural(word: &str) -> String {
    match word.split_once(' ') {
        Some((noun, rest)) => format!("{noun}s {rest}"),
        None => format!("{word}s"),
    }
}

#[cfg(test)]
mod tests {
    use super::Counts;

    #[test]
    fn counts_read_as_a_person_would_say_them() {
        let counts = Counts { files: 10, places: 2, starts: 3, registrations: 1, ..Counts::default() };
        assert_eq!(counts.to_string(), "10 files, 2 places for the secret, 3 starts, 1 registration");
        assert_eq!(Counts::default().to_string(), "nothing to do");
    }
}
