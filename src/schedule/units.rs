//! The systemd units and the cron line that rotate when a rotation is due.
//!
//! A timer of systemd cannot say "every 90 days" so that it outlasts a restart of the machine, and cron not at all. So
//! both ask often, and the rotation begins only when `status --due` ends with 0.

use std::os::unix::fs::MetadataExt;
use std::path::Path;

use super::{Period, ScheduleError};

/// A day.
const DAY: Period = Period::days(1);

/// What the units are made from.
pub(super) struct Setting<'a> {
    /// This program.
    pub program: &'a str,
    /// The estate's folder.
    pub estate: &'a str,
    /// Whose the estate is, when it is not root's: the service runs as this user.
    pub owner: Option<u32>,
    /// Between two rotations.
    pub every: Period,
}

impl<'a> Setting<'a> {
    /// For the estate in this folder.
    pub(super) fn new(program: &'a Path, estate: &'a Path, every: Period) -> Result<Self, ScheduleError> {
        let owner = std::fs::metadata(estate).map_err(|error| ScheduleError::Io(estate.into(), error))?.uid();
        let owner = (owner != 0).then_some(owner);
        Ok(Self { program: usable(program)?, estate: usable(estate)?, owner, every })
    }

    /// How often is asked whether a rotation is due: daily, or hourly where the period is short.
    fn asked(&self) -> &'static str {
        if self.every > DAY { "daily" } else { "hourly" }
    }

    /// The service: one rotation, if it is due.
    pub(super) fn service(&self) -> String {
        let (program, estate) = (quoted(self.program), quoted(self.estate));
        let user = self.owner.map_or(String::new(), |uid| format!("User={uid}\n"));
        // A private /tmp would hide an estate that lies there.
        let tmp =
            if ["/tmp", "/var/tmp"].iter().any(|tmp| Path::new(self.estate).starts_with(tmp)) { "no" } else { "yes" };
        format!(
            "# Written by `countersign rotate --every {every}`. There is no secret in it.\n\
             [Unit]\n\
             Description=Rotate the shared secret of the estate in {shown}\n\
             Wants=network-online.target\n\
             After=network-online.target\n\
             \n\
             [Service]\n\
             Type=oneshot\n\
             {user}\
             # Goes on only when a rotation is due.\n\
             ExecCondition=:{program} --estate {estate} status --due\n\
             ExecStart=:{program} --estate {estate} rotate --yes --json\n\
             # An engine that had to be started anew stays when the rotation is over.\n\
             KillMode=process\n\
             NoNewPrivileges=yes\n\
             PrivateTmp={tmp}\n\
             ProtectSystem=full\n\
             ReadWritePaths={estate}\n\
             ProtectControlGroups=yes\n\
             ProtectKernelModules=yes\n\
             ProtectKernelTunables=yes\n\
             RestrictRealtime=yes\n\
             RestrictSUIDSGID=yes\n\
             LockPersonality=yes\n\
             SystemCallArchitectures=native\n\
             LimitCORE=0\n\
             UMask=0077\n",
            every = self.every,
            shown = self.estate.replace('%', "%%"),
        )
    }

    /// The timer. What was missed while the machine was off is made up for.
    pub(super) fn timer(&self) -> String {
        format!(
            "# Written by `countersign rotate --every {every}`.\n\
             [Unit]\n\
             Description=Ask {asked} whether the shared secret is to be rotated\n\
             \n\
             [Timer]\n\
             OnCalendar={asked}\n\
             RandomizedDelaySec=10min\n\
             Persistent=yes\n\
             \n\
             [Install]\n\
             WantedBy=timers.target\n\
             \n\
             # systemd leaves this to countersign.\n\
             [X-Countersign]\n\
             Every={every}\n",
            every = self.every,
            asked = self.asked(),
        )
    }

    /// The same for cron: a line of the estate's owner's crontab.
    pub(super) fn cron(&self) -> String {
        // cron takes a percent sign for the end of the line.
        let word = |text: &str| format!("'{}'", text.replace('\'', r"'\''")).replace('%', r"\%");
        let command = format!("{} --estate {}", word(self.program), word(self.estate));
        let when = if self.every > DAY { "17 3 * * *" } else { "17 * * * *" };
        format!("{when} {command} status --due && {command} rotate --yes --json")
    }
}

/// The period in a timer's text.
pub(super) fn every(timer: &str) -> Option<Period> {
    timer.lines().find_map(|line| line.strip_prefix("Every="))?.parse().ok()
}

fn usable(path: &Path) -> Result<&str, ScheduleError> {
    let text = path.to_str().filter(|text| !text.contains(char::is_control));
    text.ok_or_else(|| ScheduleError::Path(path.into()))
}

/// A word of a unit's command line.
fn quoted(text: &str) -> String {
    format!("\"{}\"", text.replace('\\', r"\\").replace('"', "\\\"").replace('%', "%%"))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn setting(every: &str) -> Setting<'static> {
        let every = every.parse().expect("a period");
        Setting { program: "/opt/counter sign", estate: "/srv/100% ours", owner: Some(990), every }
    }

    #[test]
    fn names_with_signs_of_their_own_stay_whole() {
        let service = setting("90d").service();
        let start = "ExecStart=:\"/opt/counter sign\" --estate \"/srv/100%% ours\" rotate --yes --json\n";
        assert!(service.contains(start), "{service}");
        assert!(service.contains("\nUser=990\n"), "{service}");
        let cron = r"17 3 * * * '/opt/counter sign' --estate '/srv/100\% ours' status --due && ";
        assert!(setting("90d").cron().starts_with(cron), "{}", setting("90d").cron());
    }

    #[test]
    fn the_timer_tells_its_period_and_asks_often_enough() {
        for (text, asked) in [("90d", "daily"), ("1d", "hourly"), ("6h", "hourly")] {
            let timer = setting(text).timer();
            assert!(timer.contains(&format!("OnCalendar={asked}\n")), "{timer}");
            assert_eq!(every(&timer).map(Period::seconds), Some(setting(text).every.seconds()));
        }
    }

    #[test]
    fn a_path_that_no_unit_can_name_is_refused() {
        assert!(usable(Path::new("/srv/a\nb")).is_err());
    }
}
