//! What the system tells of a process.

use std::time::Duration;

/// The unit of times in `/proc/PID/stat` (`USER_HZ`, which is the same on all of Linux's processors of today).
const TICK: Duration = Duration::from_millis(10);

/// What a process had spent at a moment.
pub struct Used {
    pid: u32,
    time: Duration,
}

impl Used {
    /// Up to now.
    pub fn by(pid: u32) -> Self {
        Self { pid, time: spent(pid) }
    }

    /// From then to now.
    pub fn since(&self) -> Duration {
        spent(self.pid).saturating_sub(self.time)
    }
}

/// User and system time.
fn spent(pid: u32) -> Duration {
    let stat = std::fs::read_to_string(format!("/proc/{pid}/stat")).expect("a process");
    // Behind the name, which may hold anything, the fields 14 and 15 are the 12th and 13th.
    let (_, fields) = stat.rsplit_once(')').expect("a name");
    let ticks = fields.split_whitespace().skip(11).take(2).map(|ticks| ticks.parse::<u32>().expect("ticks"));
    TICK * ticks.sum()
}

/// Its resident memory, in MB.
pub fn resident(pid: u32) -> f64 {
    let status = std::fs::read_to_string(format!("/proc/{pid}/status")).expect("a process");
    let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:")).expect("its memory");
    let kilobytes: u32 = line.trim().trim_end_matches(" kB").parse().expect("a number");
    f64::from(kilobytes) / 1024.0
}
