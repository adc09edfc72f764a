//! Rotating again and again: the units in the estate that do it, and when the next rotation is due.

mod due;
mod period;
mod units;

pub use due::{Rotation, rotation};
pub use period::{NoPeriod, Period};

use std::io;
use std::path::{Path, PathBuf};
use std::str::FromStr;

use serde::Serialize;
use thiserror::Error;

use units::Setting;

/// Name of the folder below the estate.
pub const FOLDER: &str = "schedule";
/// The unit that rotates.
const SERVICE: &str = "countersign-rotate.service";
/// The unit that says when.
const TIMER: &str = "countersign-rotate.timer";
/// The shortest period: below it a window would hardly end before the next rotation.
const LEAST: u64 = 3600;
/// There when systemd runs this machine.
const SYSTEMD: &str = "/run/systemd/system";

/// What `--every` takes: a period, or `off`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Every {
    /// Rotate whenever this much time has passed.
    Period(Period),
    /// Rotate no more by itself.
    Off,
}

/// A schedule that stands in the estate, and how it is installed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Schedule {
    /// Between two rotations.
    pub every: Period,
    /// The unit that rotates.
    pub service: PathBuf,
    /// The unit that says when.
    pub timer: PathBuf,
    /// The commands that install it, to be run as root.
    pub install: [String; 2],
    /// The line for a crontab, where systemd does not run.
    pub cron: String,
    /// Whether systemd runs this machine.
    pub systemd: bool,
}

/// Why no schedule could be written.
#[derive(Debug, Error)]
pub enum ScheduleError {
    /// A file cannot be written or read.
    #[error("{0} cannot be used: {1}")]
    Io(PathBuf, io::Error),
    /// A path that cannot stand in a unit.
    #[error("{} cannot stand in a systemd unit: its name is no plain text", .0.display())]
    Path(PathBuf),
    /// Too often.
    #[error("every {0} is too often: the least is 1h")]
    TooOften(Period),
}

impl FromStr for Every {
    type Err = NoPeriod;

    fn from_str(text: &str) -> Result<Self, NoPeriod> {
        if text == "off" { Ok(Self::Off) } else { text.parse().map(Self::Period) }
    }
}

/// Writes timer and service into the estate, in the place of earlier ones. They do nothing before they are installed.
///
/// # Errors
/// A period under an hour, a path that no unit can name, or a file that cannot be written.
pub fn write(dir: &Path, every: Period) -> Result<Schedule, ScheduleError> {
    if every.seconds() < LEAST {
        return Err(ScheduleError::TooOften(every));
    }
    let program = std::env::current_exe().map_err(|error| ScheduleError::Io("this program".into(), error))?;
    let setting = Setting::new(&program, dir, every)?;
    let folder = dir.join(FOLDER);
    let (service, timer) = (folder.join(SERVICE), folder.join(TIMER));
    let failed = |path: &Path| {
        let path = path.to_owned();
        |error| ScheduleError::Io(path, error)
    };
    crate::fs::create_folders(&folder).map_err(failed(&folder))?;
    for (path, text) in [(&service, setting.service()), (&timer, setting.timer())] {
        crate::fs::replace(path, text.as_bytes(), crate::fs::PRIVATE_FILE).map_err(failed(path))?;
    }
    let install = [
        format!("systemctl link {} {}", in_shell(&service), in_shell(&timer)),
        format!("systemctl enable --now {TIMER}"),
    ];
    let systemd = Path::new(SYSTEMD).is_dir();
    Ok(Schedule { every, service, timer, install, cron: setting.cron(), systemd })
}

/// Removes timer and service from the estate; `false` when there were none.
///
/// # Errors
/// They cannot be removed.
pub fn remove(dir: &Path) -> io::Result<bool> {
    let folder = dir.join(FOLDER);
    let there = folder.is_dir();
    crate::fs::remove_folder(&folder).map(|()| there)
}

/// What to do with a schedule that was written, for people.
pub fn describe(schedule: &Schedule) -> String {
    let [link, enable] = &schedule.install;
    let mut text = format!(
        "A rotation every {} is written to {}. To install it, as root:\n  {link}\n  {enable}\n",
        schedule.every,
        schedule.timer.parent().unwrap_or(&schedule.timer).display(),
    );
    if !schedule.systemd {
        text.extend([
            "systemd does not run this machine. A crontab does the same with the line\n  ",
            &schedule.cron,
            "\n",
        ]);
    }
    text
}

/// What to do after a schedule was removed, for people: the machine may still know it.
pub fn describe_removal() -> String {
    format!(
        "The schedule is removed. Where it was installed, as root:\n  systemctl disable --now {TIMER}\n  systemctl daemon-reload\n"
    )
}

/// The period of the schedule that stands in the estate; `None` when there is none.
pub fn read(dir: &Path) -> Option<Period> {
    units::every(&std::fs::read_to_string(dir.join(FOLDER).join(TIMER)).ok()?)
}

/// A path as one word of a shell's line.
fn in_shell(path: &Path) -> String {
    let text = path.display().to_string();
    let plain = |character: char| character.is_ascii_alphanumeric() || "/._-+:@".contains(character);
    if text.chars().all(plain) { text } else { format!("'{}'", text.replace('\'', r"'\''")) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_schedule_is_written_read_described_and_removed() {
        let dir = tempfile::tempdir().expect("a folder");
        assert_eq!(read(dir.path()), None);
        let every: Period = "90d".parse().expect("a period");
        let schedule = write(dir.path(), every).expect("written");
        assert_eq!(read(dir.path()), Some(every));
        let text = describe(&schedule);
        assert!(text.contains("systemctl link ") && text.contains("systemctl enable --now countersign-rotate.timer"));
        assert_eq!(text.contains("status --due &&"), !schedule.systemd, "{text}");
        assert!(remove(dir.path()).expect("removed"));
        assert!(!remove(dir.path()).expect("nothing there"));
        assert_eq!(read(dir.path()), None);
    }

    #[test]
    fn too_often_is_refused_and_nothing_is_written() {
        let dir = tempfile::tempdir().expect("a folder");
        assert!(matches!(write(dir.path(), "59m".parse().expect("a period")), Err(ScheduleError::TooOften(_))));
        assert!(!dir.path().join(FOLDER).exists());
    }

    #[test]
    fn every_is_a_period_or_off() {
        assert_eq!("off".parse(), Ok(Every::Off));
        assert_eq!("1d".parse(), Ok(Every::Period(Period::days(1))));
        assert!("never".parse::<Every>().is_err());
    }
}
