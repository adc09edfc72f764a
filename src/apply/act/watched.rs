//! What the logs of a product say of its registrations after a start.

use std::time::{Duration, Instant};

use super::ActError;
use crate::estate::Watching;
use crate::logfile::{Follower, Patterns, Said};
use crate::profile::component_name;

/// What all logs together say.
#[derive(Debug, PartialEq, Eq)]
pub enum Seen {
    /// Every one of them: accepted.
    Accepted,
    /// One of them: refused. The line.
    Refused(String),
    /// One of them: the authority holds the request. The line.
    Pending(String),
    /// One of them nothing that its patterns fit. What it said instead.
    Unclear(String),
}

/// Logs that are followed from a moment on.
pub struct Watched<'a>(Vec<(&'a Watching, Patterns, Follower)>);

/// Begins at the end of each log: what was said before does not count.
pub fn begin(watches: &[Watching]) -> Result<Watched<'_>, ActError> {
    watches.iter().map(follow).collect::<Result<_, _>>().map(Watched)
}

fn follow(watch: &Watching) -> Result<(&Watching, Patterns, Follower), ActError> {
    let follower =
        Follower::at_end(&watch.log, &watch.encoding).map_err(|error| ActError::File(watch.log.clone(), error))?;
    Ok((watch, patterns(watch)?, follower))
}

impl Watched<'_> {
    /// Waits until each log says something, or its deadline is over. A product that said itself that it failed has
    /// written all it will write.
    pub fn wait(self, failed: bool) -> Seen {
        let since = Instant::now();
        let mut seen = Seen::Accepted;
        for (watch, patterns, mut follower) in self.0 {
            let deadline = if failed { Duration::ZERO } else { Duration::from_secs(watch.deadline) };
            let said = follower.wait(&patterns, deadline.saturating_sub(since.elapsed()));
            let name = component_name(&watch.component);
            match said {
                Said::Aligned(_) => {}
                Said::Differs(line) => return Seen::Refused(format!("{name} was refused: {line}")),
                Said::Pending(line) => seen = seen.or(Seen::Pending(line)),
                Said::Silent(lines) => seen = seen.or(Seen::Unclear(unclear(watch, name, &lines))),
            }
        }
        seen
    }
}

impl Seen {
    /// The one that weighs more: what cannot be told before what is pending before what is accepted.
    fn or(self, other: Self) -> Self {
        match (&self, &other) {
            (Self::Refused(_) | Self::Unclear(_), _) | (Self::Pending(_), Self::Pending(_) | Self::Accepted) => self,
            _ => other,
        }
    }
}

fn patterns(watch: &Watching) -> Result<Patterns, ActError> {
    Patterns::new(&watch.aligned, &watch.differs, &watch.pending)
        .map_err(|error| ActError::Other(format!("{}: {error}", watch.log.display())))
}

fn unclear(watch: &Watching, name: &str, lines: &[String]) -> String {
    let log = watch.log.display();
    let head = format!("{log} does not say within {} s what became of {name}'s registration", watch.deadline);
    if lines.is_empty() {
        format!("{head}: nothing was written into it")
    } else {
        format!("{head}; its last lines: {}", lines.join(" | "))
    }
}
